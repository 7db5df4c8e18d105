package import AuthDomain

/// The password of an account, as stored.
package struct PasswordCredential: Sendable {
    /// The slow hash record string.
    package var record: String
    /// Rises by one at every change, so that a sign-in knows which password it proved.
    package var version: Int64
    /// When it was set.
    package var changedAt: WallInstant
    /// Whether the owner must choose a new one before anything else (R-FIRST-1, R-REST-4).
    package var mustChange: Bool
    /// Whether the service issued it, so that it can never be chosen again (R-FIRST-7).
    package var isIssued: Bool
    /// When a temporary password stops working; nil for chosen ones and for the first issue (R-FIRST-8).
    package var expiresAt: WallInstant?

    /// Makes a credential.
    package init(
        record: String, version: Int64, changedAt: WallInstant, mustChange: Bool, isIssued: Bool,
        expiresAt: WallInstant?
    ) {
        self.record = record
        self.version = version
        self.changedAt = changedAt
        self.mustChange = mustChange
        self.isIssued = isIssued
        self.expiresAt = expiresAt
    }
}

/// One authenticator app bound to an account (R-OTP-5); shared mailboxes have one for each holder (T-6).
package struct Authenticator: Sendable {
    /// Its identifier.
    package let id: AuthenticatorID
    /// Who holds it, in the operator's or owner's words.
    package let label: String
    /// The shared secret, sealed for this row.
    package let sealedSecret: [UInt8]
    /// Algorithm, digits and step length.
    package let parameters: TOTPParameters
    /// The last accepted time step; every step up to it is used (R-TOTP-5).
    package let lastAcceptedStep: TimeStep?
    /// When it was enrolled.
    package let createdAt: WallInstant
    /// When its first code was proven; nil while pending.
    package let confirmedAt: WallInstant?
    /// When it last proved a code.
    package let lastUsedAt: WallInstant?

    /// Makes an authenticator.
    package init(
        id: AuthenticatorID, label: String, sealedSecret: [UInt8], parameters: TOTPParameters,
        lastAcceptedStep: TimeStep?, createdAt: WallInstant, confirmedAt: WallInstant?, lastUsedAt: WallInstant?
    ) {
        self.id = id
        self.label = label
        self.sealedSecret = sealedSecret
        self.parameters = parameters
        self.lastAcceptedStep = lastAcceptedStep
        self.createdAt = createdAt
        self.confirmedAt = confirmedAt
        self.lastUsedAt = lastUsedAt
    }
}

/// A code from the operator with which an account without a usable factor proves itself; one may be live.
package struct EnrolmentCodeRecord: Sendable {
    /// Its identifier.
    package let id: String
    /// The keyed digest of the code.
    package let digest: [UInt8]
    /// When it stops working.
    package let expiresAt: WallInstant

    /// Makes a record.
    package init(id: String, digest: [UInt8], expiresAt: WallInstant) {
        self.id = id
        self.digest = digest
        self.expiresAt = expiresAt
    }
}

extension EnrolmentCodeRecord {
    /// A fresh code, shown this once, and its record.
    static func issue(
        random: any RandomSource, digest: any KeyedDigest, expiresAt: WallInstant
    ) -> (text: String, record: EnrolmentCodeRecord) {
        let code = EnrolmentCode(random: random.bytes(count: EnrolmentCode.randomByteCount))
        let digest = digest.digest(code.canonical.copy, purpose: .enrolmentCode)
        let record = EnrolmentCodeRecord(
            id: random.identifier(prefix: "enr_"), digest: digest, expiresAt: expiresAt)
        return (code.text, record)
    }
}

/// One unused recovery code.
package struct RecoveryCodeRecord: Sendable {
    /// Which of the printed codes it is.
    package let slot: Int
    /// The slow hash of the keyed digest of the code.
    package let record: String

    /// Makes a record.
    package init(slot: Int, record: String) {
        self.slot = slot
        self.record = record
    }
}

/// Everything a decision about an account needs, read in one go from the database.
package struct Account: Sendable {
    /// The opaque identity.
    package let id: AccountID
    /// The main address.
    package let address: MailboxAddress
    /// Further addresses of the same mailbox.
    package let aliases: [MailboxAddress]
    /// The type told at provisioning.
    package let kind: AccountKind
    /// The name of the holder or body.
    package let displayName: String?
    /// The organisation it belongs to.
    package let organisation: String?
    /// Where it stands in its life.
    package let lifecycle: Lifecycle
    /// The stored password.
    package let password: PasswordCredential
    /// Shared-lane budgets.
    package let budgets: [BudgetKind: BudgetState]
    /// Standing locks.
    package let locks: [Lock]
    /// Confirmed authenticators.
    package let authenticators: [Authenticator]
    /// How many recovery codes are unused.
    package let recoveryCodesLeft: Int
    /// The live enrolment code; it may have expired.
    package let enrolmentCode: EnrolmentCodeRecord?
    /// The phone number, sealed for this account.
    package let sealedPhone: [UInt8]?
    /// The masked phone number.
    package let maskedPhone: String?
    /// What else is known of the number; nil without one.
    package let phone: RegisteredPhone?
    /// The masked number that waits for its confirmation.
    package let pendingPhone: String?
    /// When the owner was told of the account (R-FIRST-2).
    package let notifiedAt: WallInstant?
    /// When it was provisioned.
    package let createdAt: WallInstant
    /// The last complete sign-in.
    package let lastSignInAt: WallInstant?
    /// Before it nothing falls due; whoever decides later has to look at the deadlines first.
    package var nextLookAt = DeadlineDecision.never
    /// The deadlines that run for it, the next first; read for operators alone.
    package var deadlines: [Deadline] = []

    /// Makes an account from what was read.
    package init(
        id: AccountID, address: MailboxAddress, aliases: [MailboxAddress], kind: AccountKind, displayName: String?,
        organisation: String?, lifecycle: Lifecycle, password: PasswordCredential,
        budgets: [BudgetKind: BudgetState], locks: [Lock], authenticators: [Authenticator], recoveryCodesLeft: Int,
        enrolmentCode: EnrolmentCodeRecord?, sealedPhone: [UInt8]?, maskedPhone: String?, notifiedAt: WallInstant?,
        createdAt: WallInstant, lastSignInAt: WallInstant?, phone: RegisteredPhone? = nil, pendingPhone: String? = nil
    ) {
        self.id = id
        self.address = address
        self.aliases = aliases
        self.kind = kind
        self.displayName = displayName
        self.organisation = organisation
        self.lifecycle = lifecycle
        self.password = password
        self.budgets = budgets
        self.locks = locks
        self.authenticators = authenticators
        self.recoveryCodesLeft = recoveryCodesLeft
        self.enrolmentCode = enrolmentCode
        self.sealedPhone = sealedPhone
        self.maskedPhone = maskedPhone
        self.notifiedAt = notifiedAt
        self.createdAt = createdAt
        self.lastSignInAt = lastSignInAt
        self.phone = phone
        self.pendingPhone = pendingPhone
    }
}
