package import AuthDomain

/// The database cannot answer or cannot commit; nothing was written (principle 3).
package struct StoreUnavailable: Error {
    /// What failed, for the log; holds no value of any column.
    package let reason: String

    /// Makes the error.
    package init(reason: String) {
        self.reason = reason
    }
}

/// Reads accounts and the durable half of budgets.
package protocol AccountReader: Sendable {
    /// The account that answers to an address or alias; nil when none does. Destroyed accounts have no address.
    func account(at address: MailboxAddress) async throws(StoreUnavailable) -> Account?

    /// The account with an id.
    func account(id: AccountID) async throws(StoreUnavailable) -> Account?

    /// The durable state of a budget that is not in the account row: a device lane, or an unknown address.
    ///
    /// - Parameters:
    ///   - key: The budget.
    ///   - now: States that expired before it count as fresh (unknown addresses, 24 h).
    func budget(_ key: BudgetKey, now: WallInstant) async throws(StoreUnavailable) -> BudgetState

    /// The records of the passwords set most recently before the current one, newest first.
    func passwordHistory(of account: AccountID, limit: Int) async throws(StoreUnavailable) -> [String]

    /// The unused recovery code of a slot.
    func recoveryCode(of account: AccountID, slot: Int) async throws(StoreUnavailable) -> RecoveryCodeRecord?
}

/// What the database made of a wrong entry.
package enum FailureJudgement: Hashable, Sendable {
    /// Counted; below the limit.
    case counted(BudgetState)
    /// Counted as the last one allowed; the lock was written with it.
    case reachedLimit(BudgetState)
    /// Not counted: as many as allowed were judged already, or the account is locked.
    case refused
    /// Not counted: this value was judged wrong before, for the same password (R-LOCK-9).
    case repeated
}

/// A wrong entry on an account.
package struct AccountFailure: Sendable {
    /// The account.
    package let account: AccountID
    /// What the entry is counted on.
    package let kind: BudgetKind
    /// Which clients share the count.
    package let lane: BudgetLane
    /// Failures allowed.
    package let limit: Int
    /// When it was judged.
    package let now: WallInstant
    /// Written when it is counted.
    package let event: AuditEvent
    /// Written with its audit row when the count reaches the limit; nil in a device lane, which ends without a lock.
    package let lock: Lock?
    /// The audit row that goes with reaching the limit.
    package let limitEvent: AuditEvent
    /// For mail programs: counts only if no failure with this value was counted for the same password (R-LOCK-9).
    package let distinct: WrongValue?

    /// Makes a failure.
    package init(
        account: AccountID, kind: BudgetKind, lane: BudgetLane, limit: Int, now: WallInstant, event: AuditEvent,
        lock: Lock?, limitEvent: AuditEvent, distinct: WrongValue? = nil
    ) {
        self.account = account
        self.kind = kind
        self.lane = lane
        self.limit = limit
        self.now = now
        self.event = event
        self.lock = lock
        self.limitEvent = limitEvent
        self.distinct = distinct
    }
}

/// Judges wrong entries: the guarded write that lets at most five count whatever Redis does.
package protocol FailureJudge: Sendable {
    /// Counts a failure if the account has no standing lock and its count is below the limit, in one transaction
    /// with the audit rows and, at the limit, the lock.
    func judge(_ failure: AccountFailure) async throws(StoreUnavailable) -> FailureJudgement

    /// Counts a failure of an address that has no account, in the same number of writes.
    ///
    /// - Parameters:
    ///   - key: The budget; its subject is the digest of the address.
    ///   - limit: Failures allowed.
    ///   - now: When it was judged; an expired count starts again.
    ///   - expiresAt: When the count is forgotten.
    ///   - event: Written when it is counted.
    func judgeUnknown(
        _ key: BudgetKey, limit: Int, now: WallInstant, expiresAt: WallInstant, event: AuditEvent
    ) async throws(StoreUnavailable) -> FailureJudgement
}

/// The end of a sign-in, written with the step that completes it: counts reset, last sign-in noted.
package struct Completion: Sendable {
    /// The lane whose counts are reset.
    package let lane: BudgetLane
    /// Its audit row.
    package let event: AuditEvent

    /// Makes a completion.
    package init(lane: BudgetLane, event: AuditEvent) {
        self.lane = lane
        self.event = event
    }
}

