/// Why a pool did not take a piece of work.
package enum BlockingPoolError: Error, Equatable, Sendable {
    /// The queue is at its limit; nothing was started.
    case full
    /// The pool was shut down before the work was handed in.
    case shutDown
}

/// What a pool has done and holds, at one instant.
package struct PoolStatistics: Equatable, Sendable {
    /// Pieces of work that wait for a thread.
    package var queued = 0
    /// Pieces of work that a thread is busy with.
    package var running = 0
    /// Pieces of work finished since the start, failed ones included.
    package var completed = 0
    /// Pieces of work refused because the queue was full.
    package var shed = 0
    /// The sum of the times that started work had waited in the queue.
    package var totalWait = Duration.zero
    /// How long the work at the head of the queue has waited; `nil` when the queue is empty.
    package var oldestWait: Duration?
}
