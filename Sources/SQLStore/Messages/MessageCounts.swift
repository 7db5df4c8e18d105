internal import AuthDomain
internal import AuthService

/// Counts messages and money for the budgets, within the transaction that judges the next message.
///
/// What has few messages by its limit (a number, an account) is counted row by row. The rest is counted in slices of a
/// twelfth of its window, and a slice counts as long as any part of it lies in the window: never too few.
enum MessageCounts {
    private static let slices: Int64 = 12

    /// What passed in a scope before a message.
    static func count(
        _ scope: SMSBudgetScope, for admission: SMSAdmission, in transaction: borrowing Transaction
    ) throws -> SMSBudgetCount {
        guard let limit = admission.budget.limits[scope] else { return SMSBudgetCount(used: 0, freesIn: .zero) }
        switch scope {
        case .phone, .phoneDay:
            return try rows(
                "phone_digest IN (\(list: MessageStatements.blobs(admission.phone)))", limit, now: admission.now,
                in: transaction)
        case .account, .accountDay:
            return try rows("account_id = \(admission.account)", limit, now: admission.now, in: transaction)
        case .client, .prefix, .all, .money:
            guard let subject = subject(scope, admission.clientNetwork, admission.phone.prefix.text) else {
                return SMSBudgetCount(used: 0, freesIn: .zero)
            }
            return try sliced(scope, subject, limit, now: admission.now, in: transaction)
        }
    }

    /// Counts an admitted message in every sliced scope.
    static func add(
        _ admission: SMSAdmission, cost: Int64, in transaction: borrowing Transaction
    ) throws {
        for scope in [SMSBudgetScope.client, .prefix, .all, .money] {
            guard let limit = admission.budget.limits[scope],
                let subject = subject(scope, admission.clientNetwork, admission.phone.prefix.text)
            else { continue }
            let length = length(limit)
            let slice = admission.now.milliseconds / length
            try transaction.execute(
                """
                INSERT INTO sms_counts (scope, subject, slice, used, expires_at)
                VALUES (\(name(scope, length)), \(subject), \(slice), \(scope == .money ? cost : 1),
                    \(length * (slice + slices + 2)))
                ON CONFLICT (scope, subject, slice) DO UPDATE SET used = sms_counts.used + excluded.used
                """)
        }
        try transaction.execute(
            """
            DELETE FROM sms_counts WHERE (scope, subject, slice) IN
                (SELECT scope, subject, slice FROM sms_counts WHERE expires_at < \(admission.now)
                ORDER BY expires_at LIMIT 8)
            """)
    }

    /// Gives back what a message took that surely never left, or the money that it did not cost.
    ///
    /// - Parameters:
    ///   - row: The message.
    ///   - messages: 1 to give the message itself back.
    ///   - money: Đồng to give back; negative for a message that cost more than reckoned.
    static func giveBack(
        _ row: MessageRow, messages: Int64, money: Int64, in transaction: borrowing Transaction
    ) throws {
        for (scope, amount) in [
            (SMSBudgetScope.client, messages), (.prefix, messages), (.all, messages), (.money, money),
        ] where amount != 0 {
            guard let subject = subject(scope, row.clientNetwork, row.prefix) else { continue }
            // The window of the message's time is in the name; of all names the slice that holds its moment is meant.
            let names = try transaction.rows(
                """
                SELECT DISTINCT scope FROM sms_counts
                WHERE subject = \(subject) AND scope >= \(scope.rawValue + ":") AND scope < \(scope.rawValue + ";")
                """
            ) { $0.text() }
            for name in names {
                guard let length = name.split(separator: ":").last.flatMap({ Int64($0) }), length > 0 else { continue }
                let slice = row.createdAt.milliseconds / length
                try transaction.execute(
                    """
                    UPDATE sms_counts SET used = CASE WHEN used > \(amount) THEN used - \(amount) ELSE 0 END
                    WHERE scope = \(name) AND subject = \(subject) AND slice = \(slice)
                    """)
            }
        }
    }

    private static func rows(
        _ condition: SQLStatement, _ limit: SMSBudgetLimit, now: WallInstant, in transaction: borrowing Transaction
    ) throws -> SMSBudgetCount {
        guard limit.most > 0 else { return SMSBudgetCount(used: 0, freesIn: limit.window) }
        let found = try transaction.first(
            """
            SELECT count(*), min(created_at) FROM (
                SELECT created_at FROM sms_sends
                WHERE \(condition) AND created_at > \(now - limit.window) AND state <> \(SMSSendState.refused)
                ORDER BY created_at DESC LIMIT \(limit.most)) n
            """
        ) { row in (used: row.integer(), oldest: row.optionalInstant()) }
        guard let found, let oldest = found.oldest else { return SMSBudgetCount(used: 0, freesIn: .zero) }
        return SMSBudgetCount(used: found.used, freesIn: oldest + limit.window - now)
    }

    private static func sliced(
        _ scope: SMSBudgetScope, _ subject: String, _ limit: SMSBudgetLimit, now: WallInstant,
        in transaction: borrowing Transaction
    ) throws -> SMSBudgetCount {
        let length = length(limit)
        let current = now.milliseconds / length
        let found = try transaction.first(
            """
            SELECT sum(used), min(slice) FROM sms_counts
            WHERE scope = \(name(scope, length)) AND subject = \(subject) AND slice >= \(current - slices)
                AND used > 0
            """
        ) { row in (used: row.integer(), oldest: row.optionalInteger()) }
        guard let found, let oldest = found.oldest else { return SMSBudgetCount(used: 0, freesIn: .zero) }
        let frees = WallInstant(milliseconds: (oldest + slices + 1) * length)
        return SMSBudgetCount(used: found.used, freesIn: frees - now)
    }

    private static func length(_ limit: SMSBudgetLimit) -> Int64 {
        max(1, limit.window.wholeMilliseconds / slices)
    }

    /// Settings may change a window: its slices then begin anew beside the old ones.
    private static func name(_ scope: SMSBudgetScope, _ length: Int64) -> String {
        "\(scope.rawValue):\(length)"
    }

    private static func subject(_ scope: SMSBudgetScope, _ client: String?, _ prefix: String) -> String? {
        switch scope {
        case .client: client
        case .prefix: prefix
        case .all, .money: ""
        case .phone, .phoneDay, .account, .accountDay: nil
        }
    }
}
