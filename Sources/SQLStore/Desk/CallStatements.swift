internal import AuthDomain

/// SQL about calls that were given a name by their client (R-API-4).
enum CallStatements {
    /// No row is written while a call of the name is remembered.
    static func begin(client: String, key: String, digest: [UInt8], row: String, now: WallInstant) -> SQLStatement {
        """
        INSERT INTO idempotent_calls (id, client, call_name, request_digest, begun_at)
        VALUES (\(row), \(client), \(key), \(digest), \(now))
        ON CONFLICT (client, call_name) DO NOTHING
        """
    }

    static func call(client: String, key: String) -> SQLStatement {
        """
        SELECT id, request_digest, begun_at, answer_sealed FROM idempotent_calls
        WHERE client = \(client) AND call_name = \(key)
        """
    }

    static func takeOver(_ row: String, now: WallInstant) -> SQLStatement {
        "UPDATE idempotent_calls SET begun_at = \(now) WHERE id = \(row)"
    }

    static func finish(_ row: String, sealed: [UInt8]) -> SQLStatement {
        "UPDATE idempotent_calls SET answer_sealed = \(sealed) WHERE id = \(row)"
    }

    static func forget(_ row: String) -> SQLStatement {
        "DELETE FROM idempotent_calls WHERE id = \(row) AND answer_sealed IS NULL"
    }
}
