package import AuthDomain
package import AuthService

extension SQLiteStore: LegalHoldStore {
    /// Records a hold.
    package func place(_ hold: LegalHold, event: AuditEvent) async throws(OperatorRefusal) {
        try await writeForOperator(.operatorWrite) { transaction in
            guard try transaction.exists(LegalHoldStatements.exists(hold.account)) else {
                throw OperatorRefusal.notFound
            }
            guard try transaction.execute(LegalHoldStatements.insert(hold)) > 0 else { throw OperatorRefusal.conflict }
            try transaction.append(event)
        }
    }

    /// Ends the hold of an account.
    package func release(
        _ account: AccountID, by release: LegalHoldRelease, event: AuditEvent
    ) async throws(OperatorRefusal) {
        try await writeForOperator(.operatorWrite) { transaction in
            guard try transaction.execute(LegalHoldStatements.release(account, by: release)) > 0 else {
                throw OperatorRefusal.notFound
            }
            try transaction.execute(LegalHoldStatements.lookAnew(at: account))
            try transaction.append(event)
        }
    }

    /// The holds that stand.
    package func standingHolds() async throws(StoreUnavailable) -> [LegalHold] {
        try await read(.readAudit) { connection in
            try connection.rows(LegalHoldStatements.standing) { row in
                LegalHold(
                    id: row.text(), account: AccountID(row.text()), document: row.text(), placedAt: row.instant(),
                    placedBy: row.text())
            }
        }
    }
}
