internal import AuthDomain
internal import AuthService

/// SQL about events that wait for their receivers.
///
/// The events of one account for one target form a line, which one dispatcher works at a time: order within a line
/// is kept, lines do not wait for each other.
enum OutboxStatements {
    static func insert(
        _ type: AccountEventType, data: String, account: AccountID, address: String, sequence: Int64, target: String,
        now: WallInstant
    ) -> SQLStatement {
        """
        INSERT INTO outbox (target, account_id, sequence, type, occurred_at, address, data)
        VALUES (\(target), \(account), \(sequence), \(type), \(now), \(address), \(data))
        """
    }

    /// Makes the line of an account due at once, unless it is there: then its first event sets the pace.
    static func openLine(of account: AccountID, target: String) -> SQLStatement {
        """
        INSERT INTO outbox_lines (target, account_id, due_at, attempts, stage) VALUES (\(target), \(account), 0, 0, 0)
        ON CONFLICT (target, account_id) DO NOTHING
        """
    }
}
