package import AuthDomain
package import AuthService

extension SQLiteStore: AccountReader {
    /// The account that answers to an address or alias.
    package func account(at address: MailboxAddress) async throws(StoreUnavailable) -> Account? {
        try await read(.readAccount) { connection in
            try connection.snapshot {
                try AccountRecord.read(AccountStatements.account(at: address), from: connection)
            }
        }
    }

    /// The account with an id; a destroyed one has an empty address.
    package func account(id: AccountID) async throws(StoreUnavailable) -> Account? {
        try await read(.readAccount) { connection in
            try connection.snapshot { try AccountRecord.read(AccountStatements.account(id: id), from: connection) }
        }
    }

    /// The state of a device lane or of an unknown address; an expired one counts as reset.
    package func budget(_ key: BudgetKey, now: WallInstant) async throws(StoreUnavailable) -> BudgetState {
        try await read(.readBudget) { connection in
            try connection.first(BudgetStatements.lane(key)) { row in
                let state = BudgetState(epoch: row.integer(), failures: Int(row.integer()))
                guard let expiry = row.optionalInstant(), expiry <= now else { return state }
                // The epoch that the next failure will begin, so that a cached count of the old one is outranked.
                return BudgetState(epoch: state.epoch + 1, failures: 0)
            } ?? .fresh
        }
    }

    /// The records of earlier passwords, newest first.
    package func passwordHistory(
        of account: AccountID, limit: Int
    ) async throws(StoreUnavailable) -> [String] {
        try await read(.readCredential) { connection in
            try connection.rows(CredentialStatements.history(of: account, limit: limit)) { $0.text() }
        }
    }

    /// The unused recovery code of a slot.
    package func recoveryCode(
        of account: AccountID, slot: Int
    ) async throws(StoreUnavailable) -> RecoveryCodeRecord? {
        try await read(.readCredential) { connection in
            try connection.first(CredentialStatements.recoveryCode(of: account, slot: slot)) { row in
                RecoveryCodeRecord(slot: Int(row.integer()), record: row.text())
            }
        }
    }
}
