/// Why a mailbox is temporarily locked: the closed list of Đ8.2 and the service's own two (R-LOCK-3).
package enum LockCause: String, CaseIterable, Sendable {
    case inactive3Months = "inactive_3m"
    case compromised
    case credentialLeak = "credential_leak"
    case badPassword5 = "bad_password_5"
    case spamMalware = "spam_malware"
    case prohibitedAct = "prohibited_act"
    case defaultNotChanged = "default_not_changed"
    case badOTP5 = "bad_otp_5"
    case temporaryPasswordExpired = "temp_password_expired"
}

/// Who brought a lock about (R-LOCK-3).
package enum LockSource: String, CaseIterable, Sendable {
    case automatic = "auto"
    case `operator`
    case monitoring = "siem"
}

/// One cause that holds a mailbox locked; several may stand at once (R-LOCK-11).
package struct Lock: Hashable, Sendable {
    /// The record's identifier.
    package let id: String
    /// The cause; an account has at most one standing lock of each.
    package let cause: LockCause
    /// Who brought it about.
    package let source: LockSource
    /// When it took effect.
    package let lockedAt: WallInstant
    /// The client or person that ordered it, or the service.
    package let actor: String
    /// Free text for operators.
    package let note: String?
    /// The number and date of the paper it rests on.
    package let document: String?

    /// Makes a lock record.
    package init(
        id: String, cause: LockCause, source: LockSource, lockedAt: WallInstant, actor: String, note: String?,
        document: String?
    ) {
        self.id = id
        self.cause = cause
        self.source = source
        self.lockedAt = lockedAt
        self.actor = actor
        self.note = note
        self.document = document
    }
}
