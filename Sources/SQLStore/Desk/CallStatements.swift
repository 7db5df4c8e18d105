internal import AuthDomain

/// SQL about calls that were given a name by their client (R-API-4).
enum CallStatements {
    /// No row is written while a call of the name is remembered.
    static func begin(client: String, key: String, digest: [UInt8], now: WallInstant) -> SQLStatement {
        """
        INSERT INTO idempotent_calls (client, call_key, request_digest, begun_at)
        VALUES (\(client), \(key), \(digest), \(now))
        ON CONFLICT (client, call_key) DO NOTHING
        """
    }

    static func call(client: String, key: String) -> SQLStatement {
        """
        SELECT request_digest, begun_at, status, body FROM idempotent_calls
        WHERE client = \(client) AND call_key = \(key)
        """
    }

    static func takeOver(client: String, key: String, now: WallInstant) -> SQLStatement {
        "UPDATE idempotent_calls SET begun_at = \(now) WHERE client = \(client) AND call_key = \(key)"
    }

    static func finish(client: String, key: String, status: Int, body: [UInt8]) -> SQLStatement {
        """
        UPDATE idempotent_calls SET status = \(status), body = \(body)
        WHERE client = \(client) AND call_key = \(key)
        """
    }

    static func forget(client: String, key: String) -> SQLStatement {
        "DELETE FROM idempotent_calls WHERE client = \(client) AND call_key = \(key) AND status IS NULL"
    }

    static func purge(before instant: WallInstant) -> SQLStatement {
        """
        DELETE FROM idempotent_calls WHERE (client, call_key) IN
            (SELECT client, call_key FROM idempotent_calls WHERE begun_at < \(instant) ORDER BY begun_at LIMIT 16)
        """
    }
}
