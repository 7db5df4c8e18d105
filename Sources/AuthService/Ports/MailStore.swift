package import AuthDomain
internal import Synchronization

/// The identity of one app password.
package struct AppPasswordID: Hashable, Sendable, CustomStringConvertible {
    /// The identifier as stored and shown.
    package let text: String

    /// Wraps an identifier that the service itself made.
    package init(_ text: String) {
        self.text = text
    }

    /// The identifier itself; it is no secret.
    package var description: String { text }
}

/// When, from where and for what an app password was last used.
package struct AppPasswordUse: Hashable, Sendable {
    /// When.
    package let time: WallInstant
    /// From which client address, if the mail server told.
    package let address: String?
    /// For which service.
    package let service: MailService

    /// Makes a use.
    package init(time: WallInstant, address: String?, service: MailService) {
        self.time = time
        self.address = address
        self.service = service
    }
}

/// One app password, as stored: never the password itself.
///
/// A class, because one record is handed around for every login that uses it.
package final class AppPasswordRecord: Sendable {
    /// Its identity.
    package let id: AppPasswordID
    /// Whose it is.
    package let account: AccountID
    /// The device or program, in the owner's words.
    package let label: String
    /// The start of a keyed digest of the password, by which it is found.
    package let lookup: [UInt8]
    /// The keyed digest of the password and of everything that it is good for.
    package let digest: [UInt8]
    /// What it is good for.
    package let terms: AppPasswordTerms
    /// The paper behind that of an application (R-SCOPE-7).
    package let document: String?
    /// When it was made.
    package let createdAt: WallInstant
    /// Its last use, a few seconds late.
    package let lastUse: AppPasswordUse?

    /// Makes a record.
    package init(
        id: AppPasswordID, account: AccountID, label: String, lookup: [UInt8], digest: [UInt8],
        terms: AppPasswordTerms, document: String?, createdAt: WallInstant, lastUse: AppPasswordUse?
    ) {
        self.id = id
        self.account = account
        self.label = label
        self.lookup = lookup
        self.digest = digest
        self.terms = terms
        self.document = document
        self.createdAt = createdAt
        self.lastUse = lastUse
    }
}

/// What a login through a mail server needs of an account: one row, read in one go.
///
/// A class, because it is handed on through every layer.
package final class MailAccount: Sendable {
    /// The account.
    package let id: AccountID
    /// The main address: the one name by which mail servers know it.
    package let address: MailboxAddress
    /// The type told at provisioning.
    package let kind: AccountKind
    /// Where it stands in its life.
    package let lifecycle: Lifecycle
    /// Whether the owner must choose a new password first.
    package let mustChange: Bool
    /// Rises with every change of the password.
    package let passwordVersion: Int64
    /// The oldest standing lock.
    package let lock: LockCause?
    /// Before it nothing falls due; whoever decides later has to look at the deadlines first.
    package let nextLookAt: WallInstant

    /// Makes an account from what was read.
    package init(
        id: AccountID, address: MailboxAddress, kind: AccountKind, lifecycle: Lifecycle, mustChange: Bool,
        passwordVersion: Int64, lock: LockCause?, nextLookAt: WallInstant = DeadlineDecision.never
    ) {
        self.id = id
        self.address = address
        self.kind = kind
        self.lifecycle = lifecycle
        self.mustChange = mustChange
        self.passwordVersion = passwordVersion
        self.lock = lock
        self.nextLookAt = nextLookAt
    }

    /// The row of the table of states and capabilities.
    package var standing: AccountStanding {
        AccountStanding(lifecycle: lifecycle, mustChange: mustChange, isLocked: lock != nil)
    }
}

