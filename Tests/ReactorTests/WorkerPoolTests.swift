import Glibc
import Reactor
import Synchronization
import Testing

@Suite("Worker pools") struct WorkerPoolTests {
    @Test func `results and errors come back to the caller`() async throws {
        let pool = BlockingPool(name: "test", threads: 2, queueLimit: 10)
        defer { pool.shutdown() }
        #expect(try await pool.run { 42 } == 42)
        await #expect(throws: Rubbish.self) { try await pool.run { throw Rubbish() } }
        #expect(pool.statistics.completed == 2)
        #expect(pool.running == 0)
    }

    @Test func `a full queue refuses before any work and counts it`() async throws {
        let pool = BlockingPool(name: "test", threads: 1, queueLimit: 2)
        defer { pool.shutdown() }
        let gate = Gate()
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await pool.run { gate.pass() } }
            while pool.running < 1 { await Task.yield() }
            for _ in 0..<2 { tasks.addTask { try await pool.run {} } }
            while pool.queued < 2 { await Task.yield() }
            #expect(pool.oldestWait != nil)
            let ran = Atomic<Bool>(false)
            await #expect(throws: BlockingPoolError.full) {
                try await pool.run { ran.store(true, ordering: .relaxed) }
            }
            let hasRun = ran.load(ordering: .relaxed)
            #expect(!hasRun)
            gate.open()
            try await tasks.waitForAll()
        }
        let statistics = pool.statistics
        #expect(statistics.shed == 1)
        #expect(statistics.completed == 3)
        #expect(statistics.oldestWait == nil)
        #expect(statistics.totalWait > .zero)
    }

    @Test func `shutdown finishes what is queued and refuses what comes later`() async throws {
        let pool = BlockingPool(name: "test", threads: 1, queueLimit: 100)
        let gate = Gate()
        let done = Counter()
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await pool.run { gate.pass() } }
            // Tasks start in any order: whatever ran before the gate would never be queued behind it.
            while pool.running < 1 { await Task.yield() }
            for _ in 0..<50 { tasks.addTask { try await pool.run { done.increment() } } }
            while pool.queued < 50 { await Task.yield() }
            gate.open()
            pool.shutdown()
            try await tasks.waitForAll()
        }
        let count = done.value
        #expect(count == 50)
        await #expect(throws: BlockingPoolError.shutDown) { try await pool.run {} }
        pool.shutdown()
    }

    @Test func `each thread has its own state, made and dropped on it`() async throws {
        let ended = Counter()
        try await {
            let pool = WorkerPool(name: "test", threads: 3, queueLimit: 1_000) { _ in
                Tally(thread: pthread_self()) { ended.increment() }
            }
            defer { pool.shutdown() }
            let total = try await withThrowingTaskGroup(of: Int.self) { tasks in
                for _ in 0..<300 {
                    tasks.addTask {
                        try await pool.run { tally in
                            guard tally.thread == pthread_self() else { throw Rubbish() }
                            tally.count += 1
                            return 1
                        }
                    }
                }
                return try await tasks.reduce(0, +)
            }
            #expect(total == 300)
        }()
        let count = ended.value
        #expect(count == 3)
    }

    @Test func `a state that cannot be made is told to the maker of the pool`() {
        #expect(throws: Rubbish.self) {
            try WorkerPool<Int>(name: "test", threads: 3, queueLimit: 1) { index in
                if index == 1 { throw Rubbish() }
                return index
            }
        }
    }

    @Test func `threads are named, and nicer when asked`() async throws {
        let pool = BlockingPool(name: "a-rather-long-name", threads: 1, queueLimit: 1, niceness: 7)
        defer { pool.shutdown() }
        let (name, niceness) = try await pool.run {
            let file = open("/proc/thread-self/comm", O_RDONLY)
            defer { close(file) }
            var text = [UInt8](repeating: 0, count: 32)
            let count = read(file, &text, text.count)
            let name = String(decoding: text.prefix(max(count - 1, 0)), as: UTF8.self)
            return (name, getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0))
        }
        #expect(name == "a-rather-long-n")
        #expect(niceness == 7)
    }

    @Test func `a caller on a loop resumes on that loop`() async throws {
        let group = EventLoopGroup(count: 2, name: "test-loop")
        let pool = BlockingPool(name: "test", threads: 2, queueLimit: 1_000)
        defer {
            pool.shutdown()
            group.shutdown()
        }
        try await withThrowingTaskGroup(of: Bool.self) { tasks in
            for number in 0..<200 {
                let loop = group.loops[number % 2]
                tasks.addTask(executorPreference: loop) {
                    for _ in 0..<5 { try await pool.run {} }
                    return loop.isCurrent
                }
            }
            for try await isOnLoop in tasks { #expect(isOnLoop) }
        }
    }
}

private struct Rubbish: Error {}

private struct Tally: ~Copyable {
    let thread: pthread_t
    var count = 0
    let onEnd: @Sendable () -> Void

    init(thread: pthread_t, onEnd: @escaping @Sendable () -> Void) {
        self.thread = thread
        self.onEnd = onEnd
    }

    deinit { onEnd() }
}

/// Holds threads back until it is opened.
private final class Gate: Sendable {
    private let isOpen = Atomic<Bool>(false)

    func pass() {
        while !isOpen.load(ordering: .acquiring) { sched_yield() }
    }

    func open() {
        isOpen.store(true, ordering: .releasing)
    }
}
