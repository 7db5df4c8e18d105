internal import AuthDomain
internal import AuthService

/// SQL about events that wait for their receivers.
///
/// The events of one account for one target form a line, which one dispatcher works at a time: order within a line
/// is kept, lines do not wait for each other. `due_at` of a line is when its first event may be taken; taking it
/// moves `due_at` to the end of the claim, so that a claim whose holder died is due again by itself.
enum OutboxStatements {
    // MARK: Emission

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

    // MARK: Taking

    static func claim(_ claim: OutboxClaim, now: WallInstant) -> SQLStatement {
        """
        UPDATE outbox_lines SET due_at = \(claim.until), lease = \(claim.lease)
        WHERE (target, account_id) IN (
            SELECT target, account_id FROM outbox_lines
            WHERE target = \(claim.target) AND due_at <= \(now)
                AND NOT EXISTS (SELECT 1 FROM outbox_stops s WHERE s.target = \(claim.target))
            ORDER BY due_at LIMIT \(claim.limit))
        RETURNING account_id, attempts, stage
        """
    }

    static func first(of account: AccountID, target: String) -> SQLStatement {
        """
        SELECT sequence, type, occurred_at, address, data FROM outbox
        WHERE target = \(target) AND account_id = \(account) ORDER BY sequence LIMIT 1
        """
    }

    /// Ends a line whose events were dropped.
    static func endEmptyLine(of account: AccountID, target: String) -> SQLStatement {
        "DELETE FROM outbox_lines WHERE target = \(target) AND account_id = \(account)"
    }

    static func nextDue(_ target: String) -> SQLStatement {
        """
        SELECT due_at FROM outbox_lines WHERE target = \(target)
            AND NOT EXISTS (SELECT 1 FROM outbox_stops s WHERE s.target = \(target))
        ORDER BY due_at LIMIT 1
        """
    }

    // MARK: Settling

    static func isHeld(_ message: OutboxMessage) -> SQLStatement {
        "SELECT 1 FROM outbox_lines WHERE \(held(message))"
    }

    static func remove(_ message: OutboxMessage) -> SQLStatement {
        "DELETE FROM outbox WHERE \(key(message))"
    }

    /// Gives the next event of the line its turn; no row when the claim is not ours or nothing waits.
    static func advance(after message: OutboxMessage) -> SQLStatement {
        """
        UPDATE outbox_lines SET due_at = 0, attempts = 0, stage = 0, lease = NULL, last_result = NULL
        WHERE \(held(message)) AND EXISTS (SELECT 1 FROM outbox o
            WHERE o.target = \(message.target) AND o.account_id = \(message.account))
        """
    }

    /// Ends a line in which nothing waits.
    static func endLine(of message: OutboxMessage) -> SQLStatement {
        "DELETE FROM outbox_lines WHERE \(held(message))"
    }

    static func postpone(
        _ message: OutboxMessage, until due: WallInstant, attempts: Int, stage: Int, result: String?
    ) -> SQLStatement {
        """
        UPDATE outbox_lines SET due_at = \(due), attempts = \(attempts), stage = \(stage), lease = NULL,
            last_result = \(result)
        WHERE \(held(message))
        """
    }

    static func release(_ message: OutboxMessage, now: WallInstant) -> SQLStatement {
        "UPDATE outbox_lines SET due_at = \(now), lease = NULL WHERE \(held(message))"
    }

    static func bury(_ message: OutboxMessage, result: String, now: WallInstant) -> SQLStatement {
        """
        INSERT INTO outbox_dead (target, account_id, sequence, type, occurred_at, address, data, attempts, result,
            died_at)
        SELECT target, account_id, sequence, type, occurred_at, address, data, \(message.attempts + 1), \(result),
            \(now)
        FROM outbox WHERE \(key(message))
        ON CONFLICT (target, account_id, sequence) DO NOTHING
        """
    }

    static func stop(_ target: String, reason: String, now: WallInstant) -> SQLStatement {
        """
        INSERT INTO outbox_stops (target, reason, stopped_at) VALUES (\(target), \(reason), \(now))
        ON CONFLICT (target) DO NOTHING
        """
    }

    static func isRestorationPending(_ account: AccountID, targets: [String]) -> SQLStatement {
        """
        SELECT 1 FROM outbox WHERE target IN (\(list: targets.map(SQLValue.text))) AND account_id = \(account)
            AND type = \(AccountEventType.mailboxRestored) LIMIT 1
        """
    }

    private static func key(_ message: OutboxMessage) -> SQLStatement {
        """
        target = \(message.target) AND account_id = \(message.account) AND sequence = \(message.sequence)
        """
    }

    private static func held(_ message: OutboxMessage) -> SQLStatement {
        """
        target = \(message.target) AND account_id = \(message.account) AND lease = \(message.lease)
        """
    }
}
