package import AuthDomain

/// Reads accounts for mail logins as they are now, as `DueAccounts` does for everything else.
package struct DueMailLogins: MailLoginReader {
    private let base: any MailLoginReader
    private let keeper: DeadlineKeeper

    /// Wraps a reader.
    package init(base: any MailLoginReader, keeper: DeadlineKeeper) {
        self.base = base
        self.keeper = keeper
    }

    /// The account that answers to an address or alias, with the app passwords of some look-ups.
    package func mailLogin(
        at address: MailboxAddress, lookups: [[UInt8]]
    ) async throws(StoreUnavailable) -> MailLoginSnapshot? {
        guard let found = try await base.mailLogin(at: address, lookups: lookups) else { return nil }
        guard try await keeper.settle(found.account.id, nextLookAt: found.account.nextLookAt) else { return found }
        return try await base.mailLogin(at: address, lookups: lookups)
    }

    /// The account with an id.
    package func mailAccount(id: AccountID) async throws(StoreUnavailable) -> MailAccount? {
        guard let found = try await base.mailAccount(id: id) else { return nil }
        guard try await keeper.settle(id, nextLookAt: found.nextLookAt) else { return found }
        return try await base.mailAccount(id: id)
    }

    /// Whether one of the digests is that of a value judged wrong for the present password.
    package func isJudgedWrong(_ digests: [[UInt8]], of account: AccountID) async throws(StoreUnavailable) -> Bool {
        try await base.isJudgedWrong(digests, of: account)
    }
}
