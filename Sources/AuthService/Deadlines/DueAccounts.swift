package import AuthDomain

/// Reads accounts as they are now: what fell due is applied before the account is handed out.
///
/// Every decision reads its account here, so none has to remember the regulation's clocks. An account for which
/// nothing can be due costs one comparison.
package struct DueAccounts: AccountReader {
    private let base: any AccountReader
    private let keeper: DeadlineKeeper

    /// Wraps a reader.
    package init(base: any AccountReader, keeper: DeadlineKeeper) {
        self.base = base
        self.keeper = keeper
    }

    /// The account that answers to an address or alias.
    package func account(at address: MailboxAddress) async throws(StoreUnavailable) -> Account? {
        guard let found = try await base.account(at: address) else { return nil }
        guard try await keeper.settle(found) else { return found }
        return try await base.account(at: address)
    }

    /// The account with an id.
    package func account(id: AccountID) async throws(StoreUnavailable) -> Account? {
        guard let found = try await base.account(id: id) else { return nil }
        guard try await keeper.settle(found) else { return found }
        return try await base.account(id: id)
    }

    /// The durable state of a budget.
    package func budget(_ key: BudgetKey, now: WallInstant) async throws(StoreUnavailable) -> BudgetState {
        try await base.budget(key, now: now)
    }

    /// The records of former passwords.
    package func passwordHistory(of account: AccountID, limit: Int) async throws(StoreUnavailable) -> [String] {
        try await base.passwordHistory(of: account, limit: limit)
    }

    /// The unused recovery code of a slot.
    package func recoveryCode(of account: AccountID, slot: Int) async throws(StoreUnavailable) -> RecoveryCodeRecord? {
        try await base.recoveryCode(of: account, slot: slot)
    }
}
