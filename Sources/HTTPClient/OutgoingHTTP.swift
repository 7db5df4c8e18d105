package import Reactor

/// Calls other services over HTTP/1.1 on a bounded pool of threads, each with one keep-alive handle (engine.md).
///
/// Follows no redirect, uses no proxy, no cookies and no compression, verifies TLS (1.2 or later) always, and never
/// repeats a request by itself.
package final class OutgoingHTTP: Sendable {
    private let workers: WorkerPool<CurlHandle>

    /// Starts the threads.
    ///
    /// - Parameters:
    ///   - name: Names the threads; the kernel keeps 15 bytes.
    ///   - threads: How many calls may be under way, at least 1.
    ///   - queueLimit: How many may wait beyond that, at least 1.
    /// - Throws: `OutgoingFailure` when the library cannot be started.
    package init(name: String = "http", threads: Int, queueLimit: Int) throws(OutgoingFailure) {
        workers = try WorkerPool(name: name, threads: threads, queueLimit: queueLimit) {
            _ throws(OutgoingFailure) in try CurlHandle()
        }
    }

    /// Sends a request and reads the whole answer; the time in the queue counts.
    ///
    /// - Throws: `OutgoingFailure`, which tells whether anything was sent.
    package func send(_ request: OutgoingRequest) async throws(OutgoingFailure) -> OutgoingResponse {
        guard request.isWellFormed else { throw OutgoingFailure(.invalidRequest, .notSent) }
        let deadline = ContinuousClock.now + request.limits.total
        do {
            let result = try await workers.run { handle in
                handle.perform(request, deadline: deadline)
            }
            return try result.get()
        } catch let failure as OutgoingFailure {
            throw failure
        } catch BlockingPoolError.full {
            throw OutgoingFailure(.poolFull, .notSent)
        } catch BlockingPoolError.shutDown {
            throw OutgoingFailure(.shutDown, .notSent)
        } catch {
            throw OutgoingFailure(.other, .ambiguous)
        }
    }

    /// Counts and waiting times at this instant.
    package var statistics: PoolStatistics { workers.statistics }

    /// Refuses new calls, finishes those in hand, and joins the threads; blocks until they have ended.
    package func shutdown() {
        workers.shutdown()
    }
}
