package import AuthDomain
package import AuthService

extension SQLiteStore: AppPasswordStore {
    /// The unrevoked app passwords of an account, oldest first.
    package func appPasswords(of account: AccountID) async throws(StoreUnavailable) -> [AppPasswordRecord] {
        try await read(.readCredential) { connection in
            try connection.rows(AppPasswordStatements.standing(of: account)) { try AppPasswordRecord(row: &$0) }
                .compactMap { $0 }
        }
    }

    /// Stores an app password if its guard holds.
    package func issue(
        _ record: AppPasswordRecord, guard condition: AppPasswordGuard, event: AuditEvent
    ) async throws(StoreUnavailable) -> AppPasswordVerdict {
        try await write(.writeAppPassword, changing: .account(record.account)) { transaction in
            guard try transaction.execute(AppPasswordStatements.insert(record, guard: condition)) > 0 else {
                return try Self.verdict(afterRefusing: condition, in: transaction)
            }
            try transaction.append(event)
            return .stored
        }
    }

    /// Revokes one app password.
    package func revokeAppPassword(
        _ id: AppPasswordID, of account: AccountID, now: WallInstant, event: AuditEvent
    ) async throws(OperatorRefusal) {
        try await writeForOperator(.writeAppPassword) { transaction in
            guard try transaction.execute(AppPasswordStatements.revoke(id, of: account, now: now)) > 0 else {
                throw OperatorRefusal.notFound
            }
            try transaction.append(event)
        }
    }

    /// Notes last uses, all in one transaction.
    package func noteUses(_ uses: [AppPasswordID: AppPasswordUse]) async throws(StoreUnavailable) {
        try await write(.writeAppPassword, changing: .nothing) { transaction in
            for (id, use) in uses { try transaction.execute(AppPasswordStatements.note(use, of: id)) }
        }
    }

    /// Remembers a wrong value without counting it.
    package func noteWrongValue(
        _ value: WrongValue, of account: AccountID, now: WallInstant
    ) async throws(StoreUnavailable) {
        try await write(.judgeFailure, changing: .nothing) { transaction in
            _ = try WrongValues.insert(value, of: account, now: now, in: transaction)
        }
    }

    private static func verdict(
        afterRefusing condition: AppPasswordGuard, in transaction: borrowing Transaction
    ) throws -> AppPasswordVerdict {
        let found = try transaction.first(AppPasswordStatements.diagnosis(condition)) { row in
            (lifecycle: try row.member(of: Lifecycle.self), version: row.integer(), isUnlocked: row.flag())
        }
        guard let found, found.lifecycle != .destroyed else { return .outdated }
        guard found.isUnlocked else { return .locked }
        guard condition.passwordVersion == nil || condition.passwordVersion == found.version else { return .outdated }
        return .tooMany
    }
}

/// The wrong values of mail programs (R-LOCK-9).
enum WrongValues {
    /// Values remembered for one account.
    private static let kept = 64

    /// Remembers a value; false when it was known, or the password is no longer the one it was wrong for.
    static func insert(
        _ value: WrongValue, of account: AccountID, now: WallInstant, in transaction: borrowing Transaction
    ) throws -> Bool {
        guard try transaction.execute(AppPasswordStatements.insert(value, of: account, now: now)) > 0 else {
            return false
        }
        try transaction.execute(AppPasswordStatements.pruneWrongValues(of: account, keeping: kept))
        return true
    }
}

extension Transaction {
    /// Revokes all app passwords of an account and, if there were any, says so in a row of its own.
    mutating func endAppPasswords(
        of account: AccountID, now: WallInstant, cause: LockCause?, provenance: Provenance
    ) throws {
        let count = try execute(AppPasswordStatements.revokeAll(of: account, now: now))
        guard count > 0 else { return }
        try append(
            AuditEvent(
                time: now, code: .appPasswordRevoked, result: .success, account: account, cause: cause,
                clause: cause?.clause, factor: "app_password", detail: "all \(count)", provenance: provenance))
    }
}
