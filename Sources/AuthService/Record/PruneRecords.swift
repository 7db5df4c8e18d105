package import AuthDomain

/// Ends what is kept for a time only: as long as the record and 400 days at least, or as long as it is of use (T-14).
///
/// In steps between which sign-ins have their turn; safe to run at the same time in several instances.
package struct PruneRecords: Sendable {
    /// Rows that one transaction removes: a few milliseconds of the writer.
    private static let rowsPerStep = 500
    /// The fewest days that anything of the record is kept: a year and the months of inactivity that it explains.
    private static let leastDays = 400

    private let store: any PruningStore
    private let clock: any WallClock
    private let retention: Duration

    /// Makes the use case.
    package init(store: any PruningStore, clock: any WallClock, retention: AuditRetention) {
        self.store = store
        self.clock = clock
        self.retention = .seconds(max(retention.days, Self.leastDays) * 86_400)
    }

    /// Removes what is over.
    ///
    /// - Parameter pause: Called after each step that removed something.
    /// - Returns: How many rows are gone, by the name of what they were.
    package func callAsFunction(
        pause: () async -> Void = {}
    ) async throws(StoreUnavailable) -> [String: Int] {
        var removed: [String: Int] = [:]
        let now = clock.now()
        for kind in Prunable.allCases {
            var count = 0
            repeat {
                count = try await store.prune(kind, before: now - kind.age(retention), limit: Self.rowsPerStep)
                if count > 0 { removed[kind.rawValue, default: 0] += count }
                if count == Self.rowsPerStep { await pause() }
            } while count == Self.rowsPerStep && !Task.isCancelled
        }
        let day = CivilDate(inHanoiAt: now - retention)
        var account: String? = ""
        while let last = account, !Task.isCancelled {
            let step = try await store.pruneActivity(before: day, after: last, limit: Self.rowsPerStep)
            if step.days > 0 {
                removed["activity_days", default: 0] += step.days
                await pause()
            }
            account = step.next
        }
        return removed
    }
}
