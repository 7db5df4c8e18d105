import AuthDomain
import AuthService
import Testing

@testable import SQLStore

@Suite("SQLite: statements")
struct StatementTests {
    @Test("interpolated values become numbered parameters, spliced statements keep theirs")
    func interpolation() {
        let hostile = "x' OR '1' = '1"
        let condition: SQLStatement = "a = \(hostile) AND b = \(7)"
        let statement: SQLStatement = "SELECT \(true) WHERE \(condition) AND c IN (\(list: [.null, .blob([1])]))"
        #expect(statement.text == "SELECT $1 WHERE a = $2 AND b = $3 AND c IN ($4, $5)")
        #expect(statement.values == [.integer(1), .text(hostile), .integer(7), .null, .blob([1])])
    }

    @Test("every kind of value comes back as it went in")
    func roundTrip() async throws {
        try await withDatabase { path in
            let file = DatabaseFile(path: path)
            try file.create()
            let connection = try file.writer()
            try connection.run(script: "CREATE TABLE t (i BIGINT, s TEXT, b BLOB, n TEXT)")
            let text = "Điều 8\u{0}đuôi"
            try connection.execute(
                "INSERT INTO t VALUES (\(Int64.min), \(text), \([UInt8]()), \(String?.none))")
            try connection.first("SELECT i, s, b, n FROM t") { row in
                #expect(row.integer() == .min)
                #expect(row.text() == text)
                #expect(row.optionalBlob() == [])
                #expect(row.optionalText() == nil)
            }
        }
    }

    @Test("no statement of the hot paths scans a table")
    func queryPlans() async throws {
        try await withDatabase { path in
            try openStore(path).close()
            let an = AccountID("an")
            let key = BudgetKey(subject: "an", kind: .password, lane: .shared)
            let permits = BudgetStatements.permits(stepGuard(an))
            let hot: [SQLStatement] = [
                AccountStatements.account(at: mailbox("an")), AccountStatements.account(id: an),
                AccountStatements.addresses(of: an), CredentialStatements.authenticators(of: an),
                CredentialStatements.history(of: an, limit: 5), CredentialStatements.recoveryCode(of: an, slot: 1),
                CredentialStatements.consume(
                    step: TimeStep(1), of: AuthenticatorID("a"), account: an, now: noon, when: permits),
                CredentialStatements.consume(recoverySlot: 1, of: an, now: noon, when: permits),
                CredentialStatements.use(enrolmentCode: "e", of: an, now: noon, when: permits),
                CredentialStatements.setChosenPassword("r", of: an, now: noon, when: permits),
                CredentialStatements.insert(authenticator("a"), of: an, maximum: 5, when: permits),
                CredentialStatements.endEnrolmentCodes(of: an, now: noon), LockStatements.standing(of: an),
                LockStatements.clear(of: an, by: "r", now: noon), BudgetStatements.lane(key),
                BudgetStatements.countFailure(.password, of: an, limit: 5),
                BudgetStatements.countLaneFailure(.password, lane: "d", of: an, limit: 5),
                BudgetStatements.countUnknownFailure(key, limit: 5, now: noon, expiresAt: noon),
                BudgetStatements.isCounted(.password, lane: .shared, of: an),
                BudgetStatements.isCounted(.password, lane: .device("d"), of: an),
                BudgetStatements.reset(.password, lane: .shared, of: an),
                BudgetStatements.reset(.password, lane: .device("d"), of: an),
                BudgetStatements.resetDeviceLanes(of: an), BudgetStatements.purge(expiredBefore: noon, limit: 4),
                BudgetStatements.diagnosis(stepGuard(an, lane: .device("d"))),
                AuditStatements.page(account: nil, since: noon, until: nil, after: nil, limit: 10),
                AuditStatements.page(account: an, since: nil, until: noon, after: nil, limit: 10),
                AuditStatements.rows(afterChain: "c", number: 1, limit: 10),
                AuditStatements.newestChains(limit: 64), OrderStatements.due(at: noon, limit: 16),
                OrderStatements.waits("o", for: "r", now: noon), OrderStatements.waiting(limit: 10),
                OrderStatements.lost(limit: 10), OrderStatements.purge(before: noon, limit: 10),
                OrderStatements.noteNotice(of: "o", now: noon),
            ]
            try withRawDatabase(path) { connection in
                for statement in hot {
                    let plan = try connection.rows("EXPLAIN QUERY PLAN \(statement)") { row in
                        row.skip(3)
                        return row.text()
                    }
                    for step in plan where step.hasPrefix("SCAN") {
                        let isIndexed = step.contains("USING INDEX") || step.contains("USING COVERING INDEX")
                        let isHarmless = isIndexed || step.contains("CONSTANT ROW") || step == "SCAN (subquery-1)"
                        #expect(isHarmless, "\(step) in \(statement.text)")
                    }
                    #expect(!plan.contains { $0.contains("TEMP B-TREE") && $0.contains("occurred") })
                }
            }
        }
    }

    @Test("failures of the library name no value")
    func failureText() async throws {
        try await withDatabase { path in
            try openStore(path).close()
            try withRawDatabase(path) { connection in
                let secret = "$argon2id$secret"
                let insertion: SQLStatement =
                    "INSERT INTO password_history (account_id, version, record) VALUES ('a', 1, \(secret))"
                try connection.execute(insertion)
                let failure = #expect(throws: SQLFailure.self) { try connection.execute(insertion) }
                let reason = try #require(failure.map { StoreUnavailable($0).reason })
                #expect(reason.contains("UNIQUE") && !reason.contains("argon2"))
            }
        }
    }
}
