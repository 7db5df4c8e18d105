internal import AuthDomain
internal import AuthService

/// SQL of reports.
enum ReportStatements {
    /// Both forms walk an index, so that a page costs its own rows only.
    static func ids(_ query: ReportQuery) -> SQLStatement {
        let after = query.after?.text ?? ""
        guard let organisation = query.organisation else {
            return """
                SELECT id FROM accounts WHERE id > \(after) AND lifecycle <> \(Lifecycle.destroyed)
                ORDER BY id LIMIT \(query.limit)
                """
        }
        return """
            SELECT id FROM accounts WHERE organisation = \(organisation) AND id > \(after)
                AND lifecycle <> \(Lifecycle.destroyed)
            ORDER BY id LIMIT \(query.limit)
            """
    }

    static let accountsByKind: SQLStatement = """
        SELECT kind, lifecycle, count(*) FROM accounts WHERE lifecycle <> \(Lifecycle.destroyed)
        GROUP BY kind, lifecycle
        """

    static let locksByCause: SQLStatement = """
        SELECT l.cause, count(*) FROM locks l JOIN accounts c ON c.id = l.account_id
        WHERE l.cleared_at IS NULL AND c.lifecycle <> \(Lifecycle.destroyed) GROUP BY l.cause
        """

    /// Accounts in use that a person signs in to, in one walk.
    static func inUse(_ horizon: ReportHorizon) -> SQLStatement {
        let people = AccountKind.allCases.filter(\.canSignIn).map { SQLValue.text($0.rawValue) }
        let isFirst: SQLStatement = "password_issued = 1 AND password_expires_at IS NULL"
        let hasAuthenticator: SQLStatement = """
            EXISTS (SELECT 1 FROM authenticators a WHERE a.account_id = accounts.id AND a.revoked_at IS NULL)
            """
        return """
            SELECT
                \(count(isFirst)),
                \(count("\(isFirst) AND notified_at IS NULL")),
                \(count("must_change = 1")),
                \(count(hasAuthenticator)),
                \(count("phone_masked IS NOT NULL")),
                \(count("phone_masked IS NULL AND NOT \(hasAuthenticator)")),
                \(count("password_changed_at <= \(horizon.oldPassword)")),
                \(count("coalesce(last_sign_in_at, created_at) <= \(horizon.inactive45Days)"))
            FROM accounts
            WHERE lifecycle IN (\(Lifecycle.active), \(Lifecycle.transferred)) AND kind IN (\(list: people))
            """
    }

    static func record(since year: WallInstant) -> SQLStatement {
        """
        SELECT (SELECT count(*) FROM locks WHERE locked_at >= \(year)),
            (SELECT count(*) FROM restorations WHERE restored_at >= \(year)),
            (SELECT count(*) FROM audit), (SELECT min(occurred_at) FROM audit)
        """
    }

    private static func count(_ condition: SQLStatement) -> SQLStatement {
        "coalesce(sum(CASE WHEN \(condition) THEN 1 ELSE 0 END), 0)"
    }
}
