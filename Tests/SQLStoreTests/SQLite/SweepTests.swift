import AuthDomain
import AuthService
import Testing

@testable import SQLStore

/// Locks every account it is shown, whatever its facts.
private func lockAll(at now: WallInstant) -> DeadlineJudge {
    { subject in
        var writes = DeadlineWrites(lookAgainAt: now + .seconds(86_400))
        let id = "lck-\(subject.account)-\(UInt64.random(in: 0...UInt64.max))"
        writes.locks = [(lock(id, .defaultNotChanged), event(.signInLocked, subject.account, at: now))]
        return writes
    }
}

/// Fills a database with accounts `a0000000`… by one statement; the first so many are due.
private func fill(_ path: String, accounts: Int, due: Int, now: WallInstant) throws {
    try tamper(
        path,
        """
        BEGIN;
        WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < \(accounts))
        INSERT INTO accounts (id, kind, lifecycle, password_record, password_version, password_changed_at, must_change,
            password_issued, notified_at, created_at, look_at)
        SELECT printf('a%07d', i), 'personal', 'active', 'x', 1, \(noon.milliseconds), 1, 1, \(noon.milliseconds),
            \(noon.milliseconds),
            CASE WHEN i % \(accounts / due) = 0 THEN \(now.milliseconds) - i ELSE \(now.milliseconds) + 1 + i END
        FROM n;
        INSERT INTO addresses (address, account_id, is_main) SELECT id || '@hanoi.gov.vn', id, 1 FROM accounts;
        COMMIT;
        """)
}

private func plan(_ statement: SQLStatement, _ path: String) throws -> String {
    try withRawDatabase(path) { connection in
        try connection.rows("EXPLAIN QUERY PLAN \(statement)") { row in
            row.skip(3)
            return row.text()
        }.joined(separator: "; ")
    }
}

@Suite("SQLite: sweeps of what is due")
struct SweepTests {
    private let turn = SweepTurn(holder: "one", lease: .seconds(60), batch: 64)
    private let now = noon + .seconds(30 * 86_400)

    @Test("No full scan: what is due, the facts and every count are found by an index")
    func plans() async throws {
        try await withDatabase { path in
            try openStore(path).close()
            let due = try plan(DeadlineStatements.due(now: now, limit: 64), path)
            #expect(due == "SEARCH accounts USING COVERING INDEX accounts_by_look (look_at<?)")
            for statement in [
                DeadlineStatements.facts(of: AccountID("a"), now: now),
                DeadlineStatements.standingCauses(of: AccountID("a")),
                DeadlineStatements.overdueRequests(now: now), DeadlineStatements.overdueReviews(now: now),
                DeadlineStatements.locks(before: now), DeadlineStatements.unannounced(before: now),
                DeadlineStatements.lookAnew(after: "a", upTo: "b"), DeadlineStatements.boundary(after: "a", count: 9),
            ] {
                let plan = try plan(statement, path)
                #expect(plan.contains("SEARCH") && !plan.contains("SCAN") || plan.hasSuffix("SCAN few"), "\(plan)")
            }
        }
    }

    @Test("A sweep over 1,000,000 accounts with 100 due takes at most 1 s of database time")
    func million() async throws {
        try await withDatabase { path in
            let times = Record<Duration>()
            let store = try openStore(
                path, observer: StoreObserver(operation: { if $0 == .settleDeadlines { times.append($1) } }))
            defer { store.close() }
            try fill(path, accounts: 1_000_000, due: 100, now: now)
            let swept = try await sweep(store, turn)
            #expect(swept.count == 100 && Set(swept.map(\.account)).count == 100)
            let total = times.all.reduce(Duration.zero, +)
            #expect(total <= .seconds(1), "\(total) in \(times.all.count) transactions")
        }
    }

