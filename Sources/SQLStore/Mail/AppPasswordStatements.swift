internal import AuthDomain
internal import AuthService

/// SQL about app passwords and what a mail login needs beside them.
enum AppPasswordStatements {
    private static let accountColumns: SQLStatement = """
        c.id, m.address, c.kind, c.lifecycle, c.must_change, c.password_version, c.look_at,
        (SELECT l.cause FROM locks l WHERE l.account_id = c.id AND l.cleared_at IS NULL
            ORDER BY l.locked_at, l.id LIMIT 1)
        """

    private static let columns: SQLStatement = """
        p.id, p.account_id, p.label, p.lookup, p.digest, p.services, p.networks, p.expires_at, p.document,
        p.created_at, p.last_used_at, p.last_used_address, p.last_used_service
        """

    /// One row for each app password that may be meant, and one without when there is none.
    static func login(at address: MailboxAddress, lookups: [[UInt8]]) -> SQLStatement {
        // A list must not be empty in every database; nothing equals NULL.
        let wanted = lookups.isEmpty ? [SQLValue.null] : lookups.map(SQLValue.blob)
        return """
            SELECT \(accountColumns), \(columns)
            FROM addresses a
            JOIN accounts c ON c.id = a.account_id
            JOIN addresses m ON m.account_id = c.id AND m.is_main = 1
            LEFT JOIN app_passwords p ON p.account_id = c.id AND p.revoked_at IS NULL AND p.lookup IN (\(list: wanted))
            WHERE a.address = \(address)
            """
    }

    static func account(id: AccountID) -> SQLStatement {
        """
        SELECT \(accountColumns) FROM accounts c JOIN addresses m ON m.account_id = c.id AND m.is_main = 1
        WHERE c.id = \(id)
        """
    }

    static func standing(of account: AccountID) -> SQLStatement {
        """
        SELECT \(columns) FROM app_passwords p WHERE p.account_id = \(account) AND p.revoked_at IS NULL
        ORDER BY p.created_at, p.id
        """
    }

    /// No row is written unless the guard holds.
    static func insert(_ record: AppPasswordRecord, guard condition: AppPasswordGuard) -> SQLStatement {
        var owner: SQLStatement =
            "c.id = \(condition.account) AND c.lifecycle <> \(Lifecycle.destroyed)"
        if let version = condition.passwordVersion { owner = "\(owner) AND c.password_version = \(version)" }
        return """
            INSERT INTO app_passwords (id, account_id, label, lookup, digest, services, networks, expires_at, document,
                created_at)
            SELECT \(record.id.text), c.id, \(record.label), \(record.lookup), \(record.digest),
                \(AppPasswordRow.text(of: record.terms.services)), \(AppPasswordRow.text(of: record.terms.networks)),
                \(record.terms.expiresAt), \(record.document), \(record.createdAt)
            FROM accounts c WHERE \(owner) AND \(BudgetStatements.isUnlocked(condition.account))
                AND (SELECT count(*) FROM app_passwords o WHERE o.account_id = c.id AND o.revoked_at IS NULL)
                    < \(condition.maximum)
            ON CONFLICT (id) DO NOTHING
            """
    }

    /// What a refused one is told.
    static func diagnosis(_ condition: AppPasswordGuard) -> SQLStatement {
        """
        SELECT c.lifecycle, c.password_version, \(BudgetStatements.isUnlocked(condition.account))
        FROM accounts c WHERE c.id = \(condition.account)
        """
    }

    static func revoke(_ id: AppPasswordID, of account: AccountID, now: WallInstant) -> SQLStatement {
        """
        UPDATE app_passwords SET revoked_at = \(now), digest = \([UInt8]())
        WHERE id = \(id.text) AND account_id = \(account) AND revoked_at IS NULL
        """
    }

    static func revokeAll(of account: AccountID, now: WallInstant) -> SQLStatement {
        """
        UPDATE app_passwords SET revoked_at = \(now), digest = \([UInt8]())
        WHERE account_id = \(account) AND revoked_at IS NULL
        """
    }

    /// An older use than that on record changes nothing: two instances may tell theirs in any order.
    static func note(_ use: AppPasswordUse, of id: AppPasswordID) -> SQLStatement {
        """
        UPDATE app_passwords SET last_used_at = \(use.time), last_used_address = \(use.address),
            last_used_service = \(use.service)
        WHERE id = \(id.text) AND (last_used_at IS NULL OR last_used_at <= \(use.time))
        """
    }

    // MARK: Wrong values

    /// No row is written for a value that is there, or when the password is no longer the one it was wrong for.
    static func insert(_ value: WrongValue, of account: AccountID, now: WallInstant) -> SQLStatement {
        """
        INSERT INTO wrong_values (account_id, version, digest, judged_at)
        SELECT c.id, c.password_version, \(value.digest), \(now) FROM accounts c
        WHERE c.id = \(account) AND c.password_version = \(value.passwordVersion)
        ON CONFLICT (account_id, version, digest) DO NOTHING
        """
    }

    /// Keeps the newest for the present password.
    static func pruneWrongValues(of account: AccountID, keeping count: Int) -> SQLStatement {
        """
        DELETE FROM wrong_values WHERE account_id = \(account) AND (account_id, version, digest) NOT IN
            (SELECT w.account_id, w.version, w.digest FROM wrong_values w
            JOIN accounts c ON c.id = w.account_id AND c.password_version = w.version
            WHERE w.account_id = \(account) ORDER BY w.judged_at DESC LIMIT \(count))
        """
    }

    static func isWrong(_ digests: [[UInt8]], of account: AccountID) -> SQLStatement {
        """
        SELECT 1 FROM wrong_values w JOIN accounts c ON c.id = w.account_id AND c.password_version = w.version
        WHERE w.account_id = \(account) AND w.digest IN (\(list: digests.map(SQLValue.blob))) LIMIT 1
        """
    }
}
