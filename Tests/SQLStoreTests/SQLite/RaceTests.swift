import AuthDomain
import AuthService
import SQLStore
import Testing

@Suite("SQLite: two stores on one file")
struct RaceTests {
    @Test("200 parallel wrong guesses over two stores: five counted, one lock, one lock row (R-LOCK-6)")
    func wrongGuesses() async throws {
        try await withDatabase { path in
            let stores = [try openStore(path), try openStore(path)]
            defer { for store in stores { store.close() } }
            let an = try await provision("an", in: StoreUnderTest(stores[0]))
            let judgements = try await withThrowingTaskGroup(of: FailureJudgement.self) { group in
                for index in 0..<200 {
                    group.addTask { try await stores[index % 2].judge(failure(an, lockID: "lk-\(index)")) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(judgements.filter { $0 != .refused }.count == 5)
            #expect(judgements.filter { $0 == .reachedLimit(BudgetState(epoch: 0, failures: 5)) }.count == 1)
            let account = try #require(try await stores[1].account(id: an))
            #expect(account.locks.count == 1 && account.budgets[.password]?.failures == 5)
            let codes = try await StoreUnderTest(stores[1]).codes(of: an)
            #expect(codes.filter { $0 == .accountLocked }.count == 1)
            #expect(codes.filter { $0 == .signInPasswordFailed }.count == 5)
            try await expectCleanAudit(stores[0])
        }
    }

    @Test("100 parallel copies of one code over two stores: one committed (R-TOTP-5)")
    func sameStep() async throws {
        try await withDatabase { path in
            let stores = [try openStore(path), try openStore(path)]
            defer { for store in stores { store.close() } }
            let an = try await provision("an", in: StoreUnderTest(stores[0]), enrolled: true)
            let verdicts = try await withThrowingTaskGroup(of: StepVerdict.self) { group in
                for index in 0..<100 {
                    group.addTask {
                        try await stores[index % 2].accept(
                            .totp(AuthenticatorID("au-an"), step: TimeStep(500)), guard: stepGuard(an), now: noon,
                            resetting: false, event: event(.factorAccepted, an),
                            completion: Completion(lane: .shared, event: event(.signInCompleted, an)))
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(verdicts.filter { $0 == .committed([:]) }.count == 1)
            #expect(verdicts.filter { $0 == .alreadyUsed }.count == 99)
            let codes = try await StoreUnderTest(stores[0]).codes(of: an)
            #expect(codes.filter { $0 == .signInCompleted }.count == 1)
        }
    }

    @Test("stores that open one new file at once all find it ready")
    func openingTogether() async throws {
        try await withDatabase { path in
            let stores = try await withThrowingTaskGroup(of: SQLiteStore.self) { group in
                for _ in 0..<6 { group.addTask { try openStore(path) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            defer { for store in stores { store.close() } }
            for (index, store) in stores.enumerated() {
                _ = try await provision("a\(index)", in: StoreUnderTest(store))
            }
            for index in stores.indices {
                #expect(try await stores[0].account(at: mailbox("a\(index)")) != nil)
            }
            try await expectCleanAudit(stores[0])
        }
    }

    @Test("what was acknowledged is there after the store was opened again")
    func persistence() async throws {
        try await withDatabase { path in
            let first = try openStore(path)
            let an = try await provision("an", in: StoreUnderTest(first), enrolled: true)
            for _ in 0..<5 { _ = try await first.judge(failure(an)) }
            first.close()
            let second = try openStore(path)
            defer { second.close() }
            let account = try #require(try await second.account(at: mailbox("an")))
            #expect(account.locks.count == 1 && account.budgets[.password]?.failures == 5)
            #expect(account.authenticators.first?.lastAcceptedStep == TimeStep(100))
            try await second.append(event(.accountChanged, an))
            try await expectCleanAudit(second)
            await #expect(throws: StoreUnavailable.self) { try await first.append(event(.accountChanged)) }
            await #expect(throws: StoreUnavailable.self) { _ = try await first.account(id: an) }
        }
    }
}

/// Verifies the audit log with the test's digest.
func expectCleanAudit(_ store: SQLiteStore, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let result = try await AuditVerifier(store: store, digest: TestDigest()).verify { finding in
        Issue.record("\(finding)", sourceLocation: sourceLocation)
    }
    #expect(result.isClean && result.rows > 0, sourceLocation: sourceLocation)
}
