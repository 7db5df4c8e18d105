/// How long the record is kept (Đ9.2, R-LOG-1).
package struct AuditRetention: Hashable, Sendable {
    /// The fewest days that the record may be kept: Đ9.2 asks for a year, which may be a leap year.
    package static let leastDays = 366

    /// Days that a row is kept at least.
    package let days: Int

    /// Makes a rule.
    ///
    /// - Parameter days: Days that a row is kept; fewer than `leastDays` count as that many.
    package init(days: Int = 400) {
        self.days = max(days, Self.leastDays)
    }

    /// Rows from before this instant may go.
    package func cutoff(at now: WallInstant) -> WallInstant {
        now - .seconds(days * 86_400)
    }
}
