/// Where a mailbox stands: one row of the table of states and capabilities (A11).
package enum AccountStanding: String, CaseIterable, Sendable {
    case mustChange = "must_change"
    case active, locked, transferred
    case transferEnded = "transfer_ended"
    case recalled, destroyed

    /// Finds the row; the gravest state wins.
    ///
    /// A mailbox that must change its password is `mustChange` in every stage of life that still signs in, also
    /// when it was recalled: Điều 8.3.c and 12.1 ask for the change first, and either row forbids sending.
    package init(lifecycle: Lifecycle, mustChange: Bool, isLocked: Bool) {
        switch (lifecycle, isLocked, mustChange) {
        case (.destroyed, _, _): self = .destroyed
        case (.transferEnded, _, _): self = .transferEnded
        case (.active, true, _), (.transferred, true, _), (.recalled, true, _): self = .locked
        case (.active, false, true), (.transferred, false, true), (.recalled, false, true): self = .mustChange
        case (.active, false, false): self = .active
        case (.transferred, false, false): self = .transferred
        case (.recalled, false, false): self = .recalled
        }
    }
}

/// What the owner may do with a mailbox now (A11, R-LOCK-1).
package struct Capabilities: Hashable, Sendable {
    /// Signing in by password and one-time code.
    package enum Login: String, Sendable {
        case full
        case changePasswordOnly = "change_password_only"
        case no
    }

    /// Reading over IMAP or POP (T-4).
    package enum Reading: String, Sendable {
        case appPasswordOnly = "app_password_only"
        case readOnly = "read_only"
        case no
    }

    /// Handing in mail to be sent (T-4).
    package enum Submission: String, Sendable {
        case appPasswordOnly = "app_password_only"
        case storeDecides = "store_decides"
        case no
    }

    /// Delivery from outside; never refused by this service (R-LOCK-1).
    package enum Reception: String, Sendable {
        case yes
        case storeDecides = "store_decides"
    }

    /// Signing in by password and one-time code.
    package let login: Login
    /// Whether the owner may change the password.
    package let changePassword: Bool
    /// Reading over IMAP or POP; with an app password in any case.
    package let imapPop: Reading
    /// Handing in mail to be sent.
    package let submission: Submission
    /// Delivery from outside.
    package let receive: Reception

    /// Looks up the capabilities of a mailbox of a kind and standing.
    ///
    /// Group addresses never sign in (R-ADDR-6); applications have no password, only app passwords (R-SCOPE-7).
    package init(kind: AccountKind, standing: AccountStanding) {
        switch kind {
        case .organisation, .personal, .clerical, .technical: self.init(ofPersonIn: standing)
        case .system, .service: self.init(ofPersonIn: standing, withoutPassword: true)
        case .group:
            self.init(
                login: .no, changePassword: false, imapPop: .no, submission: .no, receive: Self.reception(standing))
        }
    }

    /// Looks up the capabilities of a mailbox by its stored state.
    package init(kind: AccountKind, lifecycle: Lifecycle, mustChange: Bool, isLocked: Bool) {
        let standing = AccountStanding(lifecycle: lifecycle, mustChange: mustChange, isLocked: isLocked)
        self.init(kind: kind, standing: standing)
    }

    /// Whether the owner can sign in at all, if only to change the password.
    package var mayLogIn: Bool { login != .no }

    /// Whether the service lets mail be sent; the mailbox store may still forbid it.
    package var maySend: Bool { submission != .no }

    /// Whether the service lets mail in; always so.
    package var mayReceive: Bool { true }

    private init(
        login: Login, changePassword: Bool, imapPop: Reading, submission: Submission, receive: Reception
    ) {
        self.login = login
        self.changePassword = changePassword
        self.imapPop = imapPop
        self.submission = submission
        self.receive = receive
    }

    private init(ofPersonIn standing: AccountStanding, withoutPassword: Bool) {
        let row = Capabilities(ofPersonIn: standing)
        self.init(
            login: withoutPassword ? .no : row.login, changePassword: !withoutPassword && row.changePassword,
            imapPop: row.imapPop, submission: row.submission, receive: row.receive)
    }

    private init(ofPersonIn standing: AccountStanding) {
        let receive = Self.reception(standing)
        switch standing {
        case .mustChange:
            self.init(
                login: .changePasswordOnly, changePassword: true, imapPop: .no, submission: .no, receive: receive)
        case .active:
            self.init(
                login: .full, changePassword: true, imapPop: .appPasswordOnly, submission: .appPasswordOnly,
                receive: receive)
        case .locked, .transferEnded, .destroyed:
            self.init(login: .no, changePassword: false, imapPop: .no, submission: .no, receive: receive)
        case .transferred:
            self.init(
                login: .full, changePassword: true, imapPop: .appPasswordOnly, submission: .storeDecides,
                receive: receive)
        case .recalled:
            self.init(login: .full, changePassword: false, imapPop: .readOnly, submission: .no, receive: receive)
        }
    }

    private static func reception(_ standing: AccountStanding) -> Reception {
        switch standing {
        case .mustChange, .active, .locked, .transferred, .recalled: .yes
        case .transferEnded, .destroyed: .storeDecides
        }
    }
}
