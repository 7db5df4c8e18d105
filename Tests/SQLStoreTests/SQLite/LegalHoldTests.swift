import AuthDomain
import AuthService
import Testing

@testable import SQLStore

@Suite("SQLite: legal holds (T-14)")
struct LegalHoldTests {
    private static let cli = Provenance(client: "cli", actor: "Trần Thị B", entry: "cli")

    private struct Names: RandomSource {
        func bytes(count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255) } }
    }

    private func holds(_ store: SQLiteStore, at now: WallInstant = noon) -> KeepLegalHolds {
        KeepLegalHolds(
            store: store, accounts: store, clock: StandingClock(now), random: Names(), domains: ["hanoi.gov.vn"])
    }

    private func findings(_ store: SQLiteStore) async throws -> [AuditFinding] {
        let found = Record<AuditFinding>()
        _ = try await AuditVerifier(store: store, digest: TestDigest()).verify { found.append($0) }
        return found.all
    }

    @Test("a hold has a document and rows; it stands once, and is released once")
    func kept() async throws {
        try await withDatabase { path in
            let store = try openStore(path)
            defer { store.close() }
            let an = try await provision("an", in: StoreUnderTest(store))
            let hold = try await holds(store).place(on: "an", document: "45/CV", provenance: Self.cli)
            #expect(hold.account == an && hold.placedBy == "Trần Thị B" && hold.id.hasPrefix("hld_"))
            #expect(try await store.standingHolds() == [hold])
            for (name, document, expected) in [
                ("an", "46/CV", "changedMeanwhile"), ("nobody", "46/CV", "notFound"), ("an", " ", "invalidRequest"),
                (String(repeating: "x", count: 5000), "46/CV", "notFound"), ("", "46/CV", "notFound"),
            ] {
                let failure = await #expect(throws: OperatorFailure.self) {
                    _ = try await holds(store).place(on: name, document: document, provenance: Self.cli)
                }
                #expect("\(failure.map { "\($0)" } ?? "")".hasPrefix(expected))
            }
            #expect(try await holds(store).release("an", document: "50/CV", provenance: Self.cli) == an)
            await #expect(throws: OperatorFailure.self) {
                _ = try await holds(store).release("an", document: "50/CV", provenance: Self.cli)
            }
            #expect(try await store.standingHolds().isEmpty)
            let rows = try await store.page(AuditQuery(account: an, since: nil, until: nil, cursor: nil, limit: 9)).rows
            #expect(rows.map(\.event.code) == [.accountProvisioned, .legalHoldPlaced, .legalHoldReleased])
            #expect(rows.map(\.event.document) == [nil, "45/CV", "50/CV"])
        }
    }

    @Test("a held account is not destroyed: by an operator with a clear refusal, at the end of its period later")
    func destruction() async throws {
        try await withDatabase { path in
            let store = try openStore(path)
            defer { store.close() }
            let an = try await provision("an", in: StoreUnderTest(store), enrolled: true)
            _ = try await holds(store).place(on: "an", document: "45/CV", provenance: Self.cli)
            await #expect(throws: OperatorRefusal.held) {
                try await store.destroy(an, now: noon, event: event(.accountDestroyed, an))
            }
            let judge: DeadlineJudge = { subject in
                var writes = DeadlineWrites(lookAgainAt: DeadlineDecision.never)
                writes.ending = (.destroyed, event(.accountDestroyed, subject.account))
                return writes
            }
            #expect(try await store.settle(an, now: noon, judge: judge)?.ended == nil)
            let waiting = try #require(try await store.account(id: an))
            #expect(waiting.lifecycle == .active && waiting.authenticators.count == 1)
            #expect(waiting.nextLookAt == noon + .seconds(86_400))
            _ = try await holds(store).release("an", document: "50/CV", provenance: Self.cli)
            #expect(try await store.account(id: an)?.nextLookAt == WallInstant(milliseconds: 0))
            #expect(try await store.settle(an, now: noon, judge: judge)?.ended == .destroyed)
        }
    }

    @Test("a destroyed account keeps its names in the record while it is held")
    func erasure() async throws {
        try await withDatabase { path in
            let store = try openStore(path)
            defer { store.close() }
            let an = try await provision("an", in: StoreUnderTest(store))
            try await store.destroy(an, now: noon, event: event(.accountDestroyed, an))
            _ = try await holds(store).place(on: "an", document: "45/CV", provenance: Self.cli)
            let erase = EraseNames(store: store, clock: StandingClock(noon + .seconds(9000)))
            #expect(try await erase() == 0)
            // A pass that was under way when the hold was placed changes nothing more.
            #expect(try await store.eraseRows(of: an, after: nil, limit: 9).rows == 0)
            try await store.finish(Erasure(account: an, isLast: true), lastAt: noon)
            #expect(
                try await store.page(.init(account: an, since: nil, until: nil, cursor: nil, limit: 1)).rows[0]
                    .event.address == "an@hanoi.gov.vn")
            _ = try await holds(store).release("an", document: "50/CV", provenance: Self.cli)
            #expect(try await erase() == 4)
            #expect(try await findings(store).isEmpty)
        }
    }

    @Test("purging stops before the first row of a held account, chain by chain, and goes on after the release")
    func purge() async throws {
        try await withDatabase { path in
            for (chain, names) in [("node/1", ["binh", "an", "binh"]), ("node/2", ["binh", "chi"])] {
                let store = try openStore(path, chain: chain)
                for name in names {
                    if try await store.account(id: AccountID(name)) == nil {
                        _ = try await provision(name, in: StoreUnderTest(store))
                    }
                    try await store.append(event(.accountChanged, AccountID(name)))
                }
                store.close()
            }
            let later = noon + .seconds(500 * 86_400)
            let store = try openStore(path, chain: "node/9")
            defer { store.close() }
            _ = try await holds(store, at: later).place(on: "an", document: "45/CV", provenance: Self.cli)
            let purge = PurgeAudit(
                store: store, log: store, clock: StandingClock(later), retention: AuditRetention(days: 400))
            let first = try await purge(provenance: Self.cli)
            // Opening row, two of Bình; then An's.
            #expect(first.held == [UnpurgeableRow(chain: "node/1", number: 4)] && first.unpurgeable.isEmpty)
            let numbers = { (chain: String) in
                try withRawDatabase(path) {
                    try $0.rows("SELECT number FROM audit WHERE chain = \(chain) ORDER BY number") { $0.integer() }
                }
            }
            #expect(try numbers("node/1") == [4, 5, 6] && numbers("node/2").isEmpty)
            #expect(try await findings(store).isEmpty)
            #expect(try await purge(provenance: Self.cli).rows == 0)
            _ = try await holds(store, at: later).release("an", document: "50/CV", provenance: Self.cli)
            #expect(try await purge(provenance: Self.cli).rows == 3)
            #expect(try numbers("node/1").isEmpty)
            #expect(try await findings(store).isEmpty)
        }
    }
}
