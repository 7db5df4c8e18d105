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

    /// Nothing when no account changed since then.
    static func firstNumber(since instant: WallInstant) -> SQLStatement {
        "SELECT min(change_number) FROM accounts WHERE updated_at >= \(instant)"
    }

    static func page(after cursor: ChangeCursor, limit: Int) -> SQLStatement {
        """
        SELECT id, change_number, change_sequence, updated_at FROM accounts
        WHERE (change_number, id) > (\(cursor.number), \(cursor.account))
        ORDER BY change_number, id LIMIT \(limit)
        """
    }
}
