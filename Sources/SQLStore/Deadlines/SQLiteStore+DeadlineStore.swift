package import AuthDomain
package import AuthService

extension SQLiteStore: DeadlineStore {
    /// Judges one account in one transaction.
    package func settle(
        _ account: AccountID, now: WallInstant, judge: @escaping DeadlineJudge
    ) async throws(StoreUnavailable) -> SettledAccount? {
        try await write(.settleDeadlines, changing: .account(account)) { transaction in
            try Settlement(now: now, judge: judge).settle(account, in: &transaction)
        }
    }

    /// Judges the accounts that are due longest in one transaction, under the lease.
    package func settleDue(
        _ turn: SweepTurn, now: WallInstant, judge: @escaping DeadlineJudge
    ) async throws(StoreUnavailable) -> SweepBatch {
        try await write(.settleDeadlines, changing: .nothing) { transaction in
            let lease = DeadlineStatements.takeLease(
                "deadlines", holder: turn.holder, now: now, until: now + turn.lease)
            guard try transaction.execute(lease) > 0 else { return .leaseTaken }
            let due = try transaction.rows(DeadlineStatements.due(now: now, limit: turn.batch)) { row in
                AccountID(row.text())
            }
            let settlement = Settlement(now: now, judge: judge)
            return .settled(
                try due.compactMap { account in
                    transaction.willChange(account)
                    return try settlement.settle(account, in: &transaction)
                })
        }
    }

    /// The facts of one account.
    package func deadlineSubject(
        _ account: AccountID, now: WallInstant
    ) async throws(StoreUnavailable) -> DeadlineSubject? {
        try await read(.readDeadlines) { try DeadlineSubject.read(account, now: now, from: $0) }
    }

    /// Sets accounts to be looked at anew, some at a time, while the rules differ from those noted.
    package func adopt(rules fingerprint: String, batch: Int) async throws(StoreUnavailable) -> Bool {
        let noted = try await read(.readDeadlines) { try Self.rules($0) }
        if let noted, noted.fingerprint == fingerprint, noted.resetAfter == nil { return true }
        return try await write(.settleDeadlines) { transaction in
            let noted = try Self.rules(transaction.connection)
            let isSame = noted?.fingerprint == fingerprint
            if isSame, noted?.resetAfter == nil { return true }
            let cursor = isSame ? noted?.resetAfter ?? "" : ""
            let last = try transaction.first(DeadlineStatements.boundary(after: cursor, count: batch)) { row in
                row.optionalText()
            }
            guard let last = last.flatMap({ $0 }) else {
                try transaction.execute(DeadlineStatements.setRules(fingerprint, resetAfter: nil))
                return true
            }
            try transaction.execute(DeadlineStatements.lookAnew(after: cursor, upTo: last))
            try transaction.execute(DeadlineStatements.setRules(fingerprint, resetAfter: last))
            return false
        }
    }

    /// The holiday table, by date.
    package func holidays() async throws(StoreUnavailable) -> [Holiday] {
        try await read(.readDeadlines) { connection in
            try connection.rows(DeadlineStatements.holidays) { row in
                guard let date = CivilDate(parsing: row.text()),
                    let holiday = Holiday(date: date, kind: try row.member(of: Holiday.Kind.self), name: row.text())
                else { throw SQLFailure.malformed("holidays") }
                return holiday
            }
        }
    }

    /// Replaces the lines of every year that the new ones name.
    package func replaceHolidays(with holidays: [Holiday], event: AuditEvent) async throws(StoreUnavailable) {
        try await write(.writeRegistry) { transaction in
            for year in Set(holidays.map(\.date.year)) {
                try transaction.execute(DeadlineStatements.deleteHolidays(ofYear: year))
            }
            for holiday in holidays { try transaction.execute(DeadlineStatements.insert(holiday)) }
            try transaction.append(event)
        }
    }

    /// The counts for the metrics, each by an index of its own.
    package func deadlineCounts(now: WallInstant) async throws(StoreUnavailable) -> DeadlineCounts {
        try await read(.readDeadlines) { connection in
            func count(_ statement: SQLStatement) throws -> Int {
                try connection.first(statement) { Int($0.integer()) } ?? 0
            }
            return DeadlineCounts(
                overdueRestorations: try count(DeadlineStatements.overdueRequests(now: now)),
                overdueReviews: try count(DeadlineStatements.overdueReviews(now: now)),
                longLocks: try count(DeadlineStatements.locks(before: now - .seconds(30 * 86_400))),
                unannounced: try count(DeadlineStatements.unannounced(before: now - .seconds(86_400))))
        }
    }

    private static func rules(
        _ connection: SQLiteConnection
    ) throws -> (fingerprint: String, resetAfter: String?)? {
        try connection.first(DeadlineStatements.rules) { row in
            let fingerprint = row.text()
            return (fingerprint, row.optionalText())
        }
    }
}
