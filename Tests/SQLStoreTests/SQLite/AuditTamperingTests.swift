import AuthDomain
import AuthService
import Testing

@testable import SQLStore

@Suite("SQLite: tampering with the audit log (R-LOG-2)")
struct AuditTamperingTests {
    /// Three chains of 10, 10 and 4 rows; the second and third know the ones before.
    private func withLog(_ body: (String) async throws -> Void) async throws {
        try await withDatabase { path in
            for (chain, rows) in [("node/1", 9), ("node/2", 9), ("node/3", 3)] {
                let store = try openStore(path, chain: chain)
                let start = noon + .seconds(Int64(chain.utf8.last ?? 0))
                for index in 0..<rows {
                    try await store.append(
                        event(.accountChanged, AccountID("an"), at: start, detail: "n\(index)"))
                }
                store.close()
            }
            try await body(path)
        }
    }

    private func findings(_ path: String, pageSize: Int = 4096) async throws -> [AuditFinding] {
        let store = try openStore(path)
        defer { store.close() }
        let found = Record<AuditFinding>()
        let verifier = AuditVerifier(store: store, digest: TestDigest(), pageSize: pageSize)
        let result = try await verifier.verify { found.append($0) }
        #expect(result.findings == Int64(found.all.count))
        return found.all
    }

    @Test("an untouched log is clean, whatever the size of a page", arguments: [1, 2, 3, 5, 24, 4096])
    func clean(pageSize: Int) async throws {
        try await withLog { path in
            let found = try await findings(path, pageSize: pageSize)
            #expect(found.isEmpty)
        }
    }

    @Test(
        "a changed field names its row",
        arguments: [
            "detail = 'n99'", "detail = NULL", "account_id = 'binh'", "occurred_at = occurred_at + 1",
            "result = 'failure'", "code = 'account_locked'", "actor = client, client = actor", "mac = previous",
            "previous = x'00'", "instance = 'other'", "detail = CAST(detail AS BLOB)", "client_address = ''",
            "document = clause, clause = NULL",
            // The address of a living account, taken away as only the erasure of a destroyed one may (R-LIFE-9).
            "address = 'binh@hanoi.gov.vn'", "address = NULL", "address = account_id, erased_mac = mac",
            "address = account_id, erased_mac = x''",
        ])
    func changed(assignment: String) async throws {
        try await withLog { path in
            try tamper(path, "UPDATE audit SET \(assignment) WHERE chain = 'node/2' AND number = 4")
            #expect(try await findings(path) == [.changed(chain: "node/2", number: 4)])
        }
    }

    @Test("removed rows are named: beginning, middle and end")
    func removed() async throws {
        try await withLog { path in
            try tamper(
                path,
                """
                DELETE FROM audit WHERE chain = 'node/1' AND number <= 2;
                DELETE FROM audit WHERE chain = 'node/2' AND number BETWEEN 5 AND 6;
                DELETE FROM audit WHERE chain = 'node/3' AND number > 2;
                """)
            #expect(
                try await findings(path) == [
                    .missing(chain: "node/1", numbers: 1...2), .missing(chain: "node/2", numbers: 5...6),
                    .tailMissing(chain: "node/3", numbers: 3...4),
                ])
        }
    }

    @Test("a tail cut with its record put right, as far as its writer can, is known to the next chain")
    func cutWithRecord() async throws {
        try await withLog { path in
            try tamper(path, "DELETE FROM audit WHERE chain = 'node/1' AND number > 7;")
            #expect(try await findings(path) == [.tailMissing(chain: "node/1", numbers: 8...10)])
            try tamper(path, "UPDATE audit_chains SET head_number = 7 WHERE chain = 'node/1'")
            #expect(
                try await findings(path) == [
                    .headChanged(chain: "node/1"), .tailMissing(chain: "node/1", numbers: 8...10),
                ])
        }
    }

    @Test("swapped rows are both named")
    func swapped() async throws {
        try await withLog { path in
            try tamper(
                path,
                """
                UPDATE audit SET number = 100 WHERE chain = 'node/2' AND number = 3;
                UPDATE audit SET number = 3 WHERE chain = 'node/2' AND number = 4;
                UPDATE audit SET number = 4 WHERE chain = 'node/2' AND number = 100;
                """)
            #expect(
                try await findings(path) == [
                    .changed(chain: "node/2", number: 3), .changed(chain: "node/2", number: 4),
                ])
        }
    }

    @Test("a chain that was removed with its record is known to a later one")
    func chainRemoved() async throws {
        try await withLog { path in
            try tamper(
                path, "DELETE FROM audit WHERE chain = 'node/1'; DELETE FROM audit_chains WHERE chain = 'node/1';")
            #expect(try await findings(path) == [.chainMissing(chain: "node/1", namedBy: "node/2")])
        }
    }

    @Test("the rows of a chain, or its record alone, cannot go unseen")
    func halves() async throws {
        try await withLog { path in
            try tamper(path, "DELETE FROM audit WHERE chain = 'node/3'")
            #expect(try await findings(path) == [.tailMissing(chain: "node/3", numbers: 1...4)])
        }
        try await withLog { path in
            try tamper(path, "DELETE FROM audit_chains WHERE chain = 'node/3'")
            #expect(try await findings(path) == [.headChanged(chain: "node/3")])
        }
    }

    @Test("rows made up under a name of their own are named")
    func forged() async throws {
        try await withLog { path in
            try tamper(
                path,
                """
                INSERT INTO audit SELECT 'node/9', number, occurred_at, instance, code, result, account_id, address,
                    cause, clause, factor, authenticator_id, document, detail, client, actor, client_address,
                    user_agent, request_id, entry, previous, mac, NULL FROM audit WHERE chain = 'node/3' AND number = 1;
                """)
            #expect(
                try await findings(path) == [
                    .changed(chain: "node/9", number: 1), .headChanged(chain: "node/9"),
                ])
        }
    }
}
