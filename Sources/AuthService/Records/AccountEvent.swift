package import AuthDomain

/// Why open sessions have to end although no lock was set.
package enum SessionEnd: String, CaseIterable, Sendable {
    /// An operator took an authenticator away.
    case factorRevoked = "factor_revoked"
    /// An app password was taken away.
    case appPasswordRevoked = "app_password_revoked"
    /// The mailbox was recalled or handed on (Đ7).
    case lifecycle
    /// An operator asked for it.
    case requested
}

/// One piece of news about an account, written in the transaction of the change that it tells of.
///
/// It is thin (R-HOOK-3): it says what happened, never a secret and never a phone; who wants more asks.
package enum AccountEvent: Sendable {
    /// A lock stands from now on; one event for each lock.
    case mailboxLocked(Lock)
    /// Every lock was cleared; the owner has to change the password first (Đ8.3.c).
    case mailboxRestored(cleared: [LockCause], revokedFactors: Bool)
    /// The owner chose a password.
    case passwordChanged
    /// A password was issued, or the present one must be changed before anything else; when an issued one expires.
    case passwordMustChange(expiresAt: WallInstant?)
    /// An authenticator proved its first code.
    case factorEnrolled(AuthenticatorID)
    /// An authenticator was taken away or replaced.
    case factorRevoked(AuthenticatorID)
    /// The phone was set, changed or removed.
    case phoneChanged
    /// Open sessions have to end.
    case sessionsRevoke(SessionEnd)
    /// The default password will lock the mailbox at an instant (Đ8.2.d).
    case defaultPasswordDeadlineNear(WallInstant)
    /// The mailbox will be locked for want of activity at an instant (Đ8.2.a).
    case inactivityDeadlineNear(WallInstant)
    /// The account was made.
    case accountProvisioned
    /// Type, addresses, names or stage of life changed.
    case accountChanged
    /// The account is gone, with its addresses.
    case accountDestroyed

    /// Which kind of news it is.
    package var type: AccountEventType {
        switch self {
        case .mailboxLocked: .mailboxLocked
        case .mailboxRestored: .mailboxRestored
        case .passwordChanged: .passwordChanged
        case .passwordMustChange: .passwordMustChange
        case .factorEnrolled: .factorEnrolled
        case .factorRevoked: .factorRevoked
        case .phoneChanged: .phoneChanged
        case .sessionsRevoke: .sessionsRevoke
        case .defaultPasswordDeadlineNear: .defaultPasswordDeadlineNear
        case .inactivityDeadlineNear: .inactivityDeadlineNear
        case .accountProvisioned: .accountProvisioned
        case .accountChanged: .accountChanged
        case .accountDestroyed: .accountDestroyed
        }
    }
}

/// A receiver of events and what it wants to be told.
package struct OutboxSubscription: Hashable, Sendable {
    /// The name of the target in the settings.
    package let target: String
    /// The kinds of events that are kept for it.
    package let events: Set<AccountEventType>

    /// Makes a subscription.
    package init(target: String, events: Set<AccountEventType>) {
        self.target = target
        self.events = events
    }
}
