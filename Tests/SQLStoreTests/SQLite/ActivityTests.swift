import AuthDomain
import AuthService
import SQLStore
import Testing

@Suite("Activity of mailboxes (R-LOCK-12)")
struct ActivityTests {
    @Test("Totals of the same day add up, the last time never goes back, aliases lead to their mailbox")
    func addsUp() async throws {
        try await withDatabase { path in
            let store = try openStore(path)
            defer { store.close() }
            try await store.provision(newAccount("an", aliases: [mailbox("a.n")]), event: event(.accountProvisioned))
            let tally = ActivityTally(day: CivilDate.init(inHanoiAt:))
            tally.note(.login, of: .address(mailbox("an")), at: noon)
            tally.note(.login, of: .address(mailbox("a.n")), at: noon + .seconds(60), count: 2)
            tally.note(.send, of: .account(AccountID("an")), at: noon)
            tally.note(.receive, of: .address(mailbox("nobody")), at: noon)
            tally.hear(.dovecot, at: noon, events: 3)
            try await tally.flush(into: store)
            tally.note(.login, of: .address(mailbox("an")), at: noon - .seconds(30))
            tally.hear(.dovecot, at: noon + .seconds(5))
            try await tally.flush(into: store)
            let last = try await store.lastActivity(of: AccountID("an"))
            #expect(last == [.login: noon + .seconds(60), .send: noon])
            let day = CivilDate(inHanoiAt: noon)
            let days = try await store.activity(of: AccountID("an"), since: day)
            #expect(days.map(\.kind) == [.login, .send] && days.map(\.count) == [4, 1])
            #expect(days.map(\.lastAt) == [noon + .seconds(60), noon])
            let heard = try await store.feedDays(since: day)
            #expect(heard == [FeedTotal(feed: .dovecot, day: day, events: 4, lastHeardAt: noon + .seconds(5))])
        }
    }

    @Test("A login to a locked mailbox is none, for Dovecot reports nologin as a success; a delivery is one")
    func lockedLogin() async throws {
        try await withDatabase { path in
            let store = try openStore(path)
            defer { store.close() }
            try await store.provision(newAccount("an"), event: event(.accountProvisioned))
            let lock = Lock(
                id: "l1", cause: .compromised, source: .operator, lockedAt: noon, actor: "desk", note: nil,
                document: nil)
            try await store.lock(AccountID("an"), lock, event: event(.accountLocked))
            let tally = ActivityTally(day: CivilDate.init(inHanoiAt:))
            tally.note(.login, of: .address(mailbox("an")), at: noon)
            tally.note(.receive, of: .address(mailbox("an")), at: noon)
            try await tally.flush(into: store)
            #expect(try await store.lastActivity(of: AccountID("an")) == [.receive: noon])
        }
    }

    @Test("What cannot be written stays for the next time; a full tally drops and counts")
    func failures() async throws {
        try await withDatabase { path in
            let store = try openStore(path)
            try await store.provision(newAccount("an"), event: event(.accountProvisioned))
            store.close()
            let tally = ActivityTally(limit: 2, day: CivilDate.init(inHanoiAt:))
            tally.note(.login, of: .address(mailbox("an")), at: noon)
            tally.hear(.dovecot, at: noon)
            await #expect(throws: StoreUnavailable.self) { try await tally.flush(into: store) }
            tally.note(.send, of: .address(mailbox("an")), at: noon)
            tally.note(.receive, of: .address(mailbox("an")), at: noon)
            #expect(tally.dropped == 1)
            let again = try openStore(path)
            defer { again.close() }
            try await tally.flush(into: again)
            #expect(try await again.lastActivity(of: AccountID("an")) == [.login: noon, .send: noon])
            #expect(try await again.feedDays(since: CivilDate(inHanoiAt: noon)).map(\.events) == [1])
        }
    }

    @Test("Reports of the past, of the future, of strangers and of nonsense")
    func reports() async throws {
        try await withDatabase { path in
            let store = try openStore(path)
            defer { store.close() }
            try await store.provision(newAccount("an"), event: event(.accountProvisioned))
            let tally = ActivityTally(day: CivilDate.init(inHanoiAt:))
            let record = RecordActivity(tally: tally, domains: ["hanoi.gov.vn"], clock: Noon())
            let taken = record(
                [
                    ActivityReport(login: "AN", kind: .login, time: noon + .seconds(86_400 * 30)),
                    ActivityReport(login: "an@hanoi.gov.vn", kind: .send, time: nil),
                    ActivityReport(login: "an", kind: .receive, time: noon - .seconds(401 * 86_400)),
                    ActivityReport(login: "an@example.org", kind: .receive, time: nil),
                    ActivityReport(login: "an\u{0}", kind: .receive, time: nil),
                    ActivityReport(login: String(repeating: "a", count: 5_000), kind: .receive, time: nil),
                    ActivityReport(login: "an", kind: .receive, time: nil, count: 0),
                    ActivityReport(login: "stranger", kind: .login, time: nil),
                ], from: .batch)
            #expect(taken == 3)
            try await tally.flush(into: store)
            #expect(try await store.lastActivity(of: AccountID("an")) == [.login: noon, .send: noon])
        }
    }
}

private struct Noon: WallClock {
    func now() -> WallInstant { noon }
}
