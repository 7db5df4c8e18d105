import Glibc
import Reactor
import Synchronization
import Testing

@Suite("Event loop") struct EventLoopTests {
    private static func withLoops(_ count: Int = 1, _ body: (EventLoopGroup) async throws -> Void) async rethrows {
        let group = EventLoopGroup(count: count, name: "test-loop")
        defer { group.shutdown() }
        try await body(group)
    }

    @Test func `a closure runs on the loop's thread`() async {
        await Self.withLoops { group in
            let loop = group.loops[0]
            #expect(EventLoop.current == nil)
            #expect(!loop.isCurrent)
            let seen = await withCheckedContinuation { continuation in
                loop.execute { continuation.resume(returning: EventLoop.current === loop && loop.isCurrent) }
            }
            #expect(seen)
        }
    }

    @Test func `a task with the loop as preferred executor stays on it across awaits`() async {
        await Self.withLoops(2) { group in
            let loop = group.loops[1]
            let steps = await Task(executorPreference: loop) {
                let before = loop.isCurrent
                await Task.yield()
                async let child = loop.isCurrent
                return [before, await child, loop.isCurrent]
            }.value
            #expect(steps == [true, true, true])
        }
    }

    @Test func `an actor pinned to a loop runs on it`() async {
        await Self.withLoops { group in
            let pinned = Pinned(loop: group.loops[0])
            #expect(await pinned.isOnItsLoop())
            await withTaskGroup { tasks in
                for _ in 0..<100 { tasks.addTask { await pinned.increment() } }
            }
            #expect(await pinned.count == 100)
        }
    }

    @Test func `closures run in the order of arrival`() async {
        await Self.withLoops { group in
            let loop = group.loops[0]
            let order = Mutex<[Int]>([])
            await withCheckedContinuation { continuation in
                for number in 0..<1_000 { loop.execute { order.withLock { $0.append(number) } } }
                loop.execute { continuation.resume() }
            }
            #expect(order.withLock { $0 } == Array(0..<1_000))
        }
    }

    @Test func `timers fire in the order of their delays and not before them`() async {
        await Self.withLoops { group in
            let loop = group.loops[0]
            let start = ContinuousClock.now
            let order = Mutex<[Int]>([])
            await withCheckedContinuation { continuation in
                loop.schedule(after: .milliseconds(60)) {
                    order.withLock { $0.append(60) }
                    continuation.resume()
                }
                loop.schedule(after: .milliseconds(20)) { order.withLock { $0.append(20) } }
                loop.schedule(after: .milliseconds(-5)) { order.withLock { $0.append(0) } }
            }
            #expect(order.withLock { $0 } == [0, 20, 60])
            // The coarse clock may be one kernel tick behind.
            #expect(start.duration(to: .now) >= .milliseconds(55))
        }
    }

    @Test func `a cancelled timer never fires, from any thread and any number of times`() async {
        await Self.withLoops { group in
            let loop = group.loops[0]
            let fired = Counter()
            let timers = (0..<50).map { _ in
                loop.schedule(after: .milliseconds(30)) { fired.increment() }
            }
            for timer in timers { timer.cancel() }
            for timer in timers { timer.cancel() }
            await withCheckedContinuation { continuation in
                loop.execute {
                    let own = loop.schedule(after: .zero) { fired.increment() }
                    own.cancel()
                    loop.schedule(after: .milliseconds(60)) { continuation.resume() }
                }
            }
            let count = fired.value
            #expect(count == 0)
        }
    }

    @Test func `endless jobs do not starve timers and descriptors`() async {
        await Self.withLoops { group in
            let loop = group.loops[0]
            let isDone = Mutex(false)
            @Sendable func spin() {
                guard !isDone.withLock({ $0 }) else { return }
                loop.execute { spin() }
            }
            let pipe = Pipe()
            spin()
            await withCheckedContinuation { continuation in
                loop.execute {
                    let watch = Mutex<DescriptorWatch?>(nil)
                    watch.withLock {
                        $0 = loop.watchReadable(descriptor: pipe.reading) {
                            watch.withLock { $0.take() }?.close()
                            loop.schedule(after: .milliseconds(1)) { continuation.resume() }
                        }
                    }
                }
                pipe.write()
            }
            isDone.withLock { $0 = true }
        }
    }

    @Test func `the turn-end hook runs after the last job of the turn`() async {
        await Self.withLoops { group in
            let loop = group.loops[0]
            let log = Mutex<[String]>([])
            await withCheckedContinuation { continuation in
                loop.execute {
                    let hook = Mutex<TurnEndHook?>(nil)
                    hook.withLock {
                        $0 = loop.onTurnEnd {
                            log.withLock { $0.append("flush") }
                            hook.withLock { $0.take() }?.close()
                            loop.execute { continuation.resume() }
                        }
                    }
                    // Work that work hands in belongs to the same turn.
                    loop.execute {
                        log.withLock { $0.append("first") }
                        loop.execute { log.withLock { $0.append("second") } }
                    }
                }
            }
            #expect(log.withLock { $0 } == ["first", "second", "flush"])
        }
    }

    @Test func `the event base is lent on the loop and the lag is measured`() async {
        await Self.withLoops { group in
            let loop = group.loops[0]
            let isLent = await Task(executorPreference: loop) { loop.withEventBase { UInt(bitPattern: $0) != 0 } }.value
            #expect(isLent)
            #expect(loop.lag >= .zero)
        }
    }

    @Test func `shutdown runs what was handed in before it and may be called twice`() {
        let group = EventLoopGroup(count: 3, name: "test-loop")
        let count = Counter()
        for _ in 0..<3_000 { group.next().execute { count.increment() } }
        group.shutdown()
        group.shutdown()
        let before = count.value
        #expect(before == 3_000)
        group.loops[0].execute { count.increment() }
        let after = count.value
        #expect(after == 3_000)
    }

    @Test func `work from many threads wakes sleeping loops without loss`() async {
        await Self.withLoops(2) { group in
            let total = await withTaskGroup(of: Int.self) { tasks in
                for worker in 0..<8 {
                    tasks.addTask {
                        var sum = 0
                        for _ in 0..<500 {
                            let loop = group.loops[worker % 2]
                            sum += await withCheckedContinuation { continuation in
                                loop.execute { continuation.resume(returning: 1) }
                            }
                        }
                        return sum
                    }
                }
                return await tasks.reduce(0, +)
            }
            #expect(total == 4_000)
        }
    }
}

private actor Pinned {
    private let loop: EventLoop
    private(set) var count = 0

    init(loop: EventLoop) {
        self.loop = loop
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    func isOnItsLoop() -> Bool {
        assertIsolated()
        return loop.isCurrent
    }

    func increment() async {
        let before = count
        count = before + 1
    }
}

private final class Pipe: Sendable {
    let reading: Int32
    private let writing: Int32

    init() {
        var ends: [Int32] = [0, 0]
        precondition(pipe(&ends) == 0)
        (reading, writing) = (ends[0], ends[1])
    }

    deinit {
        close(reading)
        close(writing)
    }

    func write() {
        var byte: UInt8 = 1
        _ = Glibc.write(writing, &byte, 1)
    }
}
