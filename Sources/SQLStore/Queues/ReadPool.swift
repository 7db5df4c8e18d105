internal import AuthService
internal import Reactor

/// A few threads with a reading connection each.
///
/// Reads that wait together share a snapshot: taking one locks the log and, after every commit, empties the
/// connection's page cache. The snapshot is taken after the last of them was asked for, so none sees an older state
/// than it would alone.
final class ReadPool: Sendable {
    private static let readsPerSnapshot = 16

    private let pool: WorkerPool<SQLiteConnectionBox>

    /// Starts the threads and opens their connections.
    init(threads: Int, queueLimit: Int, file: DatabaseFile) throws(StoreOpeningFailure) {
        let rounds = WorkRounds<SQLiteConnectionBox>(
            limit: Self.readsPerSnapshot, begin: { $0.connection.beginSharedSnapshot() },
            end: { $0.connection.endSharedSnapshot() })
        pool = try WorkerPool(name: "sql-read", threads: threads, queueLimit: queueLimit, rounds: rounds) {
            (_: Int) throws(StoreOpeningFailure) in SQLiteConnectionBox(connection: try file.reader())
        }
    }

    /// Reads that wait for a thread.
    var waiting: Int { pool.queued }

    /// Runs a read on one of the connections.
    func run<Value: Sendable>(
        _ body: @escaping @Sendable (SQLiteConnection) throws -> Value
    ) async throws(StoreUnavailable) -> Value {
        do {
            return try await pool.run { try body($0.connection) }
        } catch let error as BlockingPoolError {
            throw StoreUnavailable(reason: error == .full ? "the read queue is full" : "the store is closed")
        } catch {
            throw StoreUnavailable(error)
        }
    }

    /// Finishes what waits and ends the threads; blocks until then.
    func close() { pool.shutdown() }
}

/// A thread's connection, owned by the pool.
struct SQLiteConnectionBox: ~Copyable {
    let connection: SQLiteConnection
}
