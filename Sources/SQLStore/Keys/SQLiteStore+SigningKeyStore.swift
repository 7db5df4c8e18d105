internal import AuthDomain
package import AuthService

extension SQLiteStore: SigningKeyStore {
    /// All keys, oldest first.
    package func signingKeys() async throws(StoreUnavailable) -> [SigningKeyRecord] {
        try await read(.readRegistry) { connection in
            try connection.rows(SigningKeyStatements.all) { row in
                SigningKeyRecord(
                    id: row.text(), sealedKey: row.blob(), createdAt: row.instant(), signsFrom: row.instant())
            }
        }
    }

    /// Adds a key if the newest is still the one named.
    package func addSigningKey(
        _ key: SigningKeyRecord, after newest: String?, event: AuditEvent
    ) async throws(StoreUnavailable) -> Bool {
        try await write(.writeRegistry) { transaction in
            guard try transaction.execute(SigningKeyStatements.insert(key, after: newest)) > 0 else { return false }
            try transaction.append(event)
            return true
        }
    }

    /// Deletes keys.
    package func removeSigningKeys(ids: [String]) async throws(StoreUnavailable) {
        try await write(.writeRegistry) { transaction in
            for id in ids { try transaction.execute(SigningKeyStatements.delete(id: id)) }
        }
    }
}
