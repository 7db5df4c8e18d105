package import AuthDomain

/// The order of an authority to keep everything about an account (T-14).
package struct LegalHold: Hashable, Sendable {
    /// Its identifier, `hld_…`.
    package let id: String
    /// The account.
    package let account: AccountID
    /// The paper that orders it.
    package let document: String
    /// When it was recorded.
    package let placedAt: WallInstant
    /// Who recorded it.
    package let placedBy: String

    /// Makes a hold.
    package init(id: String, account: AccountID, document: String, placedAt: WallInstant, placedBy: String) {
        self.id = id
        self.account = account
        self.document = document
        self.placedAt = placedAt
        self.placedBy = placedBy
    }
}

/// The end of a hold.
package struct LegalHoldRelease: Hashable, Sendable {
    /// The paper that ends it.
    package let document: String
    /// When it was recorded.
    package let releasedAt: WallInstant
    /// Who recorded it.
    package let releasedBy: String

    /// Makes a release.
    package init(document: String, releasedAt: WallInstant, releasedBy: String) {
        self.document = document
        self.releasedAt = releasedAt
        self.releasedBy = releasedBy
    }
}

/// Keeps holds; while one stands, nothing about its account is destroyed, erased or purged.
package protocol LegalHoldStore: Sendable {
    /// Records a hold; a conflict while one stands for the account.
    func place(_ hold: LegalHold, event: AuditEvent) async throws(OperatorRefusal)

    /// Ends the hold of an account; not found when none stands.
    func release(
        _ account: AccountID, by release: LegalHoldRelease, event: AuditEvent
    ) async throws(OperatorRefusal)

    /// The holds that stand, oldest first.
    func standingHolds() async throws(StoreUnavailable) -> [LegalHold]
}
