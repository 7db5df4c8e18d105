internal import AuthService
internal import Reactor
internal import Synchronization

/// One writer with group commit: what came in during a commit goes into the next one together.
///
/// Nothing waits for company: a unit that finds the writer idle is committed at once. A unit may run and be undone
/// again with its batch, so its closure must not change anything outside the transaction.
final class WriteQueue: Sendable {
    private let pool: WorkerPool<Writer>
    // A POSIX lock and not a `Mutex`: ThreadSanitizer does not see the contended path of the latter, and units made by
    // one thread are run by another.
    private let backlog: Monitor<WriteBacklog>
    private let groupLimit: Int

    /// Starts the writer's thread.
    ///
    /// - Parameters:
    ///   - limit: How many units may wait.
    ///   - groupLimit: How many units one transaction takes at most.
    ///   - makeWriter: Opens the connection on the thread.
    init(
        limit: Int, groupLimit: Int,
        makeWriter: @escaping @Sendable () throws(StoreOpeningFailure) -> Writer
    ) throws(StoreOpeningFailure) {
        // The thread is woken once for all that gathers, so one piece of work runs and at most one more waits.
        pool = try WorkerPool(name: "sql-write", threads: 1, queueLimit: 2) {
            (_: Int) throws(StoreOpeningFailure) in try makeWriter()
        }
        backlog = Monitor(WriteBacklog(limit: limit))
        self.groupLimit = groupLimit
    }

    /// Units that wait for the writer.
    var waiting: Int { backlog.withLock { $0.count } }

    /// Runs a unit of work in a transaction and returns its value after the commit.
    ///
    /// - Throws: What the unit threw, after it was undone; `SQLFailure` when the commit failed; `WriteRefusal`.
    func commit<Value: Sendable>(
        changing scope: ChangeScope, _ body: @escaping @Sendable (inout Transaction) throws -> Value
    ) async throws -> Value {
        let result = WriteResult<Value>()
        // Unsafe for the sake of speed: a unit that was accepted is answered once, by the writer or by `abandon`.
        try await withUnsafeThrowingContinuation { (continuation: UnsafeContinuation<Void, any Error>) in
            let unit = WriteUnit(scope: scope) { transaction in
                result.set(try body(&transaction))
            } answered: { outcome in
                continuation.resume(with: outcome)
            }
            if let refusal = hand(in: unit) { continuation.resume(throwing: refusal) }
        }
        return try result.get()
    }

    /// Has the writer begin and end a transaction, so that it sees what other processes have committed.
    ///
    /// - Parameter failed: Called on the writer's thread, or at once, when it could not.
    func look(failed: @escaping @Sendable () -> Void) {
        let unit = WriteUnit(scope: .nothing) { _ in
        } answered: { outcome in
            if case .failure = outcome { failed() }
        }
        if hand(in: unit) != nil { failed() }
    }

    /// Queues a unit, or says why not.
    private func hand(in unit: WriteUnit) -> WriteRefusal? {
        switch backlog.withLock({ $0.accept(unit) }) {
        case .joined: return nil
        case .first:
            wakeWriter()
            return nil
        case .refused(let refusal): return refusal
        }
    }

    /// Has the writer commit batch after batch until nothing waits.
    private func wakeWriter() {
        let refusal = pool.submit { [self] writer in
            while let batch = next(upTo: groupLimit) {
                writer.commit(batch)
                for unit in batch { unit.answer() }
                writer.tendLog()
            }
        }
        if refusal != nil { abandon() }
    }

    private func next(upTo maximum: Int) -> [WriteUnit]? {
        backlog.withLock { $0.drain(upTo: maximum) }
    }

    /// Fails what came in while the thread was ending.
    private func abandon() {
        while let batch = next(upTo: groupLimit) {
            for unit in batch {
                unit.fail(WriteRefusal.closed)
                unit.answer()
            }
        }
    }

    /// Refuses new units, commits what waits and ends the thread; blocks until then.
    func close() {
        backlog.withLock { $0.isClosed = true }
        pool.shutdown()
    }
}

/// The value of a unit, set on the writer's thread.
private final class WriteResult<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)

    func set(_ new: Value) { value.withLock { $0 = new } }

    func get() throws -> Value {
        guard let value = value.withLock({ $0 }) else { throw WriteRefusal.closed }
        return value
    }
}
