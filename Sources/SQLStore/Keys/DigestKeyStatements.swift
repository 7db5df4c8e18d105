internal import AuthDomain
package import AuthService

/// SQL about the root keys of keyed digests.
enum DigestKeyStatements {
    /// Newest first: the first one digests, all verify.
    static let all: SQLStatement = "SELECT id, key_sealed, created_at FROM digest_keys ORDER BY number DESC"

    static func insert(_ key: DigestKeyRecord) -> SQLStatement {
        """
        INSERT INTO digest_keys (id, number, key_sealed, created_at)
        VALUES (\(key.id), COALESCE((SELECT max(number) FROM digest_keys), 0) + 1, \(key.sealedKey), \(key.createdAt))
        """
    }
}

/// Lets a process choose its audit identity by the digest keys of the database, and add the first one.
///
/// Called on the writer's thread, in a transaction that no other process can be in as well.
///
/// - Throws: `StoreOpeningFailure.digestKeySealed` when no ring key opens one of them.
package typealias DigestKeyOpening =
    @Sendable (
        [DigestKeyRecord]
    ) throws(StoreOpeningFailure) -> (identity: AuditChainIdentity, new: DigestKeyRecord?)

extension SQLiteConnection {
    /// Reads the digest keys, has them opened, and keeps the one that was made.
    func openDigestKeys(
        of file: DatabaseFile, _ opening: DigestKeyOpening
    ) throws(StoreOpeningFailure) -> AuditChainIdentity {
        try file.opening {
            try execute("BEGIN IMMEDIATE")
            do {
                let records = try rows(DigestKeyStatements.all) { row in
                    DigestKeyRecord(id: row.text(), sealedKey: row.blob(), createdAt: row.instant())
                }
                let choice = try opening(records)
                if let new = choice.new { try execute(DigestKeyStatements.insert(new)) }
                try execute("COMMIT")
                return choice.identity
            } catch {
                rollBack()
                throw error
            }
        }
    }
}
