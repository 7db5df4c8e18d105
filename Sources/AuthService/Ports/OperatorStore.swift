package import AuthDomain

/// What an operator's write met instead of success.
package enum OperatorRefusal: Error, Hashable, Sendable {
    /// The database cannot answer; nothing was written.
    case unavailable(reason: String)
    /// An address belongs to another account.
    case addressTaken(MailboxAddress)
    /// No such account, authenticator or client.
    case notFound
    /// The state does not allow it: already locked for that cause, not locked, destroyed.
    case conflict
    /// Everything about the account has to be kept, so it cannot be destroyed (T-14).
    case held
}

/// A new account.
package struct NewAccount: Sendable {
    /// The account as it will be read; its authenticators, locks and counters are empty.
    package let account: Account

    /// Makes a new account.
    package init(account: Account) {
        self.account = account
    }
}

/// A change of an account's data: nil leaves a field, `.some(nil)` clears it.
package struct AccountChange: Sendable {
    /// The type.
    package var kind: AccountKind?
    /// All further addresses, replacing the old ones.
    package var aliases: [MailboxAddress]?
    /// The holder's name.
    package var displayName: String??
    /// The organisation.
    package var organisation: String??
    /// The phone; a change that waits for its confirmation ends with it.
    package var phone: SealedPhone??
    /// When the owner was told.
    package var notifiedAt: WallInstant?

    /// Makes an empty change.
    package init() {}
}

/// A restoration to be written (Đ8.3).
package struct RestorationWrite: Sendable {
    /// The account.
    package let account: AccountID
    /// The record's identifier.
    package let id: String
    /// The locks that the decision looked at; others standing now make it a conflict.
    package let clearing: [Lock]
    /// A new temporary password's record and expiry; nil keeps the old password.
    package let password: (record: String, expiresAt: WallInstant)?
    /// Whether authenticators, recovery codes and enrolment codes are revoked (R-REST-5).
    package let revokesAuthenticators: Bool
    /// The document of the organisation's request.
    package let document: String
    /// Who asked, in the organisation's name.
    package let requestedBy: String
    /// What was done about the cause.
    package let remediation: String?
    /// The review that it owes, when it was made without a request (R-REST-7).
    package var review: RestorationReview?

    /// Makes a restoration.
    package init(
        account: AccountID, id: String, clearing: [Lock], password: (record: String, expiresAt: WallInstant)?,
        revokesAuthenticators: Bool, document: String, requestedBy: String, remediation: String?
    ) {
        self.account = account
        self.id = id
        self.clearing = clearing
        self.password = password
        self.revokesAuthenticators = revokesAuthenticators
        self.document = document
        self.requestedBy = requestedBy
        self.remediation = remediation
    }
}

/// The operator's writes: each is one transaction with its audit rows.
package protocol OperatorStore: Sendable {
    /// Stores a new account.
    func provision(_ new: NewAccount, event: AuditEvent) async throws(OperatorRefusal)

    /// Changes an account's data.
    func change(_ account: AccountID, _ change: AccountChange, event: AuditEvent) async throws(OperatorRefusal)

    /// Destroys an account: credentials, phone and addresses go, the audit stays (R-LIFE-9).
    func destroy(_ account: AccountID, now: WallInstant, event: AuditEvent) async throws(OperatorRefusal)

    /// Adds a lock; `conflict` when one of that cause stands.
    func lock(_ account: AccountID, _ lock: Lock, event: AuditEvent) async throws(OperatorRefusal)

    /// Clears locks, resets every count in every lane, sets must-change; `conflict` when other locks stand now.
    ///
    /// - Returns: The budget states after the reset, in the shared lane.
    func restore(
        _ restoration: RestorationWrite, now: WallInstant, event: AuditEvent
    ) async throws(OperatorRefusal) -> [BudgetKind: BudgetState]

    /// Sets a temporary password that must be changed; `conflict` while a lock stands.
    func resetPassword(
        _ account: AccountID, record: String, expiresAt: WallInstant, now: WallInstant, event: AuditEvent
    ) async throws(OperatorRefusal)

    /// Makes an enrolment code the live one; an older one dies.
    func issueEnrolmentCode(
        _ account: AccountID, _ code: EnrolmentCodeRecord, now: WallInstant, event: AuditEvent
    ) async throws(OperatorRefusal)

    /// Revokes one authenticator.
    func revokeAuthenticator(
        _ account: AccountID, _ id: AuthenticatorID, now: WallInstant, event: AuditEvent
    ) async throws(OperatorRefusal)
}

