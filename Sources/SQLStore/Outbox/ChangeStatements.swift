internal import AuthDomain
internal import AuthService

/// SQL that numbers the changes of accounts.
enum ChangeStatements {
    /// The next number over all accounts; the row stays locked until the commit, so numbers follow commits.
    static let nextNumber: SQLStatement = """
        UPDATE change_counter SET last_number = last_number + 1 WHERE id = 1 RETURNING last_number
        """

    /// Notes a change; no row when there is no such account.
    static func note(_ number: Int64, on account: AccountID, now: WallInstant) -> SQLStatement {
        """
        UPDATE accounts SET change_sequence = change_sequence + 1, change_number = \(number), updated_at = \(now)
        WHERE id = \(account) RETURNING change_sequence
        """
    }

    static func mainAddress(of account: AccountID) -> SQLStatement {
        "SELECT address FROM addresses WHERE account_id = \(account) AND is_main = 1"
    }
}
