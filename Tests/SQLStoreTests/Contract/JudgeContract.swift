import AuthDomain
import AuthService
import Testing

@Suite("Contract: judging failures")
struct JudgeContract {
    @Test(
        "the fifth failure locks, the sixth is refused (R-LOCK-4, R-LOCK-5)", arguments: StoreKind.allCases,
        BudgetKind.allCases)
    func fifthLocks(kind: StoreKind, budget: BudgetKind) async throws {
        try await kind.withStore { store in
            let an = try await provision("an", in: store)
            for count in 1...4 {
                let judgement = try await store.judge.judge(failure(an, kind: budget))
                #expect(judgement == .counted(BudgetState(epoch: 0, failures: count)))
            }
            #expect(try await store.account(an).locks.isEmpty)
            let fifth = try await store.judge.judge(failure(an, kind: budget))
            #expect(fifth == .reachedLimit(BudgetState(epoch: 0, failures: 5)))
            #expect(try await store.judge.judge(failure(an, kind: budget, lockID: "lk-2")) == .refused)
            let account = try await store.account(an)
            #expect(account.locks == [lock("lk-1", budget.lockCause)])
            #expect(account.budgets[budget] == BudgetState(epoch: 0, failures: 5))
            #expect(account.budgets.values.filter { $0 == .fresh }.count == 2)
            let codes = try await store.codes(of: an)
            #expect(codes.filter { $0 == .signInPasswordFailed }.count == 5)
            #expect(codes.filter { $0 == .accountLocked }.count == 1)
        }
    }

    @Test("a standing lock of any cause refuses counting (R-LOCK-8)", arguments: StoreKind.allCases)
    func lockedRefuses(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let an = try await provision("an", in: store)
            try await store.operators.lock(an, lock("lk-9", .compromised), event: event(.accountLocked, an))
            #expect(try await store.judge.judge(failure(an)) == .refused)
            #expect(try await store.judge.judge(failure(an, lane: .device("d1"))) == .refused)
            #expect(try await store.account(an).budgets[.password] == .fresh)
            #expect(try await store.judge.judge(failure(AccountID("nobody"))) == .refused)
        }
    }

    @Test("a device lane has a count of its own and ends without a lock (T-3)", arguments: StoreKind.allCases)
    func deviceLane(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let an = try await provision("an", in: store)
            let lane = BudgetLane.device("d1")
            for count in 1...4 {
                let judgement = try await store.judge.judge(failure(an, lane: lane))
                #expect(judgement == .counted(BudgetState(epoch: 0, failures: count)))
            }
            let fifth = try await store.judge.judge(failure(an, lane: lane))
            #expect(fifth == .reachedLimit(BudgetState(epoch: 0, failures: 5)))
            #expect(try await store.judge.judge(failure(an, lane: lane)) == .refused)
            let account = try await store.account(an)
            #expect(account.locks.isEmpty && account.budgets[.password] == .fresh)
            let key = BudgetKey(subject: "an", kind: .password, lane: lane)
            #expect(try await store.accounts.budget(key, now: noon) == BudgetState(epoch: 0, failures: 5))
            let other = BudgetKey(subject: "an", kind: .password, lane: .device("d2"))
            #expect(try await store.accounts.budget(other, now: noon) == .fresh)
        }
    }

    @Test("an unknown address counts to five and is forgotten when it expires", arguments: StoreKind.allCases)
    func unknownAddress(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let key = BudgetKey(subject: "unknown:ab", kind: .password, lane: .shared)
            func judge(at now: WallInstant) async throws -> FailureJudgement {
                try await store.judge.judgeUnknown(
                    key, limit: 5, now: now, expiresAt: now + .seconds(86_400),
                    event: event(.signInPasswordFailed, at: now))
            }
            for count in 1...4 {
                #expect(try await judge(at: noon) == .counted(BudgetState(epoch: 0, failures: count)))
            }
            #expect(try await judge(at: noon) == .reachedLimit(BudgetState(epoch: 0, failures: 5)))
            #expect(try await judge(at: noon) == .refused)
            #expect(try await store.accounts.budget(key, now: noon) == BudgetState(epoch: 0, failures: 5))

            let later = noon + .seconds(86_400)
            let expired = try await store.accounts.budget(key, now: later)
            #expect(expired.failures == 0 && expired > BudgetState(epoch: 0, failures: 5))
            #expect(try await judge(at: later) == .counted(BudgetState(epoch: 1, failures: 1)))
            let rows = try await store.audit.page(
                AuditQuery(account: nil, since: nil, until: nil, cursor: nil, limit: 100)
            ).rows
            #expect(rows.filter { $0.event.code == .signInPasswordFailed }.count == 6)
            #expect(rows.filter { $0.event.code == .signInLocked }.count == 1)
        }
    }

    @Test("expired counts are purged a few at a time", arguments: StoreKind.allCases)
    func purge(kind: StoreKind) async throws {
        try await kind.withStore { store in
            func judge(_ subject: String, at now: WallInstant) async throws -> FailureJudgement {
                try await store.judge.judgeUnknown(
                    BudgetKey(subject: subject, kind: .password, lane: .shared), limit: 5, now: now,
                    expiresAt: now + .seconds(60), event: event(.signInPasswordFailed, at: now))
            }
            for index in 0..<6 { _ = try await judge("unknown:\(index)", at: noon) }
            let later = noon + .seconds(200_000)
            for _ in 0..<2 { _ = try await judge("unknown:new", at: later) }
            for index in 0..<6 {
                let key = BudgetKey(subject: "unknown:\(index)", kind: .password, lane: .shared)
                // A row that was kept would begin its second epoch.
                #expect(try await store.accounts.budget(key, now: later) == .fresh)
            }
        }
    }
}
