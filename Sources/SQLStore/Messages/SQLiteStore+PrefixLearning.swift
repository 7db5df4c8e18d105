package import AuthDomain
package import AuthService

/// What is usual for each prefix, learned once from every day that is over.
extension SQLiteStore {
    /// Days are looked at an hour after their end, when their last codes have come back.
    private static let patience = Duration.seconds(3600)
    /// Days that are caught up with at most.
    private static let reach: Int64 = 28
    /// Messages of a day that are looked at.
    private static let rowLimit = 500_000

    /// Learns from the days that are over; see the port.
    package func learn(now: WallInstant) async throws(StoreUnavailable) {
        let last = PrefixHistory.day(now - Self.patience) - 1
        let learned = try await read(.readMessages) { connection in
            try connection.first("SELECT max(day) FROM sms_days WHERE is_learned = 1") { $0.optionalInteger() }
        }
        var day = max((learned.flatMap { $0 } ?? last - Self.reach) + 1, last - Self.reach + 1)
        while day <= last {
            let tallies = try await tallies(ofDay: day)
            try await note(tallies, ofDay: day)
            day += 1
        }
    }

    private struct Lane: Hashable, Sendable {
        let prefix: String
        let lane: String
    }

    private func tallies(ofDay day: Int64) async throws(StoreUnavailable) -> [Lane: RunTally] {
        try await read(.readMessages) { connection in
            let rows = try connection.rows(
                """
                SELECT prefix, lane, created_at, verified_at FROM sms_sends
                WHERE created_at >= \(PrefixHistory.start(ofDay: day))
                    AND created_at < \(PrefixHistory.start(ofDay: day + 1))
                    AND state <> \(SMSSendState.refused) AND lane <> 'none'
                ORDER BY created_at LIMIT \(Self.rowLimit)
                """
            ) { row in
                (Lane(prefix: row.text(), lane: row.text()), row.instant(), row.optionalInstant())
            }
            var tallies: [Lane: RunTally] = [:]
            for (lane, sentAt, returnedAt) in rows {
                tallies[lane, default: RunTally()].add(sentAt: sentAt, returnedAt: returnedAt)
            }
            return tallies
        }
    }

    private func note(_ tallies: [Lane: RunTally], ofDay day: Int64) async throws(StoreUnavailable) {
        try await write(.moveMessage) { transaction in
            // A day without messages is learned as well, under no prefix.
            var rows = tallies
            rows[Lane(prefix: "", lane: "")] = RunTally()
            for (lane, tally) in rows {
                try transaction.execute(
                    """
                    INSERT INTO sms_days (prefix, lane, day, sends, verified, longest_run, is_paused, is_learned)
                    VALUES (\(lane.prefix), \(lane.lane), \(day), \(tally.sends), \(tally.verified),
                        \(tally.longestRun), 0, 1)
                    ON CONFLICT (prefix, lane, day) DO UPDATE SET sends = excluded.sends,
                        verified = excluded.verified, longest_run = excluded.longest_run, is_learned = 1
                    """)
            }
            try transaction.execute("DELETE FROM sms_days WHERE day < \(day - 2 * Self.reach)")
        }
    }
}

/// Counts one prefix over a day, message by message in the order of sending.
struct RunTally: Sendable {
    private(set) var sends = 0
    private(set) var verified = 0
    private(set) var longestRun = 0
    private var run: [WallInstant] = []
    private var returns: [WallInstant] = []

    /// Adds a message; messages come in the order in which they were sent.
    mutating func add(sentAt: WallInstant, returnedAt: WallInstant?) {
        // A code that came back before this message left ends the run of those sent before it came.
        if let latest = returns.filter({ $0 <= sentAt }).max() {
            run.removeAll { $0 <= latest }
            returns.removeAll { $0 <= sentAt }
        }
        run.append(sentAt)
        sends += 1
        longestRun = max(longestRun, run.count)
        guard let returnedAt else { return }
        verified += 1
        returns.append(returnedAt)
    }
}
