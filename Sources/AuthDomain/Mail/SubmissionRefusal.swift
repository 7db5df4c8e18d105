/// Why a mailbox may not hand in mail to be sent; it goes on receiving in every case (R-LOCK-1, T-12).
package enum SubmissionRefusal: String, CaseIterable, Sendable {
    case locked
    case mustChange = "must_change"
    case recalled
    /// A group address, which nobody signs in to.
    case notAllowed = "not_allowed"
    /// No mailbox answers to the name, or no longer does.
    case unknown

    /// The refusal that a mailbox of a kind and standing meets; nil when it may send.
    package init?(kind: AccountKind, standing: AccountStanding) {
        guard !Capabilities(kind: kind, standing: standing).maySend else { return nil }
        switch standing {
        case .locked: self = .locked
        case .mustChange: self = .mustChange
        case .recalled: self = .recalled
        case .destroyed, .transferEnded: self = .unknown
        case .active, .transferred: self = .notAllowed
        }
    }

    /// What the mail client shows, at most 200 characters.
    ///
    /// One line of ASCII in both languages, because an SMTP reply has neither a language nor, without SMTPUTF8,
    /// letters with marks.
    package var replyText: String {
        let desk = DenialText.supportMailbox
        return switch self {
        case .locked:
            "Hop thu dang bi tam khoa; de nghi lien he nguoi chuyen trach hoac \(desk)."
                + " The mailbox is temporarily locked; it still receives mail."
        case .mustChange:
            "Phai doi mat khau tren trang dang nhap truoc khi gui thu."
                + " The password must be changed on the sign-in page before mail can be sent."
        case .recalled:
            "Hop thu da bi thu hoi quyen gui; lien he \(desk)."
                + " The mailbox may no longer send; it can still be read."
        case .notAllowed:
            "Dia chi nhom khong gui thu. This group address does not send mail."
        case .unknown:
            "Tai khoan khong duoc phep gui thu; lien he \(desk). This account may not send mail."
        }
    }
}
