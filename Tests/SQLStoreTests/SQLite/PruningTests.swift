import AuthDomain
import AuthService
import Testing

@testable import SQLStore

@Suite("SQLite: what is kept for a time only (T-14, R-LOG-1)")
struct PruningTests {
    private static let retention = AuditRetention(days: 400)
    private static let today = CivilDate(inHanoiAt: noon).daysSinceEpoch

    private func prune(_ store: SQLiteStore, at now: WallInstant, days: Int = 400) async throws -> [String: Int] {
        try await PruneRecords(
            store: store, clock: StandingClock(now), retention: AuditRetention(days: days))()
    }

    /// One of each kind that ends at noon, for two accounts.
    private func fill(_ path: String) throws {
        let at = noon.milliseconds
        try tamper(
            path,
            """
            INSERT INTO activity_feeds VALUES ('dovecot', \(Self.today), 1, \(at));
            INSERT INTO idempotent_calls VALUES ('call1', 'siem', 'k1', x'00', \(at), x'00');
            INSERT INTO form_rows VALUES (x'01', '01', 1, 1, 'an@hanoi.gov.vn', NULL, \(at));
            INSERT INTO sms_counts VALUES ('all:1', '', 1, 1, \(at));
            INSERT INTO attempt_lanes VALUES ('x', 'password', '', 1, 0, \(at));
            INSERT INTO attempt_lanes VALUES ('an', 'otp', 'd1', 1, 0, NULL);
            """)
        for name in ["an", "binh"] {
            try tamper(
                path,
                """
                INSERT INTO activity_days VALUES ('\(name)', \(Self.today), 'login', 1, \(at));
                INSERT INTO activity_last VALUES ('\(name)', 'login', \(at));
                INSERT INTO sms_sends (reference, issue, transaction_id, account_id, purpose, phone_digest,
                    phone_masked, prefix, lane, parts, cost, state, created_at, updated_at, expires_at)
                VALUES ('s-\(name)', 'i', 't', '\(name)', 'sign_in', x'00', '', '+8491', 'none', 1, 1, 'delivered',
                    \(at), \(at), \(at));
                INSERT INTO enrolment_codes VALUES ('e-\(name)', '\(name)', x'00', \(at), \(at), NULL, \(at));
                UPDATE authenticators SET revoked_at = \(at) WHERE account_id = '\(name)';
                INSERT INTO app_passwords (id, account_id, label, lookup, digest, services, networks, created_at,
                    revoked_at) VALUES ('p-\(name)', '\(name)', 'x', x'00', x'00', 'imap', '', \(at), \(at));
                INSERT INTO outbox_dead VALUES ('t', '\(name)', 1, 'account.changed', \(at), '', '{}', 1, 'x', \(at));
                """)
        }
    }

    private func counts(_ path: String) throws -> [String: Int64] {
        try withRawDatabase(path) { connection in
            var result: [String: Int64] = [:]
            for table in [
                "activity_feeds", "idempotent_calls", "form_rows", "sms_counts", "attempt_lanes", "activity_days",
                "activity_last", "sms_sends", "enrolment_codes", "authenticators", "app_passwords", "outbox_dead",
            ] {
                let statement = SQLStatement(stringLiteral: "SELECT count(*) FROM \(table)")
                result[table] = try connection.first(statement) { $0.integer() }
            }
            return result
        }
    }

