package import AuthDomain
package import AuthService

extension SQLiteStore: ClientStore {
    /// All clients, revoked ones too.
    package func clients() async throws(StoreUnavailable) -> [ClientRecord] {
        try await read(.readRegistry) { connection in
            try connection.rows(ClientStatements.all) { try ClientRecord(row: &$0) }
        }
    }

    /// Adds a client.
    package func add(_ client: ClientRecord, event: AuditEvent) async throws(OperatorRefusal) {
        try await writeForOperator(.writeRegistry) { transaction in
            guard try transaction.execute(ClientStatements.insert(client)) > 0 else {
                throw OperatorRefusal.conflict
            }
            if let causes = client.lockCauses {
                try transaction.execute(ClientStatements.restrict(prefix: client.prefix, to: causes))
            }
            try transaction.append(event)
        }
    }

    /// Revokes the unrevoked client of a name.
    package func revoke(name: String, now: WallInstant, event: AuditEvent) async throws(OperatorRefusal) {
        try await writeForOperator(.writeRegistry) { transaction in
            guard try transaction.execute(ClientStatements.revoke(name: name, now: now)) > 0 else {
                throw OperatorRefusal.notFound
            }
            try transaction.append(event)
        }
    }
}

extension ClientRecord {
    /// Reads the columns of `ClientStatements.all`.
    fileprivate init(row: inout SQLRow) throws {
        let name = row.text()
        let prefix = row.text()
        let digest = row.blob()
        let scopes = try row.text().split(separator: " ").map { text in
            guard let scope = ClientScope(rawValue: String(text)) else {
                throw SQLFailure.malformed("clients.scopes")
            }
            return scope
        }
        self.init(
            name: name, prefix: prefix, digest: digest, scopes: scopes, createdAt: row.instant(),
            revokedAt: row.optionalInstant())
        lockCauses = try row.optionalText()?.split(separator: " ").map { text in
            guard let cause = LockCause(rawValue: String(text)) else {
                throw SQLFailure.malformed("client_causes.causes")
            }
            return cause
        }
    }
}
