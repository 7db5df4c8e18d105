package import AuthDomain
package import AuthService

extension SQLiteStore: PruningStore {
    /// Accounts that one step looks at: about a millisecond of a reading connection.
    private static var accountsAtOnce: Int { 2000 }

    /// Removes the oldest of a kind; the writer is asked only when there is something.
    package func prune(
        _ kind: Prunable, before instant: WallInstant, limit: Int
    ) async throws(StoreUnavailable) -> Int {
        let isFound = try await read(.readRegistry) {
            try $0.exists(PruningStatements.found(kind, before: instant, limit: 1))
        }
        guard isFound else { return 0 }
        return try await write(.writeRegistry, changing: .nothing) { transaction in
            try transaction.execute(PruningStatements.remove(kind, before: instant, limit: limit))
        }
    }

    /// Removes days of activity of the next few accounts.
    package func pruneActivity(
        before day: CivilDate, after account: String, limit: Int
    ) async throws(StoreUnavailable) -> ActivityPruning {
        let (last, accounts) = try await read(.readActivity) { connection -> (String?, [String]) in
            let boundary = DeadlineStatements.boundary(after: account, count: Self.accountsAtOnce)
            guard let last = try connection.first(boundary, { $0.optionalText() }).flatMap({ $0 }) else {
                return (nil, [])
            }
            let found = PruningStatements.accountsWithDays(before: day, after: account, upTo: last)
            return (last, try connection.rows(found) { $0.text() })
        }
        guard !accounts.isEmpty else { return ActivityPruning(days: 0, next: last) }
        return try await write(.writeActivity, changing: .nothing) { transaction in
            var (removed, done) = (0, account)
            for id in accounts {
                removed += try transaction.execute(
                    PruningStatements.removeDays(of: id, before: day, limit: limit - removed))
                // This account may have more days; the next step begins with it again.
                guard removed < limit else { return ActivityPruning(days: removed, next: done) }
                done = id
            }
            return ActivityPruning(days: removed, next: last)
        }
    }
}
