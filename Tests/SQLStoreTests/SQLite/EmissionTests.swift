import AuthDomain
import AuthService
import Testing

@testable import SQLStore

@Suite("SQLite: events written with the change (R-HOOK-2, R-HOOK-3)")
struct EmissionTests {
    private static let everything = OutboxSubscription(target: "store", events: Set(AccountEventType.allCases))

    @Test("R-LOCK-6: of 500 parallel wrong entries five count, one lock stands and one event tells of it")
    func storm() async throws {
        try await withDatabase { path in
            let bells = Record<Bool>()
            let store = try openStore(
                path, subscriptions: [Self.everything], observer: StoreObserver(emitted: { bells.append(true) }))
            defer { store.close() }
            let an = try await provision("an", in: StoreUnderTest(store))
            let judgements = await withTaskGroup(of: FailureJudgement?.self) { group in
                for index in 0..<500 {
                    group.addTask { try? await store.judge(failure(an, lockID: "lk-\(index)")) }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(judgements.filter { if case .reachedLimit = $0 { true } else { false } }.count == 1)
            #expect(try events(path) == ["store 1 account.provisioned", "store 2 mailbox.locked"])
            #expect(bells.all.count == 2)
        }
    }

    @Test("a lock and a restoration give exactly one event each, whoever brings them about")
    func lockAndRestoration() async throws {
        try await withDatabase { path in
            let store = try openStore(path, subscriptions: [Self.everything])
            defer { store.close() }
            let an = try await provision("an", in: StoreUnderTest(store))
            let standing = lock("lk-1", .compromised)
            try await store.lock(an, standing, event: event(.accountLocked, an))
            await #expect(throws: OperatorRefusal.conflict) {
                try await store.lock(an, lock("lk-2", .compromised), event: event(.accountLocked, an))
            }
            _ = try await store.restore(
                restoration(of: an, clearing: [standing]), now: noon, event: event(.accountRestored, an))
            #expect(
                try events(path) == [
                    "store 1 account.provisioned", "store 2 mailbox.locked", "store 3 mailbox.restored",
                ])
            let data = try withRawDatabase(path) { connection in
                try connection.rows("SELECT data FROM outbox ORDER BY sequence") { $0.text() }
            }
            #expect(
                data[1] == """
                    {"account":"an","address":"an@hanoi.gov.vn","sequence":2,"cause":"compromised",\
                    "clause":"Điều 8.2.b","source":"auto"}
                    """)
            #expect(
                data[2] == """
                    {"account":"an","address":"an@hanoi.gov.vn","sequence":3,"cleared":["compromised"],\
                    "must_change_password":true,"factors_revoked":true}
                    """)
        }
    }

    @Test("steps of a sign-in give no event; changed passwords, factors, phones and destroyed accounts do")
    func kinds() async throws {
        try await withDatabase { path in
            let store = try openStore(path, subscriptions: [Self.everything])
            defer { store.close() }
            let an = try await provision("an", in: StoreUnderTest(store), enrolled: true)
            for step in 0..<50 {
                _ = try await store.accept(
                    .totp(AuthenticatorID("au-an"), step: TimeStep(Int64(200 + step))), guard: stepGuard(an), now: noon,
                    resetting: false, event: event(.factorAccepted, an),
                    completion: Completion(lane: .shared, event: event(.signInCompleted, an)))
            }
            _ = try await store.confirmEnrolment(
                enrolment(authenticator("au-2")), guard: stepGuard(an), now: noon, events: [], completion: nil)
            _ = try await store.changePassword(
                to: "r", guard: stepGuard(an, kind: .password), keeping: 5, now: noon,
                event: event(.passwordChanged, an), completion: nil)
            try await store.resetPassword(
                an, record: "r", expiresAt: noon + .seconds(60), now: noon, event: event(.passwordReset, an))
            var change = AccountChange()
            change.phone = .some(
                SealedPhone(
                    sealed: [4, 5], masked: "09x",
                    registered: RegisteredPhone(index: [9], takesSMS: true, confirmedAt: nil)))
            try await store.change(an, change, event: event(.accountChanged, an))
            change.organisation = .some("Sở Y tế")
            try await store.change(an, change, event: event(.accountChanged, an))
            try await store.revokeAuthenticator(
                an, AuthenticatorID("au-2"), now: noon, event: event(.authenticatorRevoked, an))
            try await store.destroy(an, now: noon, event: event(.accountDestroyed, an))
            #expect(
                try events(path).map { $0.split(separator: " ")[2] } == [
                    "account.provisioned", "factor.enrolled", "factor.revoked", "factor.enrolled", "password.changed",
                    "password.must_change", "phone.changed", "phone.changed", "account.changed", "factor.revoked",
                    "sessions.revoke", "account.destroyed",
                ])
            let last = try withRawDatabase(path) { connection in
                try connection.first("SELECT data FROM outbox ORDER BY sequence DESC LIMIT 1") { $0.text() }
            }
            #expect(last == #"{"account":"an","address":"an@hanoi.gov.vn","sequence":12}"#)
        }
    }

    @Test("each target gets what it wants; sequence numbers rise also when nobody is told")
    func filters() async throws {
        try await withDatabase { path in
            let kick = OutboxSubscription(target: "kick", events: [.mailboxLocked, .sessionsRevoke])
            let deaf = OutboxSubscription(target: "deaf", events: [.inactivityDeadlineNear])
            let store = try openStore(path, subscriptions: [kick, deaf])
            defer { store.close() }
            let an = try await provision("an", in: StoreUnderTest(store))
            try await store.lock(an, lock("lk-1", .spamMalware), event: event(.accountLocked, an))
            #expect(try events(path) == ["kick 2 mailbox.locked"])
        }
    }

    @Test("a change that is undone leaves neither event nor number")
    func undone() async throws {
        try await withDatabase { path in
            let store = try openStore(path, subscriptions: [Self.everything])
            defer { store.close() }
            let an = try await provision("an", in: StoreUnderTest(store))
            _ = try await provision("binh", in: StoreUnderTest(store))
            var change = AccountChange()
            change.phone = .some(nil)
            change.aliases = [mailbox("binh")]
            let taken = change
            await #expect(throws: OperatorRefusal.addressTaken(mailbox("binh"))) {
                try await store.change(an, taken, event: event(.accountChanged, an))
            }
            try await store.lock(an, lock("lk-1"), event: event(.accountLocked, an))
            #expect(try events(path).filter { $0.hasSuffix("locked") } == ["store 2 mailbox.locked"])
            let counter = try withRawDatabase(path) { connection in
                try connection.first("SELECT last_number FROM change_counter") { $0.integer() }
            }
            #expect(counter == 3)
        }
    }

    /// Every event that waits, in the order of targets, accounts and numbers.
    private func events(_ path: String) throws -> [String] {
        try withRawDatabase(path) { connection in
            try connection.rows(
                "SELECT target, sequence, type FROM outbox ORDER BY target, account_id, sequence"
            ) { "\($0.text()) \($0.integer()) \($0.text())" }
        }
    }

    private func restoration(of account: AccountID, clearing locks: [Lock]) -> RestorationWrite {
        RestorationWrite(
            account: account, id: "res-1", clearing: locks, password: nil, revokesAuthenticators: true,
            document: "12/CV", requestedBy: "Sở Y tế", remediation: "đã xử lý")
    }
}
