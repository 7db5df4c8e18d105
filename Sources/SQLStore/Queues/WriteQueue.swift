internal import AuthService
internal import Reactor
internal import Synchronization

/// One writer with group commit: what came in during a commit goes into the next one together.
///
/// Nothing waits for company: a unit that finds the writer idle is committed at once. A unit may run and be undone
/// again with its batch, so its closure must not change anything outside the transaction.
final class WriteQueue: Sendable {
    private let pool: WorkerPool<Writer>
    private let backlog: Mutex<WriteBacklog>
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
        // Every unit holds one place in the pool's queue until it has been answered, hence the wider bound there.
        pool = try WorkerPool(name: "sql-write", threads: 1, queueLimit: limit + 2 * groupLimit) {
            (_: Int) throws(StoreOpeningFailure) in try makeWriter()
        }
        backlog = Mutex(WriteBacklog(limit: limit))
        self.groupLimit = groupLimit
    }

    /// Units that wait for the writer.
    var waiting: Int { backlog.withLock { $0.count } }

    /// Runs a unit of work in a transaction and returns its value after the commit.
    ///
    /// - Throws: What the unit threw, after it was undone; `SQLFailure` when the commit failed; `WriteRefusal`.
    func commit<Value: Sendable>(
        _ body: @escaping @Sendable (inout Transaction) throws -> Value
    ) async throws -> Value {
        let result = WriteResult<Value>()
        let unit = WriteUnit { transaction in result.set(try body(&transaction)) }
        if let refusal = backlog.withLock({ $0.accept(unit) }) { throw refusal }
        do {
            // Each caller's entry commits whatever has gathered by its turn; an entry whose unit went along with an
            // earlier one only fetches its result.
            return try await pool.run { [self] writer in
                while !unit.isSettled { writer.commit(backlog.withLock { $0.drain(upTo: groupLimit) }) }
                try unit.check()
                return try result.get()
            }
        } catch let error as BlockingPoolError {
            throw error == .full ? WriteRefusal.full : WriteRefusal.closed
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