    @Test("everything stays to the day of its retention and goes after it; what decides about accounts stays")
    func clock() async throws {
        try await withDatabase { path in
            let store = try openStore(path)
            defer { store.close() }
            for name in ["an", "binh"] { _ = try await provision(name, in: StoreUnderTest(store), enrolled: true) }
            try fill(path)
            let whole = try counts(path)
            #expect(try await prune(store, at: noon).isEmpty)
            #expect(try await prune(store, at: noon + .seconds(86_400)).isEmpty)
            #expect(
                try await prune(store, at: noon + .seconds(86_401)) == ["message_counts": 1, "attempt_lanes": 1])
            #expect(try await prune(store, at: noon + .seconds(2 * 86_400 + 1)) == ["named_calls": 1])
            // Fewer days than 400 are not taken for the rest, more are.
            #expect(try await prune(store, at: noon + .seconds(400 * 86_400), days: 366).isEmpty)
            let end = noon + .seconds(401 * 86_400)
            #expect(try await prune(store, at: end, days: 500).isEmpty)
            #expect(
                try await prune(store, at: end) == [
                    "feed_days": 1, "form_rows": 1, "messages": 2, "enrolment_codes": 2, "authenticators": 2,
                    "app_passwords": 2, "dead_events": 2, "activity_days": 2,
                ])
            let left = try counts(path)
            #expect(left.filter { $0.value > 0 } == ["attempt_lanes": 1, "activity_last": 2])
            #expect(whole.values.allSatisfy { $0 > 0 })
            #expect(try await prune(store, at: end).isEmpty)
        }
    }

    @Test("given-up events of a destroyed account, the last that name it, go after a month")
    func farewells() async throws {
        try await withDatabase { path in
            let store = try openStore(path)
            defer { store.close() }
            for name in ["an", "binh"] { _ = try await provision(name, in: StoreUnderTest(store)) }
            let an = AccountID("an")
            try await store.destroy(an, now: noon, event: event(.accountDestroyed, an))
            try tamper(
                path,
                """
                INSERT INTO outbox_dead SELECT 't', id, 9, 'account.destroyed', 0, id, '{}', 1, 'x', \(noon.milliseconds)
                FROM accounts;
                """)
            #expect(try await prune(store, at: noon + .seconds(31 * 86_400)).isEmpty)
            #expect(try await prune(store, at: noon + .seconds(31 * 86_400 + 1)) == ["dead_farewells": 1])
            let left = try withRawDatabase(path) {
                try $0.rows("SELECT account_id FROM outbox_dead") { $0.text() }
            }
            #expect(left == ["binh"])
        }
    }

    @Test("what belongs to an account under a legal hold stays until the release")
    func held() async throws {
        try await withDatabase { path in
            let store = try openStore(path)
            defer { store.close() }
            for name in ["an", "binh"] { _ = try await provision(name, in: StoreUnderTest(store), enrolled: true) }
            try fill(path)
            let an = AccountID("an")
            try await store.place(
                LegalHold(id: "hld_1", account: an, document: "1", placedAt: noon, placedBy: "x"),
                event: event(.legalHoldPlaced, an))
            let end = noon + .seconds(401 * 86_400)
            let first = try await prune(store, at: end)
            #expect(first["messages"] == 1 && first["activity_days"] == 1 && first["authenticators"] == 1)
            let left = try withRawDatabase(path) {
                try $0.rows("SELECT reference FROM sms_sends UNION SELECT account_id FROM activity_days") { $0.text() }
            }
            #expect(left == ["an", "s-an"])
            try await store.release(
                an, by: LegalHoldRelease(document: "2", releasedAt: noon, releasedBy: "x"),
                event: event(.legalHoldReleased, an))
            #expect(try await prune(store, at: end)["messages"] == 1)
        }
    }

    @Test("many rows go in bounded steps, by two instances at once, each once")
    func many() async throws {
        try await withDatabase { path in
            let stores = [try openStore(path), try openStore(path)]
            defer { for store in stores { store.close() } }
            try tamper(
                path,
                """
                BEGIN;
                WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < 5000)
                INSERT INTO accounts (id, kind, lifecycle, password_record, password_version, password_changed_at,
                    must_change, password_issued, created_at)
                SELECT printf('a%07d', i), 'personal', 'active', 'x', 1, 0, 0, 0, 0 FROM n;
                INSERT INTO activity_days SELECT id, 10, 'login', 1, 0 FROM accounts;
                INSERT INTO activity_days SELECT id, 11, 'sent', 1, 0 FROM accounts;
                WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < 3000)
                INSERT INTO activity_days SELECT 'a0000007', i + 12, 'login', 1, 0 FROM n;
                WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < 2500)
                INSERT INTO form_rows SELECT x'01', '01', 1, i, 'x', NULL, i FROM n;
                COMMIT;
                """)
            let removed = try await withThrowingTaskGroup(of: [String: Int].self) { group in
                for store in stores { group.addTask { try await prune(store, at: noon) } }
                return try await group.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }
            }
            #expect(removed == ["activity_days": 13_000, "form_rows": 2500])
        }
    }

    @Test("what is over is found by an index, without a walk through its table")
    func plans() async throws {
        try await withDatabase { path in
            try openStore(path).close()
            try withRawDatabase(path) { connection in
                for kind in Prunable.allCases where kind != .feedDays {
                    let found = PruningStatements.found(kind, before: noon, limit: 500)
                    let plan = try connection.rows("EXPLAIN QUERY PLAN \(found)") { row in
                        row.skip(3)
                        return row.text()
                    }
                    #expect(plan.first?.hasPrefix("SEARCH") == true, "\(kind): \(plan)")
                    #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(kind): \(plan)")
                }
            }
        }
    }
}
