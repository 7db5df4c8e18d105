package import AuthDomain
package import AuthService

extension SQLiteStore: MailLoginReader {
    /// The account of an address with the app passwords that may be meant, in one statement, or as it is remembered;
    /// when they were last used is then that of the first login.
    package func mailLogin(
        at address: MailboxAddress, lookups: [[UInt8]]
    ) async throws(StoreUnavailable) -> MailLoginSnapshot? {
        try await recentLogin(MailLoginKey(address: address, lookups: lookups)) {
            () async throws(StoreUnavailable) -> MailLoginSnapshot? in
            try await read(.readMailLogin) { connection in
                var account: MailAccount?
                let records = try connection.rows(AppPasswordStatements.login(at: address, lookups: lookups)) { row in
                    account = try MailAccount(row: &row)
                    return try AppPasswordRecord(row: &row)
                }
                return account.map { MailLoginSnapshot(account: $0, candidates: records.compactMap { $0 }) }
            }
        }
    }

    /// The account with an id; nil for a destroyed one, which has no address.
    package func mailAccount(id: AccountID) async throws(StoreUnavailable) -> MailAccount? {
        try await read(.readMailLogin) { connection in
            try connection.first(AppPasswordStatements.account(id: id)) { try MailAccount(row: &$0) }
        }
    }

    /// Whether a value was judged wrong for the present password.
    package func isJudgedWrong(
        _ digests: [[UInt8]], of account: AccountID
    ) async throws(StoreUnavailable) -> Bool {
        try await read(.readCredential) { connection in
            try connection.exists(AppPasswordStatements.isWrong(digests, of: account))
        }
    }
}
