package import AuthDomain
package import AuthService

extension SQLiteStore: ActivityStore {
    /// Adds totals in one transaction; what accounts are remembered by is not among them.
    package func add(_ totals: [ActivityTotal], heard: [FeedTotal]) async throws(StoreUnavailable) {
        try await write(.writeActivity, changing: .nothing) { transaction in
            for total in totals {
                // No row: nobody has the address, and there is no last time to move either.
                guard try transaction.execute(ActivityStatements.addDay(total)) > 0 else { continue }
                try transaction.execute(ActivityStatements.setLast(total))
            }
            for total in heard { try transaction.execute(ActivityStatements.addFeed(total)) }
        }
    }

    /// When each kind last happened.
    package func lastActivity(
        of account: AccountID
    ) async throws(StoreUnavailable) -> [ActivityKind: WallInstant] {
        try await read(.readActivity) { connection in
            let rows = try connection.rows(ActivityStatements.last(of: account)) { row in
                (kind: try row.member(of: ActivityKind.self), lastAt: row.instant())
            }
            return Dictionary(rows.map { ($0.kind, $0.lastAt) }) { max($0, $1) }
        }
    }

    /// The days of an account since one.
    package func activity(
        of account: AccountID, since day: CivilDate
    ) async throws(StoreUnavailable) -> [ActivityTotal] {
        try await read(.readActivity) { connection in
            try connection.rows(ActivityStatements.days(of: account, since: day)) { row in
                ActivityTotal(
                    owner: .account(account), kind: try row.member(of: ActivityKind.self),
                    day: CivilDate(daysSinceEpoch: row.integer()), count: Int(row.integer()), lastAt: row.instant())
            }
        }
    }

    /// The days on which feeds were heard since one.
    package func feedDays(since day: CivilDate) async throws(StoreUnavailable) -> [FeedTotal] {
        try await read(.readActivity) { connection in
            try connection.rows(ActivityStatements.feeds(since: day)) { row in
                FeedTotal(
                    feed: try row.member(of: ActivityFeed.self), day: CivilDate(daysSinceEpoch: row.integer()),
                    events: Int(row.integer()), lastHeardAt: row.instant())
            }
        }
    }
}
