internal import AuthDomain
internal import AuthService

/// SQL about the systems that call the service.
enum ClientStatements {
    static let all: SQLStatement = """
        SELECT name, prefix, digest, scopes, created_at, revoked_at FROM clients ORDER BY created_at, prefix
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

    static func revoke(name: String, now: WallInstant) -> SQLStatement {
        "UPDATE clients SET revoked_at = \(now) WHERE name = \(name) AND revoked_at IS NULL"
    }
}
