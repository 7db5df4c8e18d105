/// A bounded pool of threads for calls that block and need no state of their own.
package final class BlockingPool: Sendable {
    private let workers: WorkerPool<Void>

    /// Starts the threads.
    ///
    /// - Parameters:
    ///   - name: Names the threads `name-0`, `name-1` …; the kernel keeps 15 bytes.
    ///   - threads: How many threads, at least 1.
    ///   - queueLimit: How many pieces of work may wait, not counting those that run; at least 1.
    ///   - niceness: 0 to 19; above 0 the threads yield the cores to the loops when both want them.
    package init(name: String, threads: Int, queueLimit: Int, niceness: Int = 0) {
        workers = WorkerPool(name: name, threads: threads, queueLimit: queueLimit, niceness: niceness) { _ in }
    }

    /// Runs blocking work on one of the threads and returns what it returns.
    ///
    /// - Throws: `BlockingPoolError.full` or `.shutDown` before any work was done, else what the work threw.
    package func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await workers.run { _ in try work() }
    }

    /// Counts and waiting times at this instant.
    package var statistics: PoolStatistics { workers.statistics }

    /// Pieces of work that wait for a thread.
    package var queued: Int { workers.queued }

    /// Pieces of work that a thread is busy with.
    package var running: Int { workers.running }

    /// How long the work at the head of the queue has waited; `nil` when the queue is empty.
    package var oldestWait: Duration? { workers.oldestWait }

    /// Refuses new work, finishes what is queued, and joins the threads; blocks until they have ended.
    package func shutdown() {
        workers.shutdown()
    }
}
