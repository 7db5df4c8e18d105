package import AuthDomain
package import AuthService

extension SQLiteStore {
    /// A feed that was not heard for so long was taken out of use.
    private static var memory: Int { 100 }
    /// What was heard is noted this often.
    private static var step: Duration { .seconds(60) }

    /// Notes how far the mail system's reports reach without a gap.
    ///
    /// With several feeds the most silent one counts. Between two notes the service may itself have been down; what it
    /// did not hear then may be a gap, and is taken for one.
    package func noteFeed(silence: Duration, now: WallInstant) async throws(StoreUnavailable) -> FeedHealth? {
        let since = CivilDate(inHanoiAt: now).adding(days: -Self.memory)
        let (noted, heard) = try await read(.readDeadlines) { connection in
            let heard = try connection.first(DeadlineStatements.feedsHeard(since: since)) { $0.optionalInstant() }
            return (try FeedHealth.read(from: connection), heard.flatMap { $0 })
        }
        guard let heard else { return noted }
        if let noted, heard < noted.heardAt + Self.step { return noted }
        return try await write(.settleDeadlines, changing: .nothing) { transaction in
            let noted = try FeedHealth.read(from: transaction.connection)
            if let noted, heard <= noted.heardAt { return noted }
            let isUnbroken = noted.map { heard - $0.heardAt <= silence } ?? false
            let health = FeedHealth(heardAt: heard, unbrokenSince: isUnbroken ? noted?.unbrokenSince ?? heard : heard)
            try transaction.execute(
                DeadlineStatements.setCoverage(heardAt: health.heardAt, since: health.unbrokenSince))
            return health
        }
    }
}
