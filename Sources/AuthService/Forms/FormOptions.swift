package import AuthDomain

/// How temporary passwords leave the service (R-PW-8).
package enum PasswordWay: Hashable, Sendable {
    /// In sealed files alone.
    case sealedFiles
    /// By SMS; where a number takes none, in sealed files if there are any.
    case sms(othersInFiles: Bool)
}

/// What the operator settles for an import.
package struct FormOptions: Sendable {
    /// The abbreviation of the body that the new mailboxes belong to, for proposals by Điều 5.
    package var abbreviation: String?
    /// Whether addresses proposed for rows without one are taken.
    package var acceptsProposals = false
    /// Number and date of the paper that the form came with.
    package var document: String?
    /// Whether those recalled are heads of bodies, whose mailboxes are kept 60 days instead of 30 (Đ7.4.d).
    package var recallsHeads = false
    /// Counts the days until a recalled mailbox is no longer kept.
    package var calendar = OfficialCalendar()
    /// When the owners were or will be told; the 05 days of Đ8.2.d run from it.
    package var notifiedAt: WallInstant?
    /// How temporary passwords leave.
    package var passwords = PasswordWay.sealedFiles
    /// Whether the service sends the codes that confirm changed numbers: a gateway is set (R-PHONE-5).
    package var confirmsNumbers = false

    /// The defaults.
    package init() {}

    /// Whether the password that a row issues leaves by SMS.
    package func sendsPassword(of plan: FormPlan) -> Bool {
        guard case .sms = passwords else { return false }
        return switch plan {
        case .issue(let issue): issue.phone.takesSMS
        case .representative(_, let phone): phone.takesSMS
        case .phone, .name, .organisation, .recall: false
        }
    }
}
