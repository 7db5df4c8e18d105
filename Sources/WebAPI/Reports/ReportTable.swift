internal import AuthDomain
package import AuthService

/// Reports about accounts as separated values that spreadsheets read (RFC 4180).
package enum ReportTable {
    /// The bytes before the first row of a file, by which spreadsheets know UTF-8.
    package static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private static let heads = [
        "address", "kind", "display_name", "organisation", "lifecycle", "state", "login", "send", "receive",
        "last_sign_in_at", "authenticators", "recovery_codes_left", "phone", "must_change", "password_changed_at",
        "password_age_days", "locks", "deadlines", "findings", "created_at", "notified_at",
    ]

    /// The first row.
    package static var head: [UInt8] { line(heads) }

    /// One account.
    package static func line(_ row: AccountReportRow) -> [UInt8] {
        let account = row.account
        let locks = account.locks.map { lock in
            "\(lock.cause.rawValue) (\(lock.cause.clause), \(RFC3339.format(lock.lockedAt)))"
        }
        let deadlines = row.deadlines.map { "\($0.code) \(RFC3339.format($0.at))" }
        return line([
            account.address.text, account.kind.rawValue, account.displayName ?? "", account.organisation ?? "",
            account.lifecycle.rawValue, row.standing.rawValue, flag(row.capabilities.mayLogIn),
            flag(row.capabilities.maySend), flag(row.capabilities.mayReceive),
            account.lastSignInAt.map(RFC3339.format) ?? "", String(account.authenticators.count),
            String(account.recoveryCodesLeft), account.maskedPhone ?? "", flag(account.password.mustChange),
            RFC3339.format(account.password.changedAt), String(row.passwordAgeDays), locks.joined(separator: "; "),
            deadlines.joined(separator: "; "), row.findings.map(\.message).joined(separator: "; "),
            RFC3339.format(account.createdAt), account.notifiedAt.map(RFC3339.format) ?? "",
        ])
    }

    /// Cells with what a row needs around them.
    static func line(_ cells: [String]) -> [UInt8] {
        Array((cells.map(cell).joined(separator: ",") + "\r\n").utf8)
    }

    /// A cell, quoted where it must be, and never one that a spreadsheet takes for a formula.
    ///
    /// Names come from forms that strangers fill in: what begins like a formula is shown behind an apostrophe.
    static func cell(_ text: String) -> String {
        var text = text
        if let first = text.unicodeScalars.first, ["=", "+", "-", "@", "\t", "\r", "\n"].contains(first) {
            text = "'" + text
        }
        guard text.unicodeScalars.contains(where: { [",", "\"", "\n", "\r", ";", "'"].contains($0) }) else {
            return text
        }
        return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    private static func flag(_ value: Bool) -> String { value ? "yes" : "no" }
}
