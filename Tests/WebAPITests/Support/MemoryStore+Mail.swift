import AuthDomain
import AuthService

extension MemoryStore: MailLoginReader {
    func mailLogin(
        at address: MailboxAddress, lookups: [[UInt8]]
    ) async throws(StoreUnavailable) -> MailLoginSnapshot? {
        try reading { state in
            guard let account = state.find(address) else { return nil }
            return MailLoginSnapshot(
                account: account.forMail,
                candidates: state.appPasswords.filter { $0.account == account.id && lookups.contains($0.lookup) })
        }
    }

    func mailAccount(id: AccountID) async throws(StoreUnavailable) -> MailAccount? {
        try reading { $0.rows[id]?.account.forMail }
    }

    func isJudgedWrong(_ digests: [[UInt8]], of account: AccountID) async throws(StoreUnavailable) -> Bool {
        try reading { state in digests.contains { state.wrongValues[account]?.contains($0) ?? false } }
    }
}

extension MemoryStore: AppPasswordStore {
    func appPasswords(of account: AccountID) async throws(StoreUnavailable) -> [AppPasswordRecord] {
        try reading { state in state.appPasswords.filter { $0.account == account } }
    }

    func issue(
        _ record: AppPasswordRecord, guard condition: AppPasswordGuard, event: AuditEvent
    ) async throws(StoreUnavailable) -> AppPasswordVerdict {
        try reading { state in
            guard let account = state.rows[condition.account]?.account else { return .outdated }
            guard account.locks.isEmpty else { return .locked }
            guard state.appPasswords.count(where: { $0.account == account.id }) < condition.maximum else {
                return .tooMany
            }
            state.appPasswords.append(record)
            state.audit.append(event)
            return .stored
        }
    }

    func revokeAppPassword(
        _ id: AppPasswordID, of account: AccountID, now: WallInstant, event: AuditEvent
    ) async throws(OperatorRefusal) {
        try writing(event) { state -> Result<Void, OperatorRefusal> in
            guard let index = state.appPasswords.firstIndex(where: { $0.id == id && $0.account == account }) else {
                return .failure(.notFound)
            }
            state.appPasswords.remove(at: index)
            return .success(())
        }
    }

    func noteUses(_ uses: [AppPasswordID: AppPasswordUse]) async throws(StoreUnavailable) {}

    func noteWrongValue(
        _ value: WrongValue, of account: AccountID, now: WallInstant
    ) async throws(StoreUnavailable) {
        try reading { state in _ = state.wrongValues[account, default: []].insert(value.digest) }
    }
}

extension Account {
    fileprivate var forMail: MailAccount {
        MailAccount(
            id: id, address: address, kind: kind, lifecycle: lifecycle, mustChange: password.mustChange,
            passwordVersion: password.version, lock: locks.first?.cause)
    }
}
