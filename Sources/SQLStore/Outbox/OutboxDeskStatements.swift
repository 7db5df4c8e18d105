internal import AuthDomain
internal import AuthService

/// SQL for operators who look at the outbox and mend it.
enum OutboxDeskStatements {
    static func pending(_ selection: OutboxSelection, limit: Int) -> SQLStatement {
        """
        SELECT o.target, o.account_id, o.sequence, o.type, o.occurred_at, o.address, o.data,
            CASE WHEN f.sequence IS NULL THEN 0 ELSE l.attempts END,
            CASE WHEN f.sequence IS NULL THEN NULL ELSE l.last_result END,
            CASE WHEN f.sequence IS NULL OR l.due_at = 0 THEN NULL ELSE l.due_at END
        FROM outbox o LEFT JOIN outbox_lines l ON l.target = o.target AND l.account_id = o.account_id
        LEFT JOIN (SELECT target, account_id, min(sequence) AS sequence FROM outbox GROUP BY target, account_id) f
            ON f.target = o.target AND f.account_id = o.account_id AND f.sequence = o.sequence
        WHERE \(condition(selection, "o")) ORDER BY o.occurred_at, o.target, o.account_id, o.sequence LIMIT \(limit)
        """
    }

    static func dead(_ selection: OutboxSelection, limit: Int) -> SQLStatement {
        """
        SELECT o.target, o.account_id, o.sequence, o.type, o.occurred_at, o.address, o.data, o.attempts, o.result,
            o.died_at
        FROM outbox_dead o WHERE \(condition(selection, "o"))
        ORDER BY o.occurred_at, o.target, o.account_id, o.sequence LIMIT \(limit)
        """
    }

    // MARK: Mending

    static func revive(_ selection: OutboxSelection) -> SQLStatement {
        """
        INSERT INTO outbox (target, account_id, sequence, type, occurred_at, address, data)
        SELECT o.target, o.account_id, o.sequence, o.type, o.occurred_at, o.address, o.data FROM outbox_dead o
        WHERE \(condition(selection, "o")) ON CONFLICT (target, account_id, sequence) DO NOTHING
        """
    }

    /// Makes the lines of what is meant due at once, with their schedule begun anew; one that is out stays out.
    static func hasten(_ selection: OutboxSelection) -> SQLStatement {
        """
        INSERT INTO outbox_lines (target, account_id, due_at, attempts, stage)
        SELECT DISTINCT o.target, o.account_id, 0, 0, 0 FROM outbox o WHERE \(condition(selection, "o"))
        ON CONFLICT (target, account_id) DO UPDATE SET due_at = 0, attempts = 0
        WHERE outbox_lines.lease IS NULL
        """
    }

    static func count(_ selection: OutboxSelection) -> SQLStatement {
        "SELECT count(*) FROM outbox o WHERE \(condition(selection, "o"))"
    }

    static func deletePending(_ selection: OutboxSelection) -> SQLStatement {
        "DELETE FROM outbox AS o WHERE \(condition(selection, "o"))"
    }

    static func deleteDead(_ selection: OutboxSelection) -> SQLStatement {
        "DELETE FROM outbox_dead AS o WHERE \(condition(selection, "o"))"
    }

    static func takeUp(_ target: String?) -> SQLStatement {
        guard let target else { return "DELETE FROM outbox_stops" }
        return "DELETE FROM outbox_stops WHERE target = \(target)"
    }

    // MARK: Counting

    static let pendingCounts: SQLStatement = "SELECT target, count(*), min(occurred_at) FROM outbox GROUP BY target"
    static let deadCounts: SQLStatement = "SELECT target, count(*) FROM outbox_dead GROUP BY target"
    static let stops: SQLStatement = "SELECT target, reason FROM outbox_stops"

    /// Each condition appears only when it is asked for, so that the key is used where it can be.
    private static func condition(_ selection: OutboxSelection, _ table: SQLStatement) -> SQLStatement {
        var conditions: SQLStatement = "1 = 1"
        if let target = selection.target { conditions = "\(conditions) AND \(table).target = \(target)" }
        if let id = selection.id {
            let key = OutboxKey(id: id)
            conditions = """
                \(conditions) AND \(table).account_id = \(key.account) AND \(table).sequence = \(key.sequence)
                """
        }
        return conditions
    }
}

/// What the identifier of a message says.
private struct OutboxKey {
    let account: AccountID
    let sequence: Int64

    /// Reads `msg_ACCOUNT_SEQUENCE`; what is something else names nothing.
    init(id: String) {
        let body = id.hasPrefix("msg_") ? id.dropFirst(4) : ""
        let end = body.lastIndex(of: "_") ?? body.startIndex
        account = AccountID(String(body[..<end]))
        sequence = Int64(body[end...].dropFirst()) ?? -1
    }
}
