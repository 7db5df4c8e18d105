internal import AuthDomain
internal import AuthService

/// SQL about messages that were ordered ahead.
enum OrderStatements {
    /// A password belongs to the version that the account has in the same transaction.
    static func insert(_ order: SMSOrder, now: WallInstant) -> SQLStatement {
        """
        INSERT INTO sms_orders (id, account_id, purpose, transaction_id, password_sealed, password_version, repeats,
            ordered_at, due_at)
        SELECT \(order.id), id, \(order.purpose), \(order.transaction), \(order.sealedPassword),
            CASE WHEN \(order.sealedPassword != nil) = 1 THEN password_version END, 0, \(now), \(now)
        FROM accounts WHERE id = \(order.account)
        """
    }

    /// The order is not over, its message is this one, and its password would open the account.
    static func waits(_ order: String, for reference: String, now: WallInstant) -> SQLStatement {
        """
        SELECT 1 FROM sms_orders o JOIN accounts c ON c.id = o.account_id
        WHERE o.id = \(order) AND o.reference = \(reference) AND o.ended_at IS NULL
            AND (o.password_version IS NULL
                OR c.password_version = o.password_version AND c.must_change = 1
                    AND (c.password_expires_at IS NULL OR c.password_expires_at > \(now)))
        """
    }

    static func due(at now: WallInstant, limit: Int) -> SQLStatement {
        """
        SELECT o.id, o.account_id, o.purpose, o.transaction_id, o.password_sealed, o.password_version,
            o.repeats, o.reference, s.state
        FROM sms_orders o LEFT JOIN sms_sends s ON s.reference = o.reference
        WHERE o.ended_at IS NULL AND o.due_at <= \(now) ORDER BY o.due_at, o.id LIMIT \(limit)
        """
    }

    static func claim(_ order: String, reference: String, repeats: Int, lease: WallInstant) -> SQLStatement {
        """
        UPDATE sms_orders SET reference = \(reference), repeats = \(repeats), due_at = \(lease)
        WHERE id = \(order) AND ended_at IS NULL
        """
    }

    static func postpone(_ order: String, to instant: WallInstant) -> SQLStatement {
        "UPDATE sms_orders SET due_at = \(instant) WHERE id = \(order) AND ended_at IS NULL"
    }

    static func postpone(_ claimed: ClaimedSMSOrder, to instant: WallInstant) -> SQLStatement {
        """
        UPDATE sms_orders SET due_at = \(instant)
        WHERE id = \(claimed.order.id) AND reference = \(claimed.reference) AND ended_at IS NULL
        """
    }

    static func end(
        _ claimed: ClaimedSMSOrder, _ end: SMSOrderEnd, reason: String?, now: WallInstant
    ) -> SQLStatement {
        """
        UPDATE sms_orders SET ended_at = \(now), outcome = \(end), reason = \(reason), password_sealed = NULL
        WHERE id = \(claimed.order.id) AND reference = \(claimed.reference) AND ended_at IS NULL
        """
    }

    /// A first password that left is the notice of its issue; the first notice counts (R-FIRST-2, R-FIRST-4).
    static func noteNotice(of order: String, now: WallInstant) -> SQLStatement {
        """
        UPDATE accounts SET notified_at = \(now), look_at = 0
        WHERE id = (SELECT account_id FROM sms_orders WHERE id = \(order)) AND notified_at IS NULL
            AND password_issued = 1 AND password_expires_at IS NULL
            AND password_version = (SELECT password_version FROM sms_orders WHERE id = \(order))
        """
    }

    // MARK: Looking

    static func waiting(limit: Int) -> SQLStatement {
        "\(columns) WHERE o.ended_at IS NULL ORDER BY o.due_at, o.id LIMIT \(limit)"
    }

    static func lost(limit: Int) -> SQLStatement {
        """
        \(columns) WHERE o.outcome IN ('undelivered', 'refused', 'unknown', 'overdue')
        ORDER BY o.ended_at DESC, o.id DESC LIMIT \(limit)
        """
    }

    private static let columns: SQLStatement = """
        SELECT o.id, a.address, coalesce(c.pending_phone_masked, c.phone_masked), o.purpose, o.ordered_at, o.due_at,
            o.outcome, o.reason
        FROM sms_orders o LEFT JOIN accounts c ON c.id = o.account_id
        LEFT JOIN addresses a ON a.account_id = o.account_id AND a.is_main = 1
        """

    /// Forgets what ended as long ago as its messages.
    static func purge(before instant: WallInstant, limit: Int) -> SQLStatement {
        """
        DELETE FROM sms_orders WHERE id IN
            (SELECT id FROM sms_orders WHERE ended_at IS NOT NULL AND ended_at < \(instant)
            ORDER BY ended_at LIMIT \(limit))
        """
    }
}
