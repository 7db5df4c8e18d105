internal import AuthDomain
internal import AuthService

/// SQL about the systems that call the service.
enum ClientStatements {
    static let all: SQLStatement = """
        SELECT c.name, c.prefix, c.digest, c.scopes, c.created_at, c.revoked_at, l.causes
        FROM clients c LEFT JOIN client_causes l ON l.client_prefix = c.prefix ORDER BY c.created_at, c.prefix
        """

    /// No row is written when the prefix is taken or an unrevoked client has the name.
    static func insert(_ client: ClientRecord) -> SQLStatement {
        let scopes = client.scopes.map(\.rawValue).joined(separator: " ")
        return """
            INSERT INTO clients (prefix, name, digest, scopes, created_at, revoked_at)
            VALUES (\(client.prefix), \(client.name), \(client.digest), \(scopes), \(client.createdAt),
                \(client.revokedAt))
            ON CONFLICT DO NOTHING
            """
    }

    /// The causes for which a client may lock, and nothing else.
    static func restrict(prefix: String, to causes: [LockCause]) -> SQLStatement {
        let words = causes.map(\.rawValue).joined(separator: " ")
        return "INSERT INTO client_causes (client_prefix, causes) VALUES (\(prefix), \(words))"
    }

    static func revoke(name: String, now: WallInstant) -> SQLStatement {
        "UPDATE clients SET revoked_at = \(now) WHERE name = \(name) AND revoked_at IS NULL"
    }
}
