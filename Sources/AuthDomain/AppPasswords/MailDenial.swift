/// Why a mailbox may not be used through a mail program although the secret was right (A11, R-LOCK-1).
package enum MailDenial: String, CaseIterable, Sendable {
    /// A lock stands.
    case locked
    /// The password has to be changed first, on the web.
    case mustChange = "must_change"
    /// The mailbox was recalled: it is read for a while, nothing is sent or set (T-12).
    case recalled
    /// No mailbox that anyone logs in to.
    case noLogin = "no_login"

    /// Looks the answer up in the table of states and capabilities; nil when the service may be used.
    ///
    /// Sieve changes what the mailbox does, forwarding included, so reading alone does not open it.
    package init?(of service: MailService, kind: AccountKind, standing: AccountStanding) {
        let capabilities = Capabilities(kind: kind, standing: standing)
        let isOpen =
            switch service {
            case .imap, .pop3: capabilities.imapPop != .no
            case .sieve: capabilities.imapPop == .appPasswordOnly
            case .smtp: capabilities.submission != .no
            }
        if isOpen { return nil }
        switch standing {
        case .locked: self = kind == .group ? .noLogin : .locked
        case .mustChange: self = kind == .group ? .noLogin : .mustChange
        case .recalled: self = kind == .group ? .noLogin : .recalled
        case .active, .transferred, .transferEnded, .destroyed: self = .noLogin
        }
    }

    /// The reason as mail programs show it: in both languages, without marks, since IMAP and SMTP carry ASCII only.
    ///
    /// At most 200 characters, no control character.
    package var text: String {
        switch self {
        case .locked:
            "Hop thu dang bi tam khoa; lien he nguoi chuyen trach hoac \(DenialText.supportMailbox). "
                + "The mailbox is temporarily locked; ask \(DenialText.supportMailbox)."
        case .mustChange:
            "Hay doi mat khau tren trang web truoc. Change the password on the web first."
        case .recalled:
            "Hop thu da bi thu hoi, khong con gui thu. The mailbox was recalled and no longer sends."
        case .noLogin:
            "Hop thu nay khong co dang nhap. This mailbox has no login."
        }
    }
}
