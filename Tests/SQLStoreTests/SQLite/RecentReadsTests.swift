import AuthDomain
import AuthService
import Testing

@testable import SQLStore

@Suite("SQLite: what is remembered of reads, and for how long")
struct RecentReadsTests {
    private let now = ContinuousClock.now
    private let an = AccountID("an")
    private let binh = AccountID("binh")

    @Test("nothing counts as unchanged before the database was looked at, nor later than the patience")
    func patience() {
        let watch = ChangeWatch()
        let mark = watch.mark()
        #expect(!watch.isUnchanged(an, since: mark, now: now))
        watch.saw(version: 1, at: now)
        let fresh = watch.mark()
        #expect(watch.isUnchanged(an, since: fresh, now: now + ChangeWatch.patience))
        #expect(!watch.isUnchanged(an, since: fresh, now: now + ChangeWatch.patience + .nanoseconds(1)))
        // The first look may hide a change that came before it.
        #expect(!watch.isUnchanged(an, since: mark, now: now))
    }

    @Test("a change of one account leaves what is known of the others; any other change leaves nothing")
    func scopes() {
        let watch = ChangeWatch()
        watch.saw(version: 1, at: now)
        let mark = watch.mark()
        watch.changed([.account(an), .nothing])
        #expect(!watch.isUnchanged(an, since: mark, now: now))
        #expect(watch.isUnchanged(binh, since: mark, now: now))
        #expect(watch.isUnchanged(an, since: watch.mark(), now: now))
        watch.changed([.anything])
        #expect(!watch.isUnchanged(binh, since: mark, now: now))
        #expect(watch.isUnchanged(binh, since: watch.mark(), now: now))
    }

    @Test("a commit of another process shows as another version")
    func otherProcess() {
        let watch = ChangeWatch()
        watch.saw(version: 1, at: now)
        let mark = watch.mark()
        watch.saw(version: 1, at: now)
        #expect(watch.isUnchanged(an, since: mark, now: now))
        watch.saw(version: 2, at: now)
        #expect(!watch.isUnchanged(an, since: mark, now: now))
    }

    @Test("more changed accounts than are told apart count as a change of everything")
    func manyAccounts() {
        let watch = ChangeWatch()
        watch.saw(version: 1, at: now)
        let mark = watch.mark()
        for number in 0..<8192 { watch.changed([.account(AccountID("a\(number)"))]) }
        #expect(watch.isUnchanged(an, since: mark, now: now))
        watch.changed([.account(binh)])
        #expect(!watch.isUnchanged(an, since: mark, now: now))
    }

    @Test("one caller at a time looks, halfway through the patience")
    func looking() {
        let watch = ChangeWatch()
        #expect(watch.claimLook(now: now))
        #expect(!watch.claimLook(now: now))
        watch.endLook()
        #expect(watch.claimLook(now: now))
        watch.saw(version: 1, at: now)
        #expect(!watch.claimLook(now: now + ChangeWatch.patience / 4))
        #expect(watch.claimLook(now: now + ChangeWatch.patience / 2))
    }

    @Test("what is asked for again stays, what is not is gone after two fillings")
    func generations() {
        let reads = RecentReads<Int, String>(limit: 4)
        reads.keep("kept", for: 0, mark: 7)
        reads.keep("lost", for: 1, mark: 7)
        for number in 10..<13 {
            reads.keep("x", for: number, mark: 7)
            #expect(reads.find(0)?.value == "kept")
        }
        for number in 20..<26 {
            reads.keep("x", for: number, mark: 7)
            #expect(reads.find(0)?.mark == 7)
        }
        #expect(reads.find(1) == nil)
    }

    @Test("a mail login is remembered until its account changes: here at once, by another process soon (T-4)")
    func mailLogins() async throws {
        try await withDatabase { path in
            let store = try openStore(path)
            defer { store.close() }
            let other = try openStore(path)
            defer { other.close() }
            let account = newAccount("an").account
            try await store.provision(
                NewAccount(account: account.at(mailbox("an"))), event: event(.accountProvisioned, account.id))
            for id in ["apw_1", "apw_2"] {
                let verdict = try await store.issue(
                    appPassword(id, of: account.id),
                    guard: AppPasswordGuard(account: account.id, passwordVersion: nil, maximum: 9),
                    event: event(.appPasswordIssued, account.id))
                #expect(verdict == .stored)
            }
            func left() async throws -> Int? {
                try await store.mailLogin(at: mailbox("an"), lookups: [[1, 2, 3]])?.candidates.count
            }
            #expect(try await left() == 2)
            try await store.revokeAppPassword(
                AppPasswordID("apw_1"), of: account.id, now: noon, event: event(.appPasswordRevoked, account.id))
            #expect(try await left() == 1)
            try await other.revokeAppPassword(
                AppPasswordID("apw_2"), of: account.id, now: noon, event: event(.appPasswordRevoked, account.id))
            let start = ContinuousClock.now
            while try await left() != 0, start.duration(to: .now) < .seconds(5) {}
            #expect(try await left() == 0)
        }
    }

    @Test(
        "what is noted of activity, messages and sweeps that settle nobody forgets no login; a settled account is read anew"
    )
    func unrelatedWrites() async throws {
        try await withDatabase { path in
            let store = try openStore(path)
            defer { store.close() }
            let account = newAccount("an").account
            try await store.provision(
                NewAccount(account: account.at(mailbox("an"))), event: event(.accountProvisioned, account.id))
            _ = try await store.issue(
                appPassword("apw_1", of: account.id),
                guard: AppPasswordGuard(account: account.id, passwordVersion: nil, maximum: 9),
                event: event(.appPasswordIssued, account.id))
            func known() async throws -> ObjectIdentifier? {
                try await store.mailLogin(at: mailbox("an"), lookups: [[1, 2, 3]]).map(ObjectIdentifier.init)
            }
            // Until the first look at the version every login is read.
            let start = ContinuousClock.now
            while try await known() != known(), start.duration(to: .now) < .seconds(5) {}
            let nothing: DeadlineJudge = { _ in DeadlineWrites(lookAgainAt: DeadlineDecision.never) }
            let turn = SweepTurn(holder: "one", lease: .seconds(60), batch: 8)
            _ = try await store.settleDue(turn, now: noon - .seconds(86_400 * 400), judge: nothing)

            // The patience may run out between two logins on a busy machine, which then reads for that reason.
            var kept = false
            for _ in 0..<50 where !kept {
                let before = try await known()
                try await store.add(
                    [
                        ActivityTotal(
                            owner: .account(account.id), kind: .login, day: CivilDate(inHanoiAt: noon), count: 1,
                            lastAt: noon)
                    ], heard: [])
                _ = try await store.settleDue(turn, now: noon - .seconds(86_400 * 400), judge: nothing)
                kept = try await known() == before
            }
            #expect(kept)
            let before = try await known()
            _ = try await store.settle(account.id, now: noon, judge: nothing)
            #expect(try await known() != before)
        }
    }

    private func appPassword(_ id: String, of account: AccountID) -> AppPasswordRecord {
        AppPasswordRecord(
            id: AppPasswordID(id), account: account, label: "Outlook", lookup: [1, 2, 3], digest: [9],
            terms: AppPasswordTerms(services: [.imap], networks: [], expiresAt: nil), document: nil,
            createdAt: noon, lastUse: nil)
    }
}
