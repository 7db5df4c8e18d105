import AuthDomain
import AuthService
import Foundation
import Testing

@testable import SQLStore

@Suite("SQLite: the record after an account's destruction (R-LIFE-9, T-14)")
struct ErasureTests {
    private static let name = "Nguyễn Văn hoang_minh"
    private static let address = "hoang_minh@hanoi.gov.vn"
    private static let alias = "hm_sotttt@hanoi.gov.vn"
    private let account = AccountID("acc_1")

    /// A destroyed account with rows of every kind, beside a living one; the owner's names stand wherever they can.
    private func destroyed(_ path: String, rows: Int = 3) async throws -> SQLiteStore {
        let store = try openStore(path, chain: "node/1")
        let base = newAccount("hoang_minh", aliases: [MailboxAddress(canonical: Self.alias)]).account
        try await store.provision(NewAccount(account: base.renamed(account)), event: row(.accountProvisioned))
        try await store.provision(newAccount("binh"), event: event(.accountProvisioned, AccountID("binh")))
        for index in 0..<rows {
            try await store.append(row(.signInCompleted, at: noon + .seconds(index)))
            try await store.append(event(.signInCompleted, AccountID("binh"), at: noon + .seconds(index)))
        }
        try await store.append(
            row(.accountChanged, detail: "asked by Hoang_Minh@hanoi.gov.vn, ******678; not of tran\(Self.address)"))
        try await store.append(
            AuditEvent(
                time: noon, code: .signInPasswordFailed, result: .failure, address: Self.alias, factor: "password",
                provenance: Provenance(client: "sso", entry: "web")))
        let file = FormFileIdentity(digest: [1, 2, 3], form: nil)
        try await store.lock(
            account,
            Lock(
                id: "lk-1", cause: .compromised, source: .operator, lockedAt: noon, actor: "desk",
                note: "reported by \(Self.name)", document: nil),
            event: row(.accountLocked, detail: "reported by \(Self.name)"))
        try tamper(
            path,
            """
            INSERT INTO form_rows (file_digest, form, sheet, number, address, done_at)
            VALUES (x'010203', 'accounts', 1, 1, '\(Self.address)', \(noon.milliseconds));
            INSERT INTO activity_days VALUES ('acc_1', 20000, 'login', 1, 5);
            INSERT INTO activity_last VALUES ('acc_1', 'login', 5);
            """)
        #expect(try await store.journal(of: file).count == 1)
        try await store.destroy(account, now: noon + .seconds(60), event: row(.accountDestroyed))
        return store
    }

    private func row(_ code: AuditCode, at time: WallInstant = noon, detail: String? = nil) -> AuditEvent {
        AuditEvent(
            time: time, code: code, result: .success, account: account, address: Self.address,
            document: "12/QĐ", detail: detail,
            provenance: Provenance(client: "sso", clientAddress: "203.0.113.9", entry: "web"))
    }

    private func erase(_ store: SQLiteStore, at now: WallInstant) async throws -> Int {
        try await EraseNames(store: store, clock: StandingClock(now))()
    }

    private func findings(_ store: SQLiteStore) async throws -> [AuditFinding] {
        let found = Record<AuditFinding>()
        _ = try await AuditVerifier(store: store, digest: TestDigest(), pageSize: 7).verify { found.append($0) }
        return found.all
    }

    private func texts(_ path: String, _ query: SQLStatement) throws -> [String] {
        try withRawDatabase(path) { try $0.rows(query) { $0.text() } }
    }

    @Test("rows stay under a pseudonym and verify; not a byte of the owner's names is left in the file")
    func erased() async throws {
        try await withDatabase { path in
            let store = try await destroyed(path, rows: 400)
            let codes = try texts(path, "SELECT code FROM audit ORDER BY number")
            // 400 sign-ins, provisioning, change, lock, destruction, and one row of nobody.
            #expect(try await erase(store, at: noon + .seconds(61)) == 405)
            #expect(try await findings(store).isEmpty)
            let page = try await store.page(
                AuditQuery(account: account, since: nil, until: nil, cursor: nil, limit: 500))
            #expect(page.rows.count == 404 && page.rows.allSatisfy { $0.event.address == "acc_1" })
            #expect(
                page.rows.compactMap(\.event.detail).contains(
                    "asked by acc_1, ******; not of tran\(Self.address)"))
            #expect(try texts(path, "SELECT code FROM audit ORDER BY number") == codes)
            #expect(try texts(path, "SELECT note FROM locks") == ["reported by acc_1"])
            #expect(try texts(path, "SELECT address FROM form_rows") == ["acc_1"])
            #expect(try texts(path, "SELECT account_id FROM activity_days").isEmpty)
            #expect(
                try texts(path, "SELECT DISTINCT address FROM audit WHERE account_id = 'binh'") == [
                    "binh@hanoi.gov.vn"
                ])

