internal import AuthDomain
internal import AuthService

/// SQL that removes what is kept for a time only.
enum PruningStatements {
    /// The oldest of a kind that ended before an instant, by the columns that name a row.
    static func found(_ kind: Prunable, before instant: WallInstant, limit: Int) -> SQLStatement {
        let place = PrunedPlace(kind, before: instant)
        return """
            SELECT \(place.key) FROM \(place.table) WHERE \(place.condition) ORDER BY \(place.age) LIMIT \(limit)
            """
    }

    static func remove(_ kind: Prunable, before instant: WallInstant, limit: Int) -> SQLStatement {
        let place = PrunedPlace(kind, before: instant)
        return """
            DELETE FROM \(place.table) WHERE (\(place.key)) IN (\(found(kind, before: instant, limit: limit)))
            """
    }

    /// Of the next few accounts those with days before one.
    static func accountsWithDays(before day: CivilDate, after cursor: String, upTo last: String) -> SQLStatement {
        """
        SELECT a.id FROM accounts a WHERE a.id > \(cursor) AND a.id <= \(last)
            AND EXISTS (SELECT 1 FROM activity_days d WHERE d.account_id = a.id AND d.day < \(day.daysSinceEpoch))
            AND \(isFree("a.id"))
        ORDER BY a.id
        """
    }

    static func removeDays(of account: String, before day: CivilDate, limit: Int) -> SQLStatement {
        """
        DELETE FROM activity_days WHERE (account_id, day, kind) IN (
            SELECT account_id, day, kind FROM activity_days
            WHERE account_id = \(account) AND day < \(day.daysSinceEpoch) ORDER BY day LIMIT \(limit))
        """
    }

    /// Whether no legal hold stands on the account of a column.
    static func isFree(_ account: SQLStatement) -> SQLStatement {
        "\(account) NOT IN (\(LegalHoldStatements.heldAccounts))"
    }
}

/// A table with rows that are over at some time.
private struct PrunedPlace {
    let table: SQLStatement
    let key: SQLStatement
    let age: SQLStatement
    let condition: SQLStatement

    init(_ kind: Prunable, before instant: WallInstant) {
        switch kind {
        case .feedDays:
            self.init(
                "activity_feeds", "feed, day", "day", "day < \(CivilDate(inHanoiAt: instant).daysSinceEpoch)",
                account: nil)
        case .namedCalls:
            self.init("idempotent_calls", "client, call_name", "begun_at", "begun_at < \(instant)", account: nil)
        case .formRows:
            self.init(
                "form_rows", "file_digest, form, sheet, number", "done_at", "done_at < \(instant)", account: nil)
        case .messages:
            self.init("sms_sends", "reference", "created_at", "created_at < \(instant)", account: "account_id")
        case .messageCounts:
            self.init("sms_counts", "scope, subject, slice", "expires_at", "expires_at < \(instant)", account: nil)
        case .attemptLanes:
            self.init("attempt_lanes", "subject, kind, lane", "expires_at", "expires_at < \(instant)", account: nil)
        case .enrolmentCodes:
            self.init("enrolment_codes", "id", "ended_at", "ended_at < \(instant)", account: "account_id")
        case .authenticators:
            self.init("authenticators", "id", "revoked_at", "revoked_at < \(instant)", account: "account_id")
        case .appPasswords:
            self.init("app_passwords", "id", "revoked_at", "revoked_at < \(instant)", account: "account_id")
        case .deadEvents:
            self.init(
                "outbox_dead", "target, account_id, sequence", "died_at", "died_at < \(instant)", account: "account_id")
        case .deadFarewells:
            self.init(
                "outbox_dead", "target, account_id, sequence", "died_at",
                """
                died_at < \(instant) AND EXISTS (SELECT 1 FROM accounts a
                    WHERE a.id = outbox_dead.account_id AND a.lifecycle = \(Lifecycle.destroyed))
                """, account: "account_id")
        }
    }

    private init(
        _ table: SQLStatement, _ key: SQLStatement, _ age: SQLStatement, _ isOver: SQLStatement,
        account: SQLStatement?
    ) {
        self.table = table
        self.key = key
        self.age = age
        condition = account.map { "\(isOver) AND \(PruningStatements.isFree($0))" } ?? isOver
    }
}