/// What a sign-in step requires of the account at the moment of its commit.
package struct StepGuard: Sendable {
    /// The account.
    package let account: AccountID
    /// The password version that was proven; nil where no password is part of the proof.
    package let passwordVersion: Int64?
    /// The budget the step draws on, which must be below the limit.
    package let kind: BudgetKind
    /// Its lane.
    package let lane: BudgetLane
    /// Failures allowed.
    package let limit: Int

    /// Makes a guard.
    package init(account: AccountID, passwordVersion: Int64?, kind: BudgetKind, lane: BudgetLane, limit: Int) {
        self.account = account
        self.passwordVersion = passwordVersion
        self.kind = kind
        self.lane = lane
        self.limit = limit
    }
}

/// What became of a guarded step.
package enum StepVerdict: Hashable, Sendable {
    /// Committed; the budgets that changed with it, in the step's lane.
    case committed([BudgetKind: BudgetState])
    /// The one-time thing was used before: its step, code or version is gone.
    case alreadyUsed
    /// A lock stands, or the budget is exhausted.
    case locked
    /// The account is gone or its password is no longer the one that was proven.
    case outdated
}

/// A one-time thing to be consumed.
package enum ConsumedFactor: Sendable {
    /// A time step of an authenticator; must be later than the last accepted one (R-TOTP-5).
    case totp(AuthenticatorID, step: TimeStep)
    /// A recovery code (R-NIST-4).
    case recoveryCode(slot: Int)
    /// An enrolment code; it stays usable until an enrolment is confirmed with it (R-FIRST-5).
    case enrolmentCode(id: String)
    /// A code by SMS: its issue must be live and unused (R-SMSOTP-1).
    case smsCode(issue: String)
}

/// The guarded writes of a sign-in: each is one transaction with its audit rows.
package protocol SignInLedger: Sendable {
    /// Consumes a factor; `resetting` also resets the guard's own budget (for checks outside a sign-in).
    func accept(
        _ factor: ConsumedFactor, guard step: StepGuard, now: WallInstant, resetting: Bool, event: AuditEvent,
        completion: Completion?
    ) async throws(StoreUnavailable) -> StepVerdict

    /// Sets a chosen password, keeps the old record in the history and raises the version.
    func changePassword(
        to record: String, guard step: StepGuard, keeping history: Int, now: WallInstant, event: AuditEvent,
        completion: Completion?
    ) async throws(StoreUnavailable) -> StepVerdict

    /// Stores an authenticator whose first code was proven.
    ///
    /// An authenticator with the same label is revoked with it (R-URI-4); new recovery codes replace all old ones;
    /// the enrolment code is spent. `alreadyUsed` when the authenticator exists or the maximum is reached.
    func confirmEnrolment(
        _ enrolment: ConfirmedEnrolment, guard step: StepGuard, now: WallInstant, events: [AuditEvent],
        completion: Completion?
    ) async throws(StoreUnavailable) -> StepVerdict

    /// Replaces the record of an unchanged password, if the version is still the one verified; no audit row.
    func rehash(account: AccountID, version: Int64, record: String) async throws(StoreUnavailable)
}

/// What a confirmed enrolment brings.
package struct ConfirmedEnrolment: Sendable {
    /// The authenticator, with its first step as the last accepted one.
    package let authenticator: Authenticator
    /// New recovery codes, or nil to keep the old ones.
    package let recoveryCodes: [RecoveryCodeRecord]?
    /// The enrolment code that the sign-in was proven with.
    package let spentEnrolmentCode: String?
    /// How many authenticators an account may have.
    package let maximum: Int

    /// Makes an enrolment.
    package init(
        authenticator: Authenticator, recoveryCodes: [RecoveryCodeRecord]?, spentEnrolmentCode: String?, maximum: Int
    ) {
        self.authenticator = authenticator
        self.recoveryCodes = recoveryCodes
        self.spentEnrolmentCode = spentEnrolmentCode
        self.maximum = maximum
    }
}