            // A request that was under way, and refused mail logins of the hour before, are written after the first
            // pass; the last one finds them.
            try await store.append(row(.factorFailed, at: noon + .seconds(59)))
            try await store.append(
                AuditEvent(
                    time: noon + .seconds(50), code: .mailLoginsRefused, result: .failure, address: Self.address,
                    factor: "mail", provenance: Provenance(client: "dovecot", entry: "mail")))
            #expect(try await erase(store, at: noon + .seconds(3600)) == 0)
            #expect(try await erase(store, at: noon + .seconds(61 + 7200)) == 2)
            #expect(try texts(path, "SELECT name FROM erasure_names").isEmpty)
            #expect(try texts(path, "SELECT account_id FROM erasures").isEmpty)
            #expect(try await findings(store).isEmpty)
            store.close()

            #expect(!FileManager.default.fileExists(atPath: path + "-wal"))
            var file = try Data(contentsOf: URL(filePath: path))
            // The one place where the text is another address, so that the search is seen to find.
            let other = Data("tran\(Self.address)".utf8)
            let range = try #require(file.range(of: other))
            file.replaceSubrange(range, with: Data(repeating: 0, count: other.count))
            for text in [Self.address, "Hoang_Minh@", Self.alias, Self.name, "******678"] {
                #expect(file.range(of: Data(text.utf8)) == nil, "\(text)")
            }
        }
    }

    @Test("events go with their delivery, given-up ones with the account; the log is emptied under a running service")
    func events() async throws {
        try await withDatabase { path in
            let all = OutboxSubscription(target: "mail", events: Set(AccountEventType.allCases))
            let store = try openStore(path, chain: "node/1", subscriptions: [all])
            defer { store.close() }
            let base = newAccount("hoang_minh").account
            try await store.provision(NewAccount(account: base.renamed(account)), event: row(.accountProvisioned))
            func take() async throws -> [OutboxMessage] {
                let claim = OutboxClaim(target: "mail", limit: 9, lease: "l", until: noon + .seconds(900))
                return try await store.exchange([], claim: claim, now: noon + .seconds(800))
            }
            let first = try await take()
            #expect(first.map(\.type) == [.accountProvisioned])
            _ = try await store.exchange(
                first.map { OutboxSettlement($0, .dead(result: "500")) }, claim: nil, now: noon)
            try await store.destroy(account, now: noon + .seconds(60), event: row(.accountDestroyed))
            #expect(try texts(path, "SELECT type FROM outbox_dead").isEmpty)
            let last = try await take()
            #expect(last.map(\.type) == [.accountDestroyed] && last[0].address == Self.address)
            _ = try await store.exchange(
                last.map { OutboxSettlement($0, .delivered) }, claim: nil, now: noon)
            _ = try await erase(store, at: noon + .seconds(61))
            _ = try await erase(store, at: noon + .seconds(61 + 7200))
            // Whoever reads keeps the log from being emptied; nobody waits for that.
            let reader = SQLiteConnection(handle: try SQLiteHandle(path: path))
            try reader.run(script: "BEGIN; SELECT count(*) FROM audit;")
            #expect(try await !store.foldLog())
            try reader.run(script: "COMMIT")
            #expect(try await store.foldLog())
            for name in [path, path + "-wal"] {
                let file = try Data(contentsOf: URL(filePath: name))
                #expect(file.range(of: Data(Self.address.utf8)) == nil, "\(name)")
            }
            #expect(
                try await store.page(.init(account: account, since: nil, until: nil, cursor: nil, limit: 9))
                    .rows.count == 2)
        }
    }

    @Test("an erasure that was cut off anywhere goes on, and two at once do everything once")
    func resumed() async throws {
        try await withDatabase { path in
            let first = try await destroyed(path, rows: 600)
            for _ in 0..<2 {
                let step = try await first.eraseRows(of: account, after: nil, limit: 50)
                #expect(step.rows == 50 && step.next != nil)
            }
            #expect(try await findings(first).isEmpty)
            first.close()
            let stores = try ["node/2", "node/3"].map { try openStore(path, chain: $0) }
            defer { for store in stores { store.close() } }
            let rows = try await withThrowingTaskGroup(of: Int.self) { group in
                for store in stores { group.addTask { try await erase(store, at: noon + .seconds(61)) } }
                return try await group.reduce(0, +)
            }
            #expect(rows == 605 - 100)
            #expect(try await findings(stores[0]).isEmpty)
            #expect(
                try texts(
                    path, "SELECT DISTINCT address FROM audit WHERE address LIKE '%hoang%' OR address LIKE 'hm_%'"
                )
                .isEmpty)
        }
    }

    @Test(
        "after an erasure, verification names what was changed",
        arguments: [
            "UPDATE audit SET address = 'x' WHERE number = 4", "UPDATE audit SET address = NULL WHERE number = 4",
            "UPDATE audit SET erased_mac = NULL WHERE number = 4", "UPDATE audit SET erased_mac = mac WHERE number = 4",
            "UPDATE audit SET detail = 'x' WHERE number = 4", "UPDATE audit SET account_id = 'binh' WHERE number = 4",
            "UPDATE audit SET result = 'failure' WHERE number = 4",
            // A living account's row cannot be passed off as erased.
            """
            UPDATE audit SET address = 'binh', erased_mac = (SELECT erased_mac FROM audit WHERE number = 4)
            WHERE number = 5
            """,
        ])
    func tampering(script: String) async throws {
        try await withDatabase { path in
            let store = try await destroyed(path)
            defer { store.close() }
            _ = try await erase(store, at: noon + .seconds(61))
            #expect(try await findings(store).isEmpty)
            try tamper(path, script)
            let number: Int64 = script.contains("number = 5") ? 5 : 4
            #expect(try await findings(store) == [.changed(chain: "node/1", number: number)])
        }
    }

    @Test("what was changed before an erasure is named after it, and loses the names all the same")
    func changedBefore() async throws {
        try await withDatabase { path in
            let store = try await destroyed(path)
            defer { store.close() }
            try tamper(path, "UPDATE audit SET result = 'failure' WHERE number = 4")
            _ = try await erase(store, at: noon + .seconds(61))
            #expect(try await findings(store) == [.changed(chain: "node/1", number: 4)])
            #expect(try texts(path, "SELECT address FROM audit WHERE number = 4") == ["acc_1"])
        }
    }

    @Test("rows under a pseudonym count only while their account is destroyed")
    func resurrected() async throws {
        try await withDatabase { path in
            let store = try await destroyed(path, rows: 0)
            defer { store.close() }
            _ = try await erase(store, at: noon + .seconds(61))
            try tamper(path, "UPDATE accounts SET lifecycle = 'active' WHERE id = 'acc_1'")
            #expect(try await findings(store).count == 5)
        }
    }

    @Test("a purge passes rows under a pseudonym, and what stays verifies")
    func purged() async throws {
        try await withDatabase { path in
            let store = try await destroyed(path)
            defer { store.close() }
            _ = try await erase(store, at: noon + .seconds(61))
            let later = noon + .seconds(400 * 86_400 + 2)
            let purge = try await PurgeAudit(
                store: store, log: store, clock: StandingClock(later), retention: AuditRetention(days: 400))(
                    provenance: Provenance(client: "cli", entry: "cli"))
            #expect(purge.rows > 0 && purge.unpurgeable.isEmpty)
            #expect(try await findings(store).isEmpty)
        }
    }

    @Test("whoever gets the address again is somebody else and keeps their own rows")
    func reissued() async throws {
        try await withDatabase { path in
            let store = try await destroyed(path)
            defer { store.close() }
            let base = newAccount("hoang_minh").account
            let new = AccountID("acc_2")
            let later = noon + .seconds(3600)
            try await store.provision(
                NewAccount(account: base.renamed(new)),
                event: AuditEvent(
                    time: later, code: .accountProvisioned, result: .success, account: new, address: Self.address,
                    provenance: Provenance(client: "sso", entry: "web")))
            // Somebody tried the address after its first owner was gone.
            try await store.append(
                AuditEvent(
                    time: later, code: .signInPasswordFailed, result: .failure, address: Self.address,
                    provenance: Provenance(client: "sso", entry: "web")))
            _ = try await erase(store, at: later)
            _ = try await erase(store, at: later + .seconds(7200))
            let page = try await store.page(AuditQuery(account: new, since: nil, until: nil, cursor: nil, limit: 9))
            #expect(page.rows.map(\.event.code) == [.accountProvisioned])
            #expect(page.rows.map(\.event.address) == [Self.address])
            #expect(
                try texts(path, "SELECT address FROM audit WHERE code = 'authn_login_fail' ORDER BY occurred_at") == [
                    "acc_1", Self.address,
                ])
            #expect(try await findings(store).isEmpty)
        }
    }

    @Test("rows and destructions from before the schema knew of erasures are caught up with")
    func older() async throws {
        try await withDatabase { path in
            let file = DatabaseFile(path: path)
            try file.create()
            let connection = try file.writer()
            try Migrator(file: file, migrations: Migration.all.filter { $0.version < 11 }).run(on: connection)
            var chain = AuditChain(
                identity: AuditChainIdentity(instance: "node", chain: "node/0", digest: TestDigest()))
            try connection.run(script: "BEGIN")
            for index in 0..<5 { try chain.append(row(.signInCompleted, at: noon + .seconds(index)), to: connection) }
            try chain.seal(in: connection)
            try connection.run(
                script: """
                    INSERT INTO accounts (id, kind, lifecycle, password_record, password_version, password_changed_at,
                        must_change, password_issued, created_at, destroyed_at)
                    VALUES ('acc_1', 'personal', 'destroyed', '', 1, 0, 0, 0, 0, \(noon.milliseconds + 9000));
                    COMMIT;
                    """)
            let store = try openStore(path, chain: "node/1")
            defer { store.close() }
            #expect(try await findings(store).isEmpty)
            #expect(try await erase(store, at: noon + .seconds(10)) == 5)
            #expect(try await findings(store).isEmpty)
        }
    }

    @Test("100,000 rows of one account: no step holds the writer for long, and each is found by an index")
    func many() async throws {
        try await withDatabase { path in
            let batches = Record<Duration>()
            let store = try openStore(
                path, chain: "node/1",
                observer: StoreObserver(operation: { if $0 == .writeRegistry { batches.append($1) } }))
            defer { store.close() }
            let base = newAccount("hoang_minh").account
            try await store.provision(NewAccount(account: base.renamed(account)), event: row(.accountProvisioned))
            let events = (0..<10_000).map { row(.signInCompleted, at: noon + .milliseconds($0)) }
            for _ in 0..<10 {
                try await store.write(.appendAudit) { transaction in
                    for event in events { try transaction.append(event) }
                }
            }
            try await store.destroy(account, now: noon + .seconds(60), event: row(.accountDestroyed))
            #expect(try await erase(store, at: noon + .seconds(61)) == 100_002)
            let longest = batches.all.max() ?? .zero
            #expect(longest < .milliseconds(400), "\(longest) of \(batches.all.count) steps")
            _ = try await erase(store, at: noon + .seconds(61 + 7200))
            #expect(try await store.foldLog())
            let file = try Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
            #expect(file.range(of: Data(Self.address.utf8)) == nil)
            let plan = try withRawDatabase(path) { connection in
                try connection.rows(
                    "EXPLAIN QUERY PLAN \(ErasureStatements.rowsOfNobody(naming: account, limit: 200))"
                ) { row in
                    row.skip(3)
                    return row.text()
                }
            }
            #expect(plan.contains { $0.contains("audit_of_nobody") } && !plan.contains { $0.hasPrefix("SCAN") })
        }
    }
}

extension Account {
    /// The same under another identifier.
    fileprivate func renamed(_ id: AccountID) -> Account {
        Account(
            id: id, address: address, aliases: aliases, kind: kind, displayName: displayName,
            organisation: organisation, lifecycle: lifecycle, password: password, budgets: budgets, locks: locks,
            authenticators: authenticators, recoveryCodesLeft: recoveryCodesLeft, enrolmentCode: enrolmentCode,
            sealedPhone: sealedPhone, maskedPhone: maskedPhone, notifiedAt: notifiedAt, createdAt: createdAt,
            lastSignInAt: lastSignInAt)
    }
}
