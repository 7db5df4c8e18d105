internal import Synchronization

/// A fixed set of threads, each with a state of its own, that take blocking work from one bounded queue.
///
/// The state (a database connection, a memory arena) is made, used and dropped on its thread and never leaves it,
/// so it need be neither `Sendable` nor copyable. Callers await their result; the continuation resumes on the
/// awaiting task's own executor.
package final class WorkerPool<State: ~Copyable>: Sendable {
    private let desk: Monitor<Desk<State>>
    private let threads: [NamedThread]
    private let isJoined = Atomic<Bool>(false)
    private let handedOver = Atomic<Int>(0)

    /// Starts the threads and waits until each has made its state.
    ///
    /// - Parameters:
    ///   - name: Names the threads `name-0`, `name-1` …; the kernel keeps 15 bytes.
    ///   - threads: How many threads, at least 1.
    ///   - queueLimit: How many pieces of work may wait, not counting those that run; at least 1.
    ///   - niceness: 0 to 19; above 0 the threads yield the cores to the loops when both want them.
    ///   - rounds: What goes before and after the pieces of work that a thread takes together.
    ///   - makeState: Called once on each thread with its index.
    /// - Throws: What `makeState` threw first; the other threads have then ended.
    package init<Failure: Error>(
        name: String, threads: Int, queueLimit: Int, niceness: Int = 0,
        rounds: WorkRounds<State> = WorkRounds(),
        makeState: @escaping @Sendable (Int) throws(Failure) -> State
    ) throws(Failure) {
        precondition(threads > 0 && queueLimit > 0, "a pool needs a thread and a place in its queue")
        let desk = Monitor(Desk<State>(limit: queueLimit, threads: threads))
        let starts = Monitor(StartTally<Failure>())
        let started = (0..<threads).map { index in
            NamedThread(name: "\(name)-\(index)", niceness: niceness) {
                serve(desk, starts: starts, rounds: rounds, index: index, makeState: makeState)
            }
        }
        let failure = starts.wait { tally in tally.reported == threads ? .some(tally.failure) : nil }
        if let failure {
            desk.withLock { $0.isClosed = true }
            desk.broadcast()
            for thread in started { thread.join() }
            throw failure
        }
        self.desk = desk
        self.threads = started
    }

    deinit {
        // Threads hold the desk, not the pool: an owner that forgot to shut down still lets them end.
        desk.withLock { $0.isClosed = true }
        desk.broadcast()
    }

    /// Runs blocking work on one of the threads and returns what it returns.
    ///
    /// - Throws: `BlockingPoolError.full` or `.shutDown` before any work was done, else what the work threw.
    package func run<Value: Sendable>(
        _ work: @escaping @Sendable (inout State) throws -> Value
    ) async throws -> Value {
        // A continuation that is resumed before it is awaited orders nothing that ThreadSanitizer can see: this does.
        defer { _ = handedOver.load(ordering: .acquiring) }
        // Unsafe for the sake of speed: an entry is refused here, or run once before its thread ends.
        return try await withUnsafeThrowingContinuation { (continuation: UnsafeContinuation<Value, any Error>) in
            let entry = PoolEntry<State> { state, settle in
                let result = Result { try work(&state) }
                // Counted before the caller goes on, so that it sees its own work among the finished.
                settle()
                self.handedOver.wrappingAdd(1, ordering: .releasing)
                continuation.resume(with: result)
            }
            if let refusal = hand(in: entry) { continuation.resume(throwing: refusal) }
        }
    }

    /// Has blocking work done on one of the threads without waiting for it; why it will not be done, if so.
    package func submit(_ work: @escaping @Sendable (inout State) -> Void) -> BlockingPoolError? {
        hand(
            in: PoolEntry<State> { state, settle in
                work(&state)
                settle()
            })
    }

    private func hand(in entry: PoolEntry<State>) -> BlockingPoolError? {
        if let refusal = desk.withLock({ $0.accept(entry) }) { return refusal }
        desk.signal()
        return nil
    }

    /// Counts and waiting times at this instant.
    package var statistics: PoolStatistics { desk.withLock { $0.statistics() } }

    /// Pieces of work that wait for a thread.
    package var queued: Int { statistics.queued }

    /// Pieces of work that a thread is busy with.
    package var running: Int { statistics.running }

    /// How long the work at the head of the queue has waited; `nil` when the queue is empty.
    package var oldestWait: Duration? { statistics.oldestWait }

    /// Refuses new work, finishes what is queued, and joins the threads; blocks until they have ended.
    ///
    /// Must not be called from one of the pool's threads. A second call returns at once.
    package func shutdown() {
        desk.withLock { $0.isClosed = true }
        desk.broadcast()
        guard !isJoined.exchange(true, ordering: .acquiringAndReleasing) else { return }
        for thread in threads { thread.join() }
    }
}

