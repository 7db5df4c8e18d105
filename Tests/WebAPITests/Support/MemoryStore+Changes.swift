import AuthDomain
import AuthService

extension MemoryStore: AccountChanges {
    func changes(from start: ChangeStart, limit: Int) async throws(StoreUnavailable) -> [ChangedAccount] {
        let rows = try reading { $0.rows.values.map(\.account).sorted { $0.id.text < $1.id.text } }
        let all = rows.enumerated().map { index, account in
            ChangedAccount(
                account: account, sequence: 1, changedAt: account.createdAt,
                cursor: ChangeCursor(number: Int64(index + 1), account: account.id))
        }
        let wanted = all.filter { change in
            switch start {
            case .beginning: true
            case .instant(let instant): change.changedAt >= instant
            case .after(let cursor): change.cursor.number > cursor.number
            }
        }
        return Array(wanted.prefix(limit))
    }
}

extension MemoryStore: RestorationTracker {
    func isRestorationPending(_ account: AccountID) async throws(StoreUnavailable) -> Bool {
        try reading { $0.pendingRestorations.contains(account) }
    }
}