/// An account and those of its app passwords that a presented one may be, of one moment.
///
/// A class, because a store may give out the same one for as long as nothing has changed; what was proven of it then
/// need not be proven again.
package final class MailLoginSnapshot: Sendable {
    /// The account.
    package let account: MailAccount
    /// Unrevoked app passwords with one of the look-ups asked for; nearly always none or one.
    package let candidates: [AppPasswordRecord]

    private let proof = AtomicLazyReference<Proof>()

    private final class Proof: Sendable {
        let digest: [UInt8]
        let record: AppPasswordRecord

        init(digest: [UInt8], record: AppPasswordRecord) {
            self.digest = digest
            self.record = record
        }
    }

    /// Makes a snapshot.
    package init(account: MailAccount, candidates: [AppPasswordRecord]) {
        self.account = account
        self.candidates = candidates
    }

    /// The record that a password was proven to be of, found by the whole digest that it was looked up by.
    func proven(by digests: [[UInt8]]) -> AppPasswordRecord? {
        guard let known = proof.load(), digests.contains(where: { ConstantTime.equal($0, known.digest) }) else {
            return nil
        }
        return known.record
    }

    /// Remembers the first proof; a snapshot has hardly ever a second.
    func remember(_ record: AppPasswordRecord, provenBy digest: [UInt8]) {
        _ = proof.storeIfNil(Proof(digest: digest, record: record))
    }
}

/// Reads what the mail hooks ask at every login.
package protocol MailLoginReader: Sendable {
    /// The account that answers to an address or alias, with the app passwords of some look-ups; nil when none does.
    func mailLogin(
        at address: MailboxAddress, lookups: [[UInt8]]
    ) async throws(StoreUnavailable) -> MailLoginSnapshot?

    /// The account with an id, for tokens; nil when there is none.
    func mailAccount(id: AccountID) async throws(StoreUnavailable) -> MailAccount?

    /// Whether one of the digests is that of a value judged wrong for the present password (R-LOCK-9).
    func isJudgedWrong(_ digests: [[UInt8]], of account: AccountID) async throws(StoreUnavailable) -> Bool
}

/// What an app password's owner must be at the moment of its making.
package struct AppPasswordGuard: Sendable {
    /// The account, unlocked and not destroyed.
    package let account: AccountID
    /// The password version proven by the sign-in; nil for an operator's act.
    package let passwordVersion: Int64?
    /// App passwords that may stand.
    package let maximum: Int

    /// Makes a guard.
    package init(account: AccountID, passwordVersion: Int64?, maximum: Int) {
        self.account = account
        self.passwordVersion = passwordVersion
        self.maximum = maximum
    }
}

/// What became of a new app password.
package enum AppPasswordVerdict: Hashable, Sendable {
    /// Stored.
    case stored
    /// A lock stands.
    case locked
    /// The account is gone, or its password is no longer the one proven.
    case outdated
    /// As many as allowed stand.
    case tooMany
}

/// Keeps app passwords.
package protocol AppPasswordStore: Sendable {
    /// The unrevoked ones of an account, oldest first.
    func appPasswords(of account: AccountID) async throws(StoreUnavailable) -> [AppPasswordRecord]

    /// Stores one if the guard holds, with its audit row.
    func issue(
        _ record: AppPasswordRecord, guard condition: AppPasswordGuard, event: AuditEvent
    ) async throws(StoreUnavailable) -> AppPasswordVerdict

    /// Revokes one of an account.
    func revokeAppPassword(
        _ id: AppPasswordID, of account: AccountID, now: WallInstant, event: AuditEvent
    ) async throws(OperatorRefusal)

    /// Notes last uses; an earlier one than that on record is dropped.
    func noteUses(_ uses: [AppPasswordID: AppPasswordUse]) async throws(StoreUnavailable)

    /// Remembers a wrong value that was not counted, so that it is not evaluated again (R-LOCK-9).
    func noteWrongValue(_ value: WrongValue, of account: AccountID, now: WallInstant) async throws(StoreUnavailable)
}

/// A wrong value that counts once, however often a mail program sends it (R-LOCK-9).
package struct WrongValue: Hashable, Sendable {
    /// Its keyed digest.
    package let digest: [UInt8]
    /// The version of the password that it was wrong for.
    package let passwordVersion: Int64

    /// Makes a value.
    package init(digest: [UInt8], passwordVersion: Int64) {
        self.digest = digest
        self.passwordVersion = passwordVersion
    }
}
