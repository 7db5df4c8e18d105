internal import AuthDomain
internal import AuthService

/// SQL about the keys that sign assertions.
enum SigningKeyStatements {
    static let all: SQLStatement = """
        SELECT id, key_sealed, created_at, signs_from FROM signing_keys ORDER BY number
        """

    /// No row is written unless the newest key is the one named: of two instances that rotate, one wins.
    ///
    /// The number tells the order, not the time, so that a clock stepped back cannot hide the newest key.
    static func insert(_ key: SigningKeyRecord, after newest: String?) -> SQLStatement {
        """
        INSERT INTO signing_keys (id, number, key_sealed, created_at, signs_from)
        SELECT \(key.id), COALESCE((SELECT max(number) FROM signing_keys), 0) + 1, \(key.sealedKey),
            \(key.createdAt), \(key.signsFrom)
        WHERE COALESCE((SELECT id FROM signing_keys ORDER BY number DESC LIMIT 1), '') = \(newest ?? "")
        ON CONFLICT DO NOTHING
        """
    }

    static func delete(id: String) -> SQLStatement {
        "DELETE FROM signing_keys WHERE id = \(id)"
    }
}
