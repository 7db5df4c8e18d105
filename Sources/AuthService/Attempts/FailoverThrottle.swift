internal import Synchronization

/// Rate buckets of the shared store and, while it cannot be reached, of this instance alone.
package final class FailoverThrottle: Throttle {
    private let primary: any Throttle
    private let twin: any Throttle
    private let usesTwin = Atomic<Bool>(false)

    /// Makes the pair.
    package init(primary: any Throttle, twin: any Throttle) {
        self.primary = primary
        self.twin = twin
    }

    /// Takes an attempt where one can be taken; see the port.
    package func take(
        _ buckets: [(name: String, rate: AttemptRate)]
    ) async throws(CountersUnavailable) -> Duration? {
        do {
            let wait = try await primary.take(buckets)
            usesTwin.store(false, ordering: .relaxed)
            return wait
        } catch {
            usesTwin.store(true, ordering: .relaxed)
            return try await twin.take(buckets)
        }
    }

    /// Asks where an attempt would be taken; see the port.
    package func wait(
        for buckets: [(name: String, rate: AttemptRate)]
    ) async throws(CountersUnavailable) -> Duration? {
        do {
            let wait = try await primary.wait(for: buckets)
            usesTwin.store(false, ordering: .relaxed)
            return wait
        } catch {
            usesTwin.store(true, ordering: .relaxed)
            return try await twin.wait(for: buckets)
        }
    }

    /// Gives an attempt back to the store that was asked last; see the port.
    ///
    /// Around a change of stores it may go to the wrong one, where it makes a bucket at most full.
    package func giveBack(_ buckets: [(name: String, rate: AttemptRate)]) async {
        if usesTwin.load(ordering: .relaxed) {
            await twin.giveBack(buckets)
        } else {
            await primary.giveBack(buckets)
        }
    }
}
