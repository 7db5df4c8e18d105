internal import AuthDomain
internal import AuthService

/// SQL about the names of destroyed accounts.
enum ErasureStatements {
    static func isDestroyed(_ account: AccountID) -> SQLStatement {
        "SELECT 1 FROM accounts WHERE id = \(account) AND lifecycle = \(Lifecycle.destroyed)"
    }

    // MARK: What has to be done

    /// Notes what a destroyed account was called, while it still has it.
    static func begin(of account: AccountID, now: WallInstant) -> [SQLStatement] {
        [
            """
            INSERT INTO erasures (account_id, due_at, is_last) VALUES (\(account), \(now), 0)
            ON CONFLICT (account_id) DO NOTHING
            """,
            """
            INSERT INTO erasure_names (account_id, name)
            SELECT account_id, address FROM addresses WHERE account_id = \(account)
            ON CONFLICT (account_id, name) DO NOTHING
            """,
            """
            INSERT INTO erasure_names (account_id, name)
            SELECT id, display_name FROM accounts WHERE id = \(account) AND display_name IS NOT NULL
            ON CONFLICT (account_id, name) DO NOTHING
            """,
        ]
    }

    static func due(now: WallInstant) -> SQLStatement {
        """
        SELECT e.account_id, e.is_last FROM erasures e WHERE e.due_at <= \(now)
            AND NOT EXISTS (SELECT 1 FROM legal_holds h WHERE h.account_id = e.account_id AND h.released_at IS NULL)
        ORDER BY e.due_at, e.account_id LIMIT 1
        """
    }

    static func names(of account: AccountID) -> SQLStatement {
        "SELECT name FROM erasure_names WHERE account_id = \(account)"
    }

    static func postpone(_ account: AccountID, until instant: WallInstant) -> SQLStatement {
        "UPDATE erasures SET due_at = \(instant), is_last = 1 WHERE account_id = \(account)"
    }

    static func end(of account: AccountID) -> [SQLStatement] {
        [
            "DELETE FROM erasure_names WHERE account_id = \(account)",
            "DELETE FROM erasures WHERE account_id = \(account)",
        ]
    }

    // MARK: Rows of the record

    /// The next rows of an account that names were not taken out of.
    static func rows(of account: AccountID, after place: ErasurePlace?, limit: Int) -> SQLStatement {
        var condition: SQLStatement = "account_id = \(account) AND erased_mac IS NULL"
        if let place {
            condition = """
                \(condition) AND (occurred_at, chain, number) > (\(place.time), \(place.chain), \(place.number))
                """
        }
        return """
            SELECT occurred_at, chain, number FROM audit WHERE \(condition)
            ORDER BY occurred_at, chain, number LIMIT \(limit)
            """
    }

    /// Rows about nobody with an address of the account, from before it was destroyed: what comes later is no longer
    /// about its owner.
    static func rowsOfNobody(naming account: AccountID, limit: Int) -> SQLStatement {
        """
        SELECT occurred_at, chain, number FROM audit WHERE account_id IS NULL
            AND address IN (SELECT name FROM erasure_names WHERE account_id = \(account))
            AND occurred_at <= (SELECT destroyed_at FROM accounts WHERE id = \(account))
        LIMIT \(limit)
        """
    }

    static func replace(_ row: ErasedRow, mac: [UInt8]) -> SQLStatement {
        let fields = row.fields
        return """
            UPDATE audit SET address = \(fields[7]), document = \(fields[12]), detail = \(fields[13]),
                actor = \(fields[15]), user_agent = \(fields[17]), request_id = \(fields[18]), erased_mac = \(mac)
            WHERE chain = \(fields[0]) AND number = \(fields[1])
            """
    }

    // MARK: Everything else

    /// Forms that were carried out for the account; a later owner of the address has rows of a later time.
    static func renameFormRows(of account: AccountID) -> SQLStatement {
        """
        UPDATE form_rows SET address = \(account)
        WHERE address IN (SELECT name FROM erasure_names WHERE account_id = \(account))
            AND done_at <= (SELECT destroyed_at FROM accounts WHERE id = \(account))
        """
    }

    /// Columns of the desk's records in which people write freely, by table and key.
    static let freeText: [(table: SQLStatement, key: SQLStatement, columns: [SQLStatement])] = [
        ("locks", "id", ["note", "document"]),
        ("restorations", "id", ["document", "requested_by", "remediation"]),
        ("restoration_requests", "id", ["document", "requested_by", "note"]),
        ("restoration_reviews", "restoration_id", ["reason", "document", "finding"]),
        ("exemptions", "id", ["reason", "document"]),
    ]

    static func freeText(
        _ column: SQLStatement, of table: SQLStatement, key: SQLStatement, account: AccountID
    ) -> SQLStatement {
        "SELECT \(key), \(column) FROM \(table) WHERE account_id = \(account) AND \(column) IS NOT NULL"
    }

    static func setText(
        _ text: String, _ column: SQLStatement, of table: SQLStatement, key: SQLStatement, id: String
    ) -> SQLStatement {
        "UPDATE \(table) SET \(column) = \(text) WHERE \(key) = \(id)"
    }
}
