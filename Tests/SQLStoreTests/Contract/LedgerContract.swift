import AuthDomain
import AuthService
import Testing

@Suite("Contract: sign-in steps")
struct LedgerContract {
    /// Tries a time step of the account's authenticator.
    private func accept(
        _ step: Int64, for id: String = "an", in store: StoreUnderTest, guard step2: StepGuard? = nil,
        resetting: Bool = false, completion: Completion? = nil
    ) async throws -> StepVerdict {
        try await store.ledger.accept(
            .totp(AuthenticatorID("au-\(id)"), step: TimeStep(step)), guard: step2 ?? stepGuard(AccountID(id)),
            now: noon, resetting: resetting, event: event(.factorAccepted, AccountID(id)), completion: completion)
    }

    @Test("a step is accepted once, and none before it (R-TOTP-5)", arguments: StoreKind.allCases)
    func steps(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let an = try await provision("an", in: store, enrolled: true)
            #expect(try await accept(100, in: store) == .alreadyUsed)
            #expect(try await accept(102, in: store) == .committed([:]))
            #expect(try await accept(102, in: store) == .alreadyUsed)
            #expect(try await accept(101, in: store) == .alreadyUsed)
            #expect(try await accept(103, in: store) == .committed([:]))
            #expect(try await store.account(an).authenticators.first?.lastAcceptedStep == TimeStep(103))
            #expect(try await store.codes(of: an).filter { $0 == .factorAccepted }.count == 2)
        }
    }

    @Test("a lock, an exhausted budget, another password or no account refuse a step", arguments: StoreKind.allCases)
    func guards(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let an = try await provision("an", in: store, enrolled: true)
            #expect(try await accept(200, in: store, guard: stepGuard(an, version: 2)) == .outdated)
            #expect(try await accept(200, in: store, guard: stepGuard(AccountID("x"))) == .outdated)
            for _ in 0..<5 { _ = try await store.judge.judge(failure(an, kind: .recoveryCode, lane: .device("d"))) }
            let exhausted = stepGuard(an, kind: .recoveryCode, lane: .device("d"))
            #expect(try await accept(200, in: store, guard: exhausted) == .locked)
            for _ in 0..<5 { _ = try await store.judge.judge(failure(an)) }
            #expect(try await accept(200, in: store) == .locked)
            #expect(try await accept(200, in: store, guard: stepGuard(an, version: nil)) == .locked)
            #expect(try await store.account(an).authenticators.first?.lastAcceptedStep == TimeStep(100))
            #expect(try await store.codes(of: an).contains(.factorAccepted) == false)
        }
    }

    @Test("a completion resets what was counted, in its lane only (R-LOCK-4)", arguments: StoreKind.allCases)
    func completion(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let an = try await provision("an", in: store, enrolled: true)
            for _ in 0..<4 { _ = try await store.judge.judge(failure(an)) }
            _ = try await store.judge.judge(failure(an, kind: .oneTimeCode))
            _ = try await store.judge.judge(failure(an, lane: .device("d")))
            let done = Completion(lane: .shared, event: event(.signInCompleted, an))
            let verdict = try await accept(200, in: store, completion: done)
            let reset = BudgetState(epoch: 1, failures: 0)
            #expect(verdict == .committed([.password: reset, .oneTimeCode: reset]))
            let account = try await store.account(an)
            #expect(account.budgets == [.password: reset, .oneTimeCode: reset, .recoveryCode: .fresh])
            #expect(account.lastSignInAt == noon)
            let lane = BudgetKey(subject: "an", kind: .password, lane: .device("d"))
            #expect(try await store.accounts.budget(lane, now: noon) == BudgetState(epoch: 0, failures: 1))

            let inLane = Completion(lane: .device("d"), event: event(.signInCompleted, an))
            _ = try await store.judge.judge(failure(an))
            #expect(try await accept(201, in: store, completion: inLane) == .committed([.password: reset]))
            #expect(try await store.accounts.budget(lane, now: noon) == reset)
            #expect(try await store.account(an).budgets[.password] == BudgetState(epoch: 1, failures: 1))
            #expect(
                try await store.codes(of: an).suffix(2) == [.factorAccepted, .signInCompleted])
        }
    }

    @Test("outside a sign-in a right code resets its own budget alone", arguments: StoreKind.allCases)
    func resetting(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let an = try await provision("an", in: store, enrolled: true)
            _ = try await store.judge.judge(failure(an))
            _ = try await store.judge.judge(failure(an, kind: .oneTimeCode))
            let verdict = try await accept(200, in: store, resetting: true)
            #expect(verdict == .committed([.oneTimeCode: BudgetState(epoch: 1, failures: 0)]))
            let account = try await store.account(an)
            #expect(account.budgets[.password]?.failures == 1 && account.lastSignInAt == nil)
        }
    }

    @Test("a recovery code works once (R-NIST-4)", arguments: StoreKind.allCases)
    func recoveryCodes(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let an = try await provision("an", in: store)
            let codes = (1...3).map { RecoveryCodeRecord(slot: $0, record: "hash-\($0)") }
            _ = try await store.ledger.confirmEnrolment(
                enrolment(authenticator("au-an"), codes: codes), guard: stepGuard(an), now: noon,
                events: [event(.authenticatorEnrolled, an), event(.recoveryCodesIssued, an)], completion: nil)
            #expect(try await store.accounts.recoveryCode(of: an, slot: 2)?.record == "hash-2")
            func use(_ slot: Int) async throws -> StepVerdict {
                try await store.ledger.accept(
                    .recoveryCode(slot: slot), guard: stepGuard(an, kind: .recoveryCode), now: noon,
                    resetting: false, event: event(.factorAccepted, an), completion: nil)
            }
            #expect(try await use(2) == .committed([:]))
            #expect(try await use(2) == .alreadyUsed)
            #expect(try await use(9) == .alreadyUsed)
            #expect(try await store.accounts.recoveryCode(of: an, slot: 2) == nil)
            #expect(try await store.account(an).recoveryCodesLeft == 2)
        }
    }

    @Test("an enrolment code lives until an enrolment, once (R-FIRST-5)", arguments: StoreKind.allCases)
    func enrolmentCode(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let an = try await provision("an", in: store)
            func issue(_ id: String) async throws {
                let code = EnrolmentCodeRecord(id: id, digest: [1], expiresAt: noon + .seconds(60))
                try await store.operators.issueEnrolmentCode(
                    an, code, now: noon, event: event(.enrolmentCodeIssued, an))
            }
            func use(_ id: String, at now: WallInstant = noon) async throws -> StepVerdict {
                try await store.ledger.accept(
                    .enrolmentCode(id: id), guard: stepGuard(an), now: now, resetting: false,
                    event: event(.factorAccepted, an), completion: nil)
            }
            func enrol(_ id: String, code: String) async throws -> StepVerdict {
                try await store.ledger.confirmEnrolment(
                    enrolment(authenticator(id, label: id), spending: code), guard: stepGuard(an), now: noon,
                    events: [event(.authenticatorEnrolled, an)], completion: nil)
            }
            try await issue("ec-1")
            try await issue("ec-2")
            #expect(try await use("ec-1") == .alreadyUsed)
            #expect(try await use("ec-2") == .committed([:]))
            #expect(try await use("ec-2") == .committed([:]))
            #expect(try await use("ec-2", at: noon + .seconds(60)) == .alreadyUsed)
            #expect(try await enrol("au-0", code: "ec-1") == .alreadyUsed)
            #expect(try await enrol("au-1", code: "ec-2") == .committed([:]))
            #expect(try await use("ec-2") == .alreadyUsed)
            #expect(try await enrol("au-2", code: "ec-2") == .alreadyUsed)
            let account = try await store.account(an)
            #expect(account.enrolmentCode == nil && account.authenticators.map(\.id.text) == ["au-1"])
        }
    }

    @Test("one label names one authenticator, and only so many may live (R-URI-4, T-6)", arguments: StoreKind.allCases)
    func authenticators(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let an = try await provision("an", in: store)
            func enrol(_ id: String, label: String) async throws -> StepVerdict {
                try await store.ledger.confirmEnrolment(
                    enrolment(authenticator(id, label: label), maximum: 2), guard: stepGuard(an), now: noon,
                    events: [event(.authenticatorEnrolled, an)], completion: nil)
            }
            #expect(try await enrol("au-1", label: "Lan") == .committed([:]))
            #expect(try await enrol("au-2", label: "Minh") == .committed([:]))
            #expect(try await enrol("au-3", label: "Hoa") == .alreadyUsed)
            #expect(try await enrol("au-1", label: "Lan") == .alreadyUsed)
            #expect(try await enrol("au-4", label: "Lan") == .committed([:]))
            #expect(try await store.account(an).authenticators.map(\.id.text).sorted() == ["au-2", "au-4"])
            try await store.operators.revokeAuthenticator(
                an, AuthenticatorID("au-2"), now: noon, event: event(.authenticatorRevoked, an))
            await #expect(throws: OperatorRefusal.notFound) {
                try await store.operators.revokeAuthenticator(
                    an, AuthenticatorID("au-2"), now: noon, event: event(.authenticatorRevoked, an))
            }
            #expect(try await enrol("au-5", label: "Hoa") == .committed([:]))
        }
    }

    @Test("a chosen password replaces the record and keeps the old ones", arguments: StoreKind.allCases)
    func passwords(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let an = try await provision("an", in: store)
            func change(_ record: String, version: Int64, completing: Bool = false) async throws -> StepVerdict {
                try await store.ledger.changePassword(
                    to: record, guard: stepGuard(an, version: version, kind: .password), keeping: 2, now: noon,
                    event: event(.passwordChanged, an),
                    completion: completing
                        ? Completion(lane: .shared, event: event(.signInCompleted, an)) : nil)
            }
            #expect(try await change("two", version: 1, completing: true) == .committed([:]))
            #expect(try await change("three", version: 1) == .outdated)
            #expect(try await change("three", version: 2) == .committed([:]))
            #expect(try await change("four", version: 3) == .committed([:]))
            let account = try await store.account(an)
            #expect(account.password.record == "four" && account.password.version == 4)
            #expect(!account.password.mustChange && !account.password.isIssued)
            #expect(account.password.expiresAt == nil && account.lastSignInAt == noon)
            #expect(try await store.accounts.passwordHistory(of: an, limit: 10) == ["three", "two"])
            #expect(try await store.accounts.passwordHistory(of: an, limit: 1) == ["three"])

            try await store.ledger.rehash(account: an, version: 3, record: "old")
            try await store.ledger.rehash(account: an, version: 4, record: "four-again")
            #expect(try await store.account(an).password.record == "four-again")
            try await store.operators.lock(an, lock("lk", .compromised), event: event(.accountLocked, an))
            #expect(try await change("five", version: 4) == .locked)
            #expect(try await store.accounts.passwordHistory(of: an, limit: 10) == ["three", "two"])
        }
    }
}
