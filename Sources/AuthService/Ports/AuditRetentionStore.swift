package import AuthDomain

/// A row that purging stopped at, because it is not what was written or an account is under a legal hold: evidence,
/// which stays.
package struct UnpurgeableRow: Hashable, Sendable {
    /// Its chain.
    package let chain: String
    /// Its number.
    package let number: Int64

    /// Names a row.
    package init(chain: String, number: Int64) {
        self.chain = chain
        self.number = number
    }
}

/// What one step of a purge removed.
package struct AuditPurgeSlice: Hashable, Sendable {
    /// Rows removed.
    package let rows: Int
    /// Chains that cannot be purged further, by the row in the way.
    package let unpurgeable: [UnpurgeableRow]
    /// Chains that are kept for the sake of a legal hold, by the first row of its account.
    package let held: [UnpurgeableRow]
    /// Whether nothing older is left that could go.
    package let isLast: Bool

    /// Makes a slice.
    package init(rows: Int, unpurgeable: [UnpurgeableRow], held: [UnpurgeableRow] = [], isLast: Bool) {
        self.rows = rows
        self.unpurgeable = unpurgeable
        self.held = held
        self.isLast = isLast
    }
}

/// Removes rows of the record whose time is over, so that what stays can still be verified.
package protocol AuditRetentionStore: Sendable {
    /// Removes the oldest rows of all chains in one transaction, with an authenticated note of where each chain begins.
    ///
    /// A chain only loses rows from its beginning, and only rows that are what was written.
    ///
    /// - Parameters:
    ///   - cutoff: Rows from then on stay.
    ///   - limit: The most rows that one step removes.
    ///   - now: When the step is taken.
    func purgeSlice(
        before cutoff: WallInstant, limit: Int, now: WallInstant
    ) async throws(StoreUnavailable) -> AuditPurgeSlice
}
