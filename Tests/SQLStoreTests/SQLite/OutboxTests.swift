import AuthDomain
import AuthService
import Testing

@testable import SQLStore

@Suite("SQLite: the outbox and the order of changes (R-HOOK-2)")
struct OutboxTests {
    private static let everything = OutboxSubscription(target: "store", events: Set(AccountEventType.allCases))

    private func claim(_ lease: String, limit: Int = 10, until: WallInstant = noon + .seconds(20)) -> OutboxClaim {
        OutboxClaim(target: "store", limit: limit, lease: lease, until: until)
    }

    @Test("of one account one message is out at a time, and claims never overlap")
    func exclusive() async throws {
        try await withDatabase { path in
            let store = try openStore(path, subscriptions: [Self.everything])
            defer { store.close() }
            let an = try await provision("an", in: StoreUnderTest(store))
            try await store.lock(an, lock("lk-1"), event: event(.accountLocked, an))
            _ = try await provision("binh", in: StoreUnderTest(store))
            let first = try await store.exchange([], claim: claim("x"), now: noon)
            #expect(Set(first.map(\.id)) == ["msg_an_1", "msg_binh_1"])
            #expect(try await store.exchange([], claim: claim("y"), now: noon).isEmpty)
            #expect(try await store.nextDue("store") == noon + .seconds(20))
            // Delivered: the account's next is out in the same transaction.
            let next = try await store.exchange(
                first.map { OutboxSettlement($0, .delivered) }, claim: claim("z"), now: noon)
            #expect(next.map(\.id) == ["msg_an_2"])
            #expect(try await store.isRestorationPending(an) == false)
            _ = try await store.exchange([OutboxSettlement(next[0], .delivered)], claim: nil, now: noon)
            #expect(try await store.nextDue("store") == nil)
            #expect(try await store.backlogs().isEmpty)
        }
    }

    @Test("a claim ends by its time; the word of a holder that lost it moves nothing but what it delivered")
    func lostClaim() async throws {
        try await withDatabase { path in
            let store = try openStore(path, subscriptions: [Self.everything])
            defer { store.close() }
            let an = try await provision("an", in: StoreUnderTest(store))
            try await store.lock(an, lock("lk-1"), event: event(.accountLocked, an))
            let slow = try await store.exchange([], claim: claim("slow"), now: noon)
            let later = noon + .seconds(20)
            let quick = try await store.exchange(
                [], claim: claim("quick", until: later + .seconds(20)), now: later)
            #expect(quick.map(\.id) == slow.map(\.id))
            for fate in [OutboxSettlement.Fate.dead(result: "x"), .failed(result: "x", next: noon), .released] {
                _ = try await store.exchange([OutboxSettlement(slow[0], fate)], claim: nil, now: later)
            }
            #expect(try await store.nextDue("store") == later + .seconds(20))
            #expect(try await store.backlogs().map(\.dead) == [0])
            // Delivered by the slow one after all: gone, and the line still is the quick one's.
            _ = try await store.exchange([OutboxSettlement(slow[0], .delivered)], claim: nil, now: later)
            #expect(try await store.exchange([], claim: claim("third"), now: later).isEmpty)
            let last = try await store.exchange(
                [OutboxSettlement(quick[0], .delivered)], claim: claim("fourth"), now: later)
            #expect(last.map(\.id) == ["msg_an_2"])
        }
    }

    @Test("dropped events leave nothing behind; a waiting one can be hastened")
    func desk() async throws {
        try await withDatabase { path in
            let store = try openStore(path, subscriptions: [Self.everything])
            defer { store.close() }
            let an = try await provision("an", in: StoreUnderTest(store))
            try await store.lock(an, lock("lk-1"), event: event(.accountLocked, an))
            let taken = try await store.exchange([], claim: claim("x"), now: noon)
            _ = try await store.exchange(
                [OutboxSettlement(taken[0], .failed(result: "timeout", next: noon + .seconds(300)))], claim: nil,
                now: noon)
            let entries = try await store.entries(OutboxSelection(part: .pending), limit: 10)
            #expect(entries.map(\.message.attempts) == [1, 0] && entries.map(\.result) == ["timeout", nil])
            #expect(entries.map(\.time) == [noon + .seconds(300), nil])
            #expect(try await store.exchange([], claim: claim("y"), now: noon).isEmpty)
            let selection = OutboxSelection(part: .pending, id: "msg_an_1")
            #expect(try await store.retry(selection, event: event(.outboxRetried)) == 1)
            #expect(try await store.exchange([], claim: claim("z"), now: noon).map(\.attempts) == [0])
            for id in ["", "msg_", "msg_an_", "msg_an_x", "an_1", "msg_an_99", "msg_an_1; DROP TABLE outbox"] {
                let nothing = OutboxSelection(part: .pending, id: id)
                #expect(try await store.drop(nothing, event: event(.outboxDropped)) == 0, "\(id)")
            }
            let all = OutboxSelection(part: .pending, target: "store")
            #expect(try await store.drop(all, event: event(.outboxDropped)) == 2)
            #expect(try await store.backlogs().isEmpty)
            #expect(try await store.exchange([], claim: claim("q"), now: noon + .seconds(60)).isEmpty)
            #expect(try await store.nextDue("store") == nil)
        }
    }