/// One audit row as read back.
package struct AuditRow: Sendable {
    /// The chain it belongs to.
    package let chain: String
    /// Its number in the chain.
    package let number: Int64
    /// What was recorded.
    package let event: AuditEvent

    /// Makes a row.
    package init(chain: String, number: Int64, event: AuditEvent) {
        self.chain = chain
        self.number = number
        self.event = event
    }
}

/// What to read from the audit log.
package struct AuditQuery: Sendable {
    /// Only rows of one account.
    package var account: AccountID?
    /// Rows at or after it.
    package var since: WallInstant?
    /// Rows before it.
    package var until: WallInstant?
    /// Where the page before ended; opaque.
    package var cursor: String?
    /// Rows on a page, 1…500.
    package var limit: Int

    /// Makes a query.
    package init(account: AccountID?, since: WallInstant?, until: WallInstant?, cursor: String?, limit: Int) {
        self.account = account
        self.since = since
        self.until = until
        self.cursor = cursor
        self.limit = limit
    }
}

/// Reads and extends the audit log outside other writes.
package protocol AuditLog: Sendable {
    /// Adds one row.
    func append(_ event: AuditEvent) async throws(StoreUnavailable)

    /// One page in the order of time and the cursor of the next; a cursor that is not one's own reads as nil.
    func page(_ query: AuditQuery) async throws(StoreUnavailable) -> (rows: [AuditRow], next: String?)
}

/// What a caller may do (api.md).
package enum ClientScope: String, CaseIterable, Sendable {
    case signIn = "sign-in"
    case otp
    case mail
    case operate
    case read
}

/// A system that calls the service, as stored.
package struct ClientRecord: Sendable {
    /// Its name: the `aud` of assertions and the actor in the record.
    package let name: String
    /// The public part of its key, by which it is found.
    package let prefix: String
    /// The keyed digest of its key.
    package let digest: [UInt8]
    /// What it may do.
    package let scopes: [ClientScope]
    /// When it was added.
    package let createdAt: WallInstant
    /// When its key stopped working.
    package let revokedAt: WallInstant?
    /// The causes for which it may lock, and nothing else (R-LOCK-16); nil for a client that acts for operators.
    package var lockCauses: [LockCause]?

    /// Makes a record.
    package init(
        name: String, prefix: String, digest: [UInt8], scopes: [ClientScope], createdAt: WallInstant,
        revokedAt: WallInstant?
    ) {
        self.name = name
        self.prefix = prefix
        self.digest = digest
        self.scopes = scopes
        self.createdAt = createdAt
        self.revokedAt = revokedAt
    }
}

/// Keeps client keys.
package protocol ClientStore: Sendable {
    /// All clients, revoked ones too.
    func clients() async throws(StoreUnavailable) -> [ClientRecord]

    /// Adds a client; `conflict` when an unrevoked one has the name.
    func add(_ client: ClientRecord, event: AuditEvent) async throws(OperatorRefusal)

    /// Revokes the unrevoked client of a name.
    func revoke(name: String, now: WallInstant, event: AuditEvent) async throws(OperatorRefusal)
}

/// One key for signing assertions, as stored.
package struct SigningKeyRecord: Sendable {
    /// Its `kid`.
    package let id: String
    /// The private key, sealed.
    package let sealedKey: [UInt8]
    /// When it was made; it is published from then on.
    package let createdAt: WallInstant
    /// When it begins to sign: later than its making, so that verifiers know it first.
    package let signsFrom: WallInstant

    /// Makes a record.
    package init(id: String, sealedKey: [UInt8], createdAt: WallInstant, signsFrom: WallInstant) {
        self.id = id
        self.sealedKey = sealedKey
        self.createdAt = createdAt
        self.signsFrom = signsFrom
    }
}

/// Keeps signing keys, shared by all instances.
package protocol SigningKeyStore: Sendable {
    /// All keys, oldest first.
    func signingKeys() async throws(StoreUnavailable) -> [SigningKeyRecord]

    /// Adds a key if the newest is still the one named (nil: if there is none), so that of two instances one wins.
    func addSigningKey(
        _ key: SigningKeyRecord, after newest: String?, event: AuditEvent
    ) async throws(StoreUnavailable) -> Bool

    /// Deletes keys that retired before an instant.
    func removeSigningKeys(ids: [String]) async throws(StoreUnavailable)
}
