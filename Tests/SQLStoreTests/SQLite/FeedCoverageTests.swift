import AuthDomain
import AuthService
import SQLStore
import Testing

@Suite("How far the mail system's reports reach (R-LOCK-12)")
struct FeedCoverageTests {
    private let day = Duration.seconds(86_400)

    private func hear(_ store: SQLiteStore, _ feed: ActivityFeed, at instant: WallInstant) async throws {
        try await store.add(
            [],
            heard: [FeedTotal(feed: feed, day: CivilDate(inHanoiAt: instant), events: 1, lastHeardAt: instant)])
    }

    @Test("Reports without a gap reach back to the first; a gap begins anew; the most silent feed counts")
    func coverage() async throws {
        try await withDatabase { path in
            let store = try openStore(path)
            defer { store.close() }
            #expect(try await store.noteFeed(silence: day, now: noon) == nil)
            try await hear(store, .dovecot, at: noon)
            for hours in [0, 20, 44] {
                let instant = noon + .seconds(3600 * hours)
                try await hear(store, .dovecot, at: instant)
                let health = try await store.noteFeed(silence: day, now: instant)
                #expect(health == FeedHealth(heardAt: instant, unbrokenSince: noon))
            }
            let silent = try await store.noteFeed(silence: day, now: noon + .seconds(3600 * 80))
            #expect(silent == FeedHealth(heardAt: noon + .seconds(3600 * 44), unbrokenSince: noon))
            let back = noon + .seconds(3600 * 69)
            try await hear(store, .dovecot, at: back)
            #expect(try await store.noteFeed(silence: day, now: back) == FeedHealth(heardAt: back, unbrokenSince: back))
            // Another feed that lags behind holds the whole back, until it is long out of use.
            try await hear(store, .postfix, at: back - .seconds(3600))
            try await hear(store, .dovecot, at: back + .seconds(7200))
            #expect(try await store.noteFeed(silence: day, now: back + .seconds(7200))?.heardAt == back)
            let late = back + .seconds(200 * 86_400)
            try await hear(store, .dovecot, at: late)
            #expect(
                try await store.noteFeed(silence: day, now: late) == FeedHealth(heardAt: late, unbrokenSince: late))
        }
    }

    @Test(
        "Each of login, send and receive is a sign of life; a delivery to a locked mailbox does not unlock it",
        arguments: ActivityKind.allCases)
    func signs(kind: ActivityKind) async throws {
        try await withDatabase { path in
            let store = try openStore(path)
            defer { store.close() }
            let an = try await provision("an", in: StoreUnderTest(store))
            let seen = noon + .seconds(3600)
            try await store.add(
                [
                    ActivityTotal(
                        owner: .account(an), kind: kind, day: CivilDate(inHanoiAt: seen), count: 1, lastAt: seen)
                ],
                heard: [])
            let facts = try await store.deadlineSubject(an, now: seen)?.facts
            #expect(facts?.lastSigns == [kind: seen])
            try await store.lock(an, lock("lk-1", .inactive3Months), event: event(.accountLocked, an))
            let later = seen + .seconds(3600)
            try await store.add(
                [
                    ActivityTotal(
                        owner: .account(an), kind: kind, day: CivilDate(inHanoiAt: later), count: 1, lastAt: later)
                ],
                heard: [])
            #expect(try await store.account(id: an)?.locks.map(\.cause) == [.inactive3Months])
        }
    }
}
