internal import AuthDomain
internal import AuthService

/// SQL about locks and restorations.
enum LockStatements {
    static func standing(of account: AccountID) -> SQLStatement {
        """
        SELECT id, cause, source, locked_at, actor, note, document FROM locks
        WHERE account_id = \(account) AND cleared_at IS NULL ORDER BY locked_at, id
        """
    }

    static func isAnyStanding(on account: AccountID) -> SQLStatement {
        "SELECT 1 FROM locks WHERE account_id = \(account) AND cleared_at IS NULL LIMIT 1"
    }

    /// No row is written when a lock of the cause stands.
    static func insert(_ lock: Lock, on account: AccountID) -> SQLStatement {
        """
        INSERT INTO locks (id, account_id, cause, source, locked_at, actor, note, document)
        VALUES (\(lock.id), \(account), \(lock.cause), \(lock.source), \(lock.lockedAt), \(lock.actor), \(lock.note),
            \(lock.document))
        ON CONFLICT (account_id, cause) WHERE cleared_at IS NULL DO NOTHING
        """
    }

    static func clear(of account: AccountID, by restoration: String, now: WallInstant) -> SQLStatement {
        """
        UPDATE locks SET cleared_at = \(now), restoration_id = \(restoration)
        WHERE account_id = \(account) AND cleared_at IS NULL
        """
    }

    static func insert(_ restoration: RestorationWrite, now: WallInstant) -> SQLStatement {
        """
        INSERT INTO restorations (id, account_id, document, requested_by, remediation, restored_at)
        VALUES (\(restoration.id), \(restoration.account), \(restoration.document), \(restoration.requestedBy),
            \(restoration.remediation), \(now))
        """
    }
}
