internal import AuthDomain

/// SQL about calls that were given a name by their client (R-API-4).
enum CallStatements {
    /// No row is written while a call of the name is remembered.
    static func begin(client: String, key: String, digest: [UInt8], now: WallInstant) -> SQLStatement {
        """
        INSERT INTO idempotent_calls (client, call_name, request_digest, begun_at)
        VALUES (\(client), \(key), \(digest), \(now))
        ON CONFLICT (client, call_name) DO NOTHING
        """
    }

    static func call(client: String, key: String) -> SQLStatement {
        """
        SELECT request_digest, begun_at, status, answer FROM idempotent_calls
        WHERE client = \(client) AND call_name = \(key)
        """
    }

    static func takeOver(client: String, key: String, now: WallInstant) -> SQLStatement {
        "UPDATE idempotent_calls SET begun_at = \(now) WHERE client = \(client) AND call_name = \(key)"
    }

    static func finish(client: String, key: String, status: Int, body: [UInt8]) -> SQLStatement {
        """
        UPDATE idempotent_calls SET status = \(status), answer = \(String(decoding: body, as: UTF8.self))
        WHERE client = \(client) AND call_name = \(key)
        """
    }

    static func forget(client: String, key: String) -> SQLStatement {
        "DELETE FROM idempotent_calls WHERE client = \(client) AND call_name = \(key) AND status IS NULL"
    }

    static func purge(before instant: WallInstant) -> SQLStatement {
        """
        DELETE FROM idempotent_calls WHERE (client, call_name) IN
            (SELECT client, call_name FROM idempotent_calls WHERE begun_at < \(instant) ORDER BY begun_at LIMIT 16)
        """
    }
}
