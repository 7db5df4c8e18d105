import AuthDomain

/// Takes the names of destroyed accounts out of the record; the chains stay verifiable (R-LIFE-9, T-14).
///
/// The rows of an account are gone through at once, in steps between which sign-ins have their turn, and again two
/// hours later: refused mail logins are put on record up to an hour after they happened, and a request that was under
/// way at the destruction may have written after the first pass. What names the person is forgotten with the last one.
package struct EraseNames: Sendable {
    /// Rows that one transaction changes: a few milliseconds of the writer.
    private static let rowsPerStep = 200
    private static let untilLastPass = Duration.seconds(2 * 3600)

    private let store: any ErasureStore
    private let clock: any WallClock

    /// Makes the use case.
    package init(store: any ErasureStore, clock: any WallClock) {
        self.store = store
        self.clock = clock
    }

    /// Does what is due; safe to run in several instances at once and to be cut off anywhere.
    ///
    /// - Parameter pause: Called after each step.
    /// - Returns: How many rows no longer name anybody.
    package func callAsFunction(pause: () async -> Void = {}) async throws(StoreUnavailable) -> Int {
        var rows = 0
        while let erasure = try await store.dueErasure(now: clock.now()) {
            var place: ErasurePlace?
            repeat {
                let step = try await store.eraseRows(of: erasure.account, after: place, limit: Self.rowsPerStep)
                rows += step.rows
                place = step.next
                if Task.isCancelled { return rows }
                await pause()
            } while place != nil
            try await store.finish(erasure, lastAt: clock.now() + Self.untilLastPass)
        }
        return rows
    }
}
