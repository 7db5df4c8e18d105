import AuthDomain
import AuthService

extension MemoryStore: ReportStore {
    func accounts(_ query: ReportQuery) async throws(StoreUnavailable) -> [Account] {
        try reading { state in
            let living = state.rows.values.map(\.account).filter { $0.lifecycle != .destroyed }
            let chosen = living.filter { account in
                (query.organisation == nil || account.organisation == query.organisation)
                    && account.id.text > (query.after?.text ?? "")
            }
            return Array(chosen.sorted { $0.id.text < $1.id.text }.prefix(query.limit))
        }
    }

    func counts(_ horizon: ReportHorizon) async throws(StoreUnavailable) -> ReportCounts {
        try reading { state in
            var counts = ReportCounts()
            for account in state.rows.values.map(\.account) {
                counts.accounts[account.kind, default: [:]][account.lifecycle, default: 0] += 1
                for lock in account.locks { counts.locks[lock.cause, default: 0] += 1 }
            }
            return counts
        }
    }
}
