import AuthDomain
import AuthService
import Testing

@testable import SQLStore

@Suite("SQLite: the record after its retention (Đ9.2, R-LOG-1)")
struct AuditRetentionTests {
    private static let retention = AuditRetention(days: 400)
    /// Rows of the first `old` days are over.
    private static let now = noon + .seconds(405 * 86_400)

    private struct Hands: WallClock {
        func now() -> WallInstant { AuditRetentionTests.now }
    }

    /// Three chains, one row a day in each: the first ends within the days that are over, the second goes on after
    /// them, the third begins after them.
    private func withLog(_ body: (String) async throws -> Void) async throws {
        try await withDatabase { path in
            for (chain, days) in [("node/1", 0..<4), ("node/2", 2..<10), ("node/3", 8..<12)] {
                let store = try openStore(path, chain: chain)
                for day in days {
                    try await store.append(
                        event(.accountChanged, AccountID("an"), at: noon + .seconds(day * 86_400), detail: "n\(day)"))
                }
                store.close()
            }
            try await body(path)
        }
    }

    private func purge(_ path: String) async throws -> AuditPurge {
        let store = try openStore(path, chain: "node/9")
        defer { store.close() }
        return try await PurgeAudit(store: store, log: store, clock: Hands(), retention: Self.retention)(
            provenance: Provenance(client: "otpd", entry: "service"))
    }

    private func findings(_ path: String, pageSize: Int = 4096) async throws -> [AuditFinding] {
        let store = try openStore(path, chain: "node/10")
        defer { store.close() }
        let found = Record<AuditFinding>()
        _ = try await AuditVerifier(store: store, digest: TestDigest(), pageSize: pageSize).verify {
            found.append($0)
        }
        return found.all
    }

    private func numbers(_ path: String, of chain: String) throws -> [Int64] {
        try withRawDatabase(path) {
            try $0.rows("SELECT number FROM audit WHERE chain = \(chain) ORDER BY number") { $0.integer() }
        }
    }

    @Test("what is over goes, the rest verifies and the purge is on record", arguments: [1, 3, 4096])
    func purged(pageSize: Int) async throws {
        try await withLog { path in
            // Day 5 at the same time of day is the first that stays; each chain has an opening row.
            #expect(try await purge(path).rows == 5 + 4)
            #expect(try numbers(path, of: "node/1").isEmpty)
            #expect(try numbers(path, of: "node/2") == [5, 6, 7, 8, 9])
            #expect(try numbers(path, of: "node/3").count == 5)
            #expect(try await findings(path, pageSize: pageSize).isEmpty)
            let codes = try withRawDatabase(path) {
                try $0.rows("SELECT code FROM audit WHERE chain = 'node/9' ORDER BY number") { $0.text() }
            }
            #expect(codes == ["audit_chain_opened", "audit_purged"])
            #expect(try await purge(path).rows == 0)
        }
    }

    @Test("a row stays to the millisecond of its retention")
    func boundary() async throws {
        try await withDatabase { path in
            let cutoff = Self.retention.cutoff(at: Self.now)
            let store = try openStore(path, chain: "node/1")
            for offset in [-1, 0, 1] {
                try await store.append(event(.accountChanged, at: cutoff + .milliseconds(offset)))
            }
            store.close()
            #expect(try await purge(path).rows == 2)
            #expect(try numbers(path, of: "node/1") == [3, 4])
        }
    }

    @Test("fewer than 366 days are never kept (Đ9.2)", arguments: [-1, 0, 30, 365])
    func leastRetention(days: Int) {
        #expect(AuditRetention(days: days).cutoff(at: Self.now) == Self.now - .seconds(366 * 86_400))
    }

    @Test(
        "a purged chain still tells what was changed, removed or reordered",
        arguments: [
            (
                "UPDATE audit SET detail = 'x' WHERE chain = 'node/2' AND number = 6",
                ["row 6 of chain node/2 was changed"]
            ),
            ("DELETE FROM audit WHERE chain = 'node/2' AND number = 5", ["row 5 of chain node/2 is missing"]),
            (
                "DELETE FROM audit WHERE chain = 'node/2' AND number >= 8",
                ["rows 8 to 9 at the end of chain node/2 are missing"]
            ),
            ("DELETE FROM audit WHERE chain = 'node/2'", ["rows 5 to 9 at the end of chain node/2 are missing"]),
            (
                "DELETE FROM audit_anchors WHERE chain = 'node/2'", ["rows 1 to 4 of chain node/2 are missing"]
            ),
            (
                """
                DELETE FROM audit WHERE chain = 'node/2' AND number = 5;
                UPDATE audit_anchors SET number = 5 WHERE chain = 'node/2'
                """,
                [
                    "the record of the purged rows of chain node/2 was changed",
                    "rows 1 to 5 of chain node/2 are missing",
                ]
            ),
            (
                "UPDATE audit_anchors SET row_mac = x'00' WHERE chain = 'node/1'",
                [
                    "the record of the purged rows of chain node/1 was changed",
                    "rows 1 to 5 at the end of chain node/1 are missing",
                ]
            ),
        ])
    func tampering(script: String, expected: [String]) async throws {
        try await withLog { path in
            _ = try await purge(path)
            try tamper(path, script)
            #expect(try await findings(path).map(\.description) == expected)
        }
    }

    @Test("evidence of tampering is not purged away")
    func evidence() async throws {
        try await withLog { path in
            try tamper(path, "UPDATE audit SET detail = 'x' WHERE chain = 'node/1' AND number = 3")
            let first = try await purge(path)
            #expect(first.unpurgeable == [UnpurgeableRow(chain: "node/1", number: 3)])
            #expect(try numbers(path, of: "node/1") == [3, 4, 5])
            #expect(try numbers(path, of: "node/2") == [5, 6, 7, 8, 9])
            #expect(try await findings(path) == [.changed(chain: "node/1", number: 3)])
        }
    }

    @Test("two instances that purge at once remove each row once, while the log is verified and written")
    func concurrently() async throws {
        try await withDatabase { path in
            let writer = try openStore(path, chain: "node/1")
            defer { writer.close() }
            for _ in 0..<1500 { try await writer.append(event(.accountChanged, at: noon)) }
            let stores = try (2..<4).map { try openStore(path, chain: "node/\($0)") }
            defer { for store in stores { store.close() } }
            let removed = try await withThrowingTaskGroup(of: Int64.self) { group in
                for store in stores {
                    group.addTask {
                        try await PurgeAudit(store: store, log: store, clock: Hands(), retention: Self.retention)(
                            provenance: Provenance(client: "otpd", entry: "service")
                        ).rows
                    }
                }
                group.addTask {
                    for _ in 0..<20 {
                        try await writer.append(event(.accountChanged, at: Self.now))
                        let result = try await AuditVerifier(store: writer, digest: TestDigest(), pageSize: 64)
                            .verify { Issue.record("\($0)") }
                        #expect(result.isClean)
                    }
                    return 0
                }
                return try await group.reduce(0, +)
            }
            #expect(removed == 1501)
            #expect(try await findings(path).isEmpty)
        }
    }
}