    @Test("changes come in the order of their commits, each account once, destroyed ones too")
    func changes() async throws {
        try await withDatabase { path in
            let store = try openStore(path)
            defer { store.close() }
            for name in ["an", "binh", "chi", "dung"] { _ = try await provision(name, in: StoreUnderTest(store)) }
            try await store.lock(AccountID("binh"), lock("lk-1"), event: event(.accountLocked))
            try await store.destroy(AccountID("an"), now: noon + .seconds(60), event: event(.accountDestroyed))
            func ids(_ changes: [ChangedAccount]) -> [String] { changes.map(\.account.id.text) }
            let all = try await store.changes(from: .beginning, limit: 10)
            #expect(ids(all) == ["chi", "dung", "binh", "an"])
            #expect(all.map(\.sequence) == [1, 1, 2, 2])
            #expect(all.last?.account.lifecycle == .destroyed)
            let page = try await store.changes(from: .beginning, limit: 2)
            let rest = try await store.changes(from: .after(try #require(page.last).cursor), limit: 10)
            #expect(ids(page) + ids(rest) == ids(all))
            #expect(ids(try await store.changes(from: .instant(noon + .seconds(1)), limit: 10)) == ["an"])
            #expect(try await store.changes(from: .instant(noon + .seconds(61)), limit: 10).isEmpty)
            let end = try #require(all.last).cursor
            #expect(try await store.changes(from: .after(end), limit: 10).isEmpty)
            // What changed meanwhile comes again.
            try await store.lock(AccountID("chi"), lock("lk-2"), event: event(.accountLocked))
            #expect(ids(try await store.changes(from: .after(end), limit: 10)) == ["chi"])
        }
    }

    @Test(
        "a cursor reads as it was written, and rubbish does not", arguments: ["", ".", "x.an", "-1.an", "1", "1 .an"])
    func cursors(_ rubbish: String) {
        let cursor = ChangeCursor(number: 7, account: AccountID("acc_a.b"))
        #expect(ChangeCursor(text: cursor.text) == cursor)
        #expect(ChangeCursor(text: rubbish) == nil)
    }

    @Test("accounts from before the outbox are numbered in the order of their making")
    func migration() async throws {
        try await withDatabase { path in
            let file = DatabaseFile(path: path)
            try file.create()
            let before = Array(Migration.all.prefix { !$0.script.contains("CREATE TABLE outbox") })
            let connection = try file.writer()
            try Migrator(file: file, migrations: before).run(on: connection)
            for (name, time) in [("b", 2), ("a", 1), ("c", 3)] {
                try connection.execute(
                    """
                    INSERT INTO accounts (id, kind, lifecycle, password_record, password_version, password_changed_at,
                        must_change, password_issued, created_at)
                    VALUES (\(name), 'personal', 'active', 'r', 1, 1, 0, 0, \(time))
                    """)
            }
            let store = try openStore(path)
            defer { store.close() }
            let found = try await store.changes(from: .beginning, limit: 10)
            #expect(found.map(\.account.id.text) == ["a", "b", "c"])
            #expect(found.map(\.cursor.number) == [1, 2, 3])
            try await store.lock(AccountID("a"), lock("lk-1"), event: event(.accountLocked))
            #expect(try await store.changes(from: .beginning, limit: 10).map(\.cursor.number) == [2, 3, 4])
        }
    }

    @Test("no statement that the dispatcher runs scans a table")
    func queryPlans() async throws {
        try await withDatabase { path in
            try openStore(path).close()
            let message = OutboxMessage(
                target: "t", account: AccountID("an"), sequence: 1, type: .mailboxLocked, occurredAt: noon,
                address: "", data: "", attempts: 0, stage: 0, lease: "l")
            let statements: [SQLStatement] = [
                OutboxStatements.claim(claim("x"), now: noon),
                OutboxStatements.first(of: AccountID("an"), target: "t"), OutboxStatements.nextDue("t"),
                OutboxStatements.advance(after: message), OutboxStatements.endLine(of: message),
                OutboxStatements.remove(message), OutboxStatements.release(message, now: noon),
                OutboxStatements.postpone(message, until: noon, attempts: 1, stage: 0, result: nil),
                OutboxStatements.isRestorationPending(AccountID("an"), targets: ["t", "u"]),
                ChangeStatements.note(1, on: AccountID("an"), now: noon),
                ChangeStatements.page(after: ChangeCursor(number: 1, account: AccountID("an")), limit: 10),
                ChangeStatements.firstNumber(since: noon),
            ]
            try withRawDatabase(path) { connection in
                for statement in statements {
                    let plan = try connection.rows("EXPLAIN QUERY PLAN \(statement)") { row in
                        row.skip(3)
                        return row.text()
                    }
                    #expect(
                        !plan.contains { $0.hasPrefix("SCAN") && !$0.contains("LIST SUBQUERY") },
                        "\(plan) in \(statement.text)")
                    #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(plan) in \(statement.text)")
                }
            }
        }
    }
}
