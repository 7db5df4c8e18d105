package import AuthDomain

/// A number that becomes an account's once a code sent to it came back (R-PHONE-5).
package struct PendingPhone: Sendable {
    /// The change's id: the transaction of its codes.
    package let id: String
    /// The account.
    package let account: AccountID
    /// The number, sealed for the account.
    package let sealed: [UInt8]
    /// Its blind index.
    package let index: [UInt8]
    /// Its masked form.
    package let masked: String
    /// The paper that asks for the change.
    package let document: String
    /// Whether another person takes the mailbox over with it, so that everything the one before held ends (R-PHONE-6).
    package let handsOver: Bool
    /// When it was asked for.
    package let proposedAt: WallInstant

    /// Makes a change.
    package init(
        id: String, account: AccountID, sealed: [UInt8], index: [UInt8], masked: String, document: String,
        handsOver: Bool, proposedAt: WallInstant
    ) {
        self.id = id
        self.account = account
        self.sealed = sealed
        self.index = index
        self.masked = masked
        self.document = document
        self.handsOver = handsOver
        self.proposedAt = proposedAt
    }
}

/// The change of a number whose code came back.
package struct PhoneConfirmation: Sendable {
    /// The change.
    package let change: PendingPhone
    /// The issue of the code that came back.
    package let issue: String
    /// The guard of the account's code budget.
    package let guarding: StepGuard
    /// The new temporary password of a mailbox that is handed over.
    package let password: (record: String, expiresAt: WallInstant)?
    /// When it came back.
    package let now: WallInstant
    /// Written with it: old and new number masked.
    package let events: [AuditEvent]

    /// Makes a confirmation.
    package init(
        change: PendingPhone, issue: String, guarding: StepGuard, password: (record: String, expiresAt: WallInstant)?,
        now: WallInstant, events: [AuditEvent]
    ) {
        self.change = change
        self.issue = issue
        self.guarding = guarding
        self.password = password
        self.now = now
        self.events = events
    }
}

/// Keeps the numbers that wait for their confirmation, at most one for each account.
package protocol PhoneLedger: Sendable {
    /// Puts a change in the place of an older one that was never confirmed.
    func propose(_ change: PendingPhone, event: AuditEvent) async throws(OperatorRefusal)

    /// The change of an account that waits; nil when none does.
    func pendingPhone(of account: AccountID) async throws(StoreUnavailable) -> PendingPhone?

    /// Consumes the code and makes the number the account's, in one transaction.
    ///
    /// `alreadyUsed` when the code was accepted or ran out before, `outdated` when the change is no longer the one
    /// that waits.
    func confirm(_ confirmation: PhoneConfirmation) async throws(StoreUnavailable) -> StepVerdict
}