    @Test("Two instances without regard for the lease: 2,000 due accounts are each locked once, with one row each")
    func race() async throws {
        try await withDatabase { path in
            let stores = [try openStore(path), try openStore(path)]
            defer { for store in stores { store.close() } }
            try fill(path, accounts: 2000, due: 2000, now: now)
            let locked = try await withThrowingTaskGroup(of: [SettledAccount].self) { group in
                for (index, store) in stores.enumerated() {
                    // The same holder twice: the lease keeps neither away.
                    group.addTask {
                        try await sweep(store, SweepTurn(holder: "same", lease: .seconds(60), batch: 16 + index))
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(locked.reduce(0) { $0 + $1.locks.count } == 2000)
            let counts = try withRawDatabase(path) { connection in
                try connection.rows(
                    """
                    SELECT count(*) FROM locks UNION ALL SELECT count(DISTINCT account_id) FROM locks
                    UNION ALL SELECT count(*) FROM audit WHERE code = 'authn_login_lock'
                    """
                ) { $0.integer() }
            }
            #expect(counts == [2000, 2000, 2000])
            try await expectCleanAudit(stores[0])
        }
    }

    @Test("One sweeps at a time: another holder waits for the lease to end, a clock set back frees it")
    func lease() async throws {
        try await withDatabase { path in
            let store = try openStore(path)
            defer { store.close() }
            func isTaken(_ holder: String, at instant: WallInstant) async throws -> Bool {
                let turn = SweepTurn(holder: holder, lease: .seconds(60), batch: 8)
                let batch = try await store.settleDue(turn, now: instant, judge: lockAll(at: instant))
                if case .leaseTaken = batch { return true }
                return false
            }
            #expect(try await !isTaken("one", at: now))
            #expect(try await isTaken("two", at: now + .milliseconds(59_999)))
            #expect(try await !isTaken("one", at: now + .seconds(30)))
            #expect(try await isTaken("two", at: now + .milliseconds(89_999)))
            #expect(try await !isTaken("two", at: now + .seconds(90)))
            #expect(try await isTaken("one", at: now + .seconds(90)))
            #expect(try await !isTaken("one", at: now - .seconds(2 * 86_400)))
        }
    }

    @Test("A second judgement of the same account writes nothing again; a warning is given once for its date")
    func idempotence() async throws {
        try await withDatabase { path in
            let store = try openStore(path)
            defer { store.close() }
            let an = try await provision("an", in: StoreUnderTest(store))
            let warning = DeadlineWarning(
                deadline: Deadline(kind: .inactivity, dueAt: now + .seconds(86_400)), daysAhead: 3)
            let judge: DeadlineJudge = { subject in
                var writes = DeadlineWrites(lookAgainAt: now)
                writes.warnings = [(warning, event(.deadlineWarned, subject.account))]
                return writes
            }
            #expect(try await store.settle(an, now: now, judge: judge)?.warnings == [warning])
            #expect(try await store.settle(an, now: now, judge: judge)?.warnings == [])
            #expect(try await store.settle(an, now: now, judge: lockAll(at: now))?.locks == [.defaultNotChanged])
            #expect(try await store.settle(an, now: now, judge: lockAll(at: now))?.locks == [])
            #expect(try await store.settle(AccountID("nobody"), now: now, judge: judge) == nil)
            let codes = try await StoreUnderTest(store).codes(of: an)
            #expect(codes == [.accountProvisioned, .deadlineWarned, .signInLocked])
            // Looked at again a second later at the soonest, whatever the judgement said.
            #expect(try await store.account(id: an)?.nextLookAt == now + .seconds(86_400))
        }
    }

    @Test("Changed rules have every living account looked at anew, once, some at a time")
    func adoption() async throws {
        try await withDatabase { path in
            let store = try openStore(path)
            defer { store.close() }
            try fill(path, accounts: 25, due: 1, now: now)
            func rounds(_ rules: String) async throws -> Int {
                for round in 1...99 where try await store.adopt(rules: rules, batch: 10) { return round }
                return 0
            }
            #expect(try await rounds("one") == 4)
            #expect(try await rounds("one") == 1)
            #expect(try await sweep(store, turn).count == 25)
            #expect(try await sweep(store, turn).isEmpty)
            #expect(try await rounds("two") == 4)
            #expect(try await sweep(store, turn).count == 25)
        }
    }

    @Test("The end of a recall erases the account, the end of a transfer only puts it out of use")
    func endings() async throws {
        try await withDatabase { path in
            let store = try openStore(path)
            defer { store.close() }
            for (name, stage) in [("an", Lifecycle.destroyed), ("ba", .transferEnded)] {
                let id = try await provision(name, in: StoreUnderTest(store), enrolled: true)
                let settled = try await store.settle(id, now: now) { subject in
                    var writes = DeadlineWrites(lookAgainAt: DeadlineDecision.never)
                    writes.ending = (stage, event(.lifecycleChanged, subject.account))
                    return writes
                }
                #expect(settled?.ended == stage)
                let account = try #require(try await store.account(id: id))
                #expect(account.lifecycle == stage && account.password.version == 2)
                #expect(account.authenticators.isEmpty == (stage == .destroyed))
                let verdict = try await store.accept(
                    .totp(AuthenticatorID("au-\(name)"), step: TimeStep(900)), guard: stepGuard(id, version: nil),
                    now: now, resetting: false, event: event(.factorAccepted, id), completion: nil)
                #expect(verdict == .outdated)
            }
        }
    }

    func sweep(_ store: SQLiteStore, _ turn: SweepTurn) async throws -> [SettledAccount] {
        var all: [SettledAccount] = []
        while case .settled(let some) = try await store.settleDue(turn, now: now, judge: lockAll(at: now)) {
            all += some
            guard some.count == turn.batch else { break }
        }
        return all
    }
}
