internal import AuthDomain
internal import AuthService

/// SQL about legal holds.
enum LegalHoldStatements {
    static func isStanding(on account: AccountID) -> SQLStatement {
        "SELECT 1 FROM legal_holds WHERE account_id = \(account) AND released_at IS NULL"
    }

    static let heldAccounts: SQLStatement = "SELECT account_id FROM legal_holds WHERE released_at IS NULL"

    static let standing: SQLStatement = """
        SELECT id, account_id, document, placed_at, placed_by FROM legal_holds WHERE released_at IS NULL
        ORDER BY placed_at, id
        """

    static func exists(_ account: AccountID) -> SQLStatement {
        "SELECT 1 FROM accounts WHERE id = \(account)"
    }

    /// No row is written while a hold stands.
    static func insert(_ hold: LegalHold) -> SQLStatement {
        """
        INSERT INTO legal_holds (id, account_id, document, placed_at, placed_by)
        VALUES (\(hold.id), \(hold.account), \(hold.document), \(hold.placedAt), \(hold.placedBy))
        ON CONFLICT DO NOTHING
        """
    }

    static func release(_ account: AccountID, by release: LegalHoldRelease) -> SQLStatement {
        """
        UPDATE legal_holds SET released_at = \(release.releasedAt), released_by = \(release.releasedBy),
            release_document = \(release.document)
        WHERE account_id = \(account) AND released_at IS NULL
        """
    }

    /// What fell due while the hold stood is judged at once.
    static func lookAnew(at account: AccountID) -> SQLStatement {
        """
        UPDATE accounts SET look_at = 0
        WHERE id = \(account) AND lifecycle NOT IN (\(Lifecycle.destroyed), \(Lifecycle.transferEnded))
        """
    }
}
