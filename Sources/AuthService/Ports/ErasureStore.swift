package import AuthDomain

/// A destroyed account whose names are still in the record.
package struct Erasure: Hashable, Sendable {
    /// The account.
    package let account: AccountID
    /// Whether everything was gone through before, and what was written since then is looked for.
    package let isLast: Bool

    /// Names an erasure.
    package init(account: AccountID, isLast: Bool) {
        self.account = account
        self.isLast = isLast
    }
}

/// A place among the record's rows of an account.
package struct ErasurePlace: Hashable, Sendable {
    /// When the row's event happened.
    package let time: WallInstant
    /// Its chain.
    package let chain: String
    /// Its number.
    package let number: Int64

    /// Names a place.
    package init(time: WallInstant, chain: String, number: Int64) {
        self.time = time
        self.chain = chain
        self.number = number
    }
}

/// What one step of an erasure did.
package struct ErasureStep: Hashable, Sendable {
    /// Rows that no longer name the person.
    package let rows: Int
    /// Where the next step goes on; nil when the step found nothing more.
    package let next: ErasurePlace?

    /// Makes a step.
    package init(rows: Int, next: ErasurePlace?) {
        self.rows = rows
        self.next = next
    }
}

/// Takes the names of destroyed accounts out of the record, in steps (R-LIFE-9, T-14).
///
/// Destruction itself notes what has to be done, in its own transaction; nothing is lost when the process dies.
package protocol ErasureStore: Sendable {
    /// The erasure that is due longest; none of an account under a legal hold.
    func dueErasure(now: WallInstant) async throws(StoreUnavailable) -> Erasure?

    /// Takes the names out of the next rows, in one transaction.
    ///
    /// - Parameters:
    ///   - place: Where the step before ended; nil for the first.
    ///   - limit: The most rows that one step changes.
    func eraseRows(
        of account: AccountID, after place: ErasurePlace?, limit: Int
    ) async throws(StoreUnavailable) -> ErasureStep

    /// Takes the names out of what is no audit row and ends the erasure, or sets it to be gone through a last time.
    func finish(_ erasure: Erasure, lastAt: WallInstant) async throws(StoreUnavailable)
}