/// How a thread takes several pieces of work together, for states on which beginning costs more than working.
package struct WorkRounds<State: ~Copyable>: Sendable {
    let limit: Int
    let begin: @Sendable (inout State) -> Void
    let end: @Sendable (inout State) -> Void

    /// Makes rounds.
    ///
    /// - Parameters:
    ///   - limit: How many pieces of work a thread takes at most; 1 unless the pieces are short.
    ///   - begin: Called on the thread before the first piece.
    ///   - end: Called on the thread after the last piece, when all callers have their results.
    package init(
        limit: Int = 1, begin: @escaping @Sendable (inout State) -> Void = { _ in },
        end: @escaping @Sendable (inout State) -> Void = { _ in }
    ) {
        self.limit = limit
        self.begin = begin
        self.end = end
    }
}

/// One piece of queued work; the second argument is called when the work is done and before its result is told.
private struct PoolEntry<State: ~Copyable>: Sendable {
    let enqueued = ContinuousClock.now
    let body: @Sendable (inout State, () -> Void) -> Void
}

/// The queue and its counts, guarded by the pool's monitor.
private struct Desk<State: ~Copyable> {
    let limit: Int
    let threads: Int
    var isClosed = false
    private var queue = RingQueue<PoolEntry<State>>()
    private var tally = PoolStatistics()

    init(limit: Int, threads: Int) {
        self.limit = limit
        self.threads = threads
    }

    mutating func accept(_ entry: PoolEntry<State>) -> BlockingPoolError? {
        guard !isClosed else { return .shutDown }
        guard queue.count < limit else {
            tally.shed += 1
            return .full
        }
        queue.append(entry)
        return nil
    }

    /// A thread's fair share of what waits; empty at the end, `nil` when the thread should sleep.
    mutating func next(atMost most: Int) -> [PoolEntry<State>]? {
        guard queue.count > 0 else { return isClosed ? [] : nil }
        let share = min(most, (queue.count + threads - 1) / threads)
        let now = ContinuousClock.now
        var entries: [PoolEntry<State>] = []
        entries.reserveCapacity(share)
        while entries.count < share, let entry = queue.popFirst() {
            tally.running += 1
            tally.totalWait += entry.enqueued.duration(to: now)
            entries.append(entry)
        }
        return entries
    }

    mutating func settle() {
        tally.running -= 1
        tally.completed += 1
    }

    func statistics() -> PoolStatistics {
        var result = tally
        result.queued = queue.count
        result.oldestWait = queue.first.map { $0.enqueued.duration(to: .now) }
        return result
    }
}

/// How many threads have made, or failed to make, their state.
private struct StartTally<Failure: Error> {
    var reported = 0
    var failure: Failure?
}

private func serve<State: ~Copyable, Failure: Error>(
    _ desk: Monitor<Desk<State>>, starts: Monitor<StartTally<Failure>>, rounds: WorkRounds<State>, index: Int,
    makeState: @Sendable (Int) throws(Failure) -> State
) {
    do throws(Failure) {
        var state = try makeState(index)
        starts.withLock { $0.reported += 1 }
        starts.signal()
        while true {
            let entries = desk.wait { $0.next(atMost: rounds.limit) }
            guard !entries.isEmpty else { return }
            rounds.begin(&state)
            for entry in entries { entry.body(&state) { desk.withLock { $0.settle() } } }
            rounds.end(&state)
        }
    } catch {
        starts.withLock { tally in
            tally.reported += 1
            tally.failure = tally.failure ?? error
        }
        starts.signal()
    }
}
