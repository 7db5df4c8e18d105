/// The kinds of news about an account that other systems may ask to be told (R-HOOK-3).
package enum AccountEventType: String, CaseIterable, Sendable {
    case mailboxLocked = "mailbox.locked"
    case mailboxRestored = "mailbox.restored"
    case passwordChanged = "password.changed"
    case passwordMustChange = "password.must_change"
    case factorEnrolled = "factor.enrolled"
    case factorRevoked = "factor.revoked"
    case phoneChanged = "phone.changed"
    case sessionsRevoke = "sessions.revoke"
    case defaultPasswordDeadlineNear = "default_password.deadline_near"
    case inactivityDeadlineNear = "inactivity.deadline_near"
    case accountProvisioned = "account.provisioned"
    case accountChanged = "account.changed"
    case accountDestroyed = "account.destroyed"

    /// Those after which open sessions of the mailbox have to end (R-LOCK-10).
    package static let endingSessions: Set<AccountEventType> = [
        .mailboxLocked, .sessionsRevoke, .passwordMustChange, .accountDestroyed,
    ]
}
