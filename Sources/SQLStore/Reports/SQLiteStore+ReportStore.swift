internal import AuthDomain
package import AuthService

extension SQLiteStore: ReportStore {
    /// The next accounts, read one by one on one snapshot.
    package func accounts(_ query: ReportQuery) async throws(StoreUnavailable) -> [Account] {
        try await read(.readAccount) { connection in
            try connection.snapshot {
                let ids = try connection.rows(ReportStatements.ids(query)) { AccountID($0.text()) }
                return try ids.compactMap { id in
                    try AccountRecord.read(AccountStatements.account(id: id), from: connection)
                }
            }
        }
    }

    /// The counts, on one snapshot.
    package func counts(_ horizon: ReportHorizon) async throws(StoreUnavailable) -> ReportCounts {
        try await read(.readRegistry) { connection in
            try connection.snapshot {
                var counts = ReportCounts()
                for (kind, lifecycle, count) in try connection.rows(
                    ReportStatements.accountsByKind,
                    { row in
                        (
                            try row.member(of: AccountKind.self), try row.member(of: Lifecycle.self),
                            Int(row.integer())
                        )
                    })
                {
                    counts.accounts[kind, default: [:]][lifecycle] = count
                }
                for (cause, count) in try connection.rows(
                    ReportStatements.locksByCause,
                    { row in (try row.member(of: LockCause.self), Int(row.integer())) })
                {
                    counts.locks[cause] = count
                }
                _ = try connection.first(ReportStatements.inUse(horizon)) { Self.readInUse(&$0, into: &counts) }
                _ = try connection.first(ReportStatements.record(since: horizon.year)) { row in
                    counts.locksOfYear = Int(row.integer())
                    counts.restorationsOfYear = Int(row.integer())
                    counts.auditRows = Int(row.integer())
                    counts.oldestAuditRow = row.optionalInstant()
                }
                return counts
            }
        }
    }

    private static func readInUse(_ row: inout SQLRow, into counts: inout ReportCounts) {
        counts.firstPasswords = Int(row.integer())
        counts.withoutNotice = Int(row.integer())
        counts.mustChange = Int(row.integer())
        counts.withAuthenticator = Int(row.integer())
        counts.withPhone = Int(row.integer())
        counts.withoutFactor = Int(row.integer())
        counts.oldPasswords = Int(row.integer())
        counts.inactive45Days = Int(row.integer())
    }
}
