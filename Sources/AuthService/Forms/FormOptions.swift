package import AuthDomain

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

    /// The defaults.
    package init() {}
}
