import AuthDomain
import AuthService
import Synchronization
import Testing

@testable import SQLStore

@Suite("SQLite: sealed secrets and digest keys (architecture, secrets)")
struct SealedSecretTests {
    @Test("every column of the schema that holds a seal is known to the exchange of ring keys")
    func whole() async throws {
        try await withDatabase { path in
            try openStore(path).close()
            let columns = try withRawDatabase(path) { connection in
                try connection.rows(
                    """
                    SELECT t.name || '.' || c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c
                    WHERE t.type = 'table' AND c.name LIKE '%sealed%' ORDER BY 1
                    """
                ) { $0.text() }
            }
            let known = SealedPlace.all.map { "\($0.table.text).\($0.sealed.text)" }
            #expect(columns == known.sorted())
        }
    }

    @Test("pages hold every secret once; a secret that changed meanwhile is not replaced")
    func pages() async throws {
        try await withDatabase { path in
            let store = try openStore(path)
            defer { store.close() }
            for index in 0..<7 {
                try await store.provision(newAccount("an\(index)"), event: event(.accountProvisioned))
            }
            let phones = try #require(store.sealedColumns.first { $0.purpose == .phone })
            #expect(try await store.sealedCount(in: phones) == 7)
            var rows: [SealedRow] = []
            while true {
                let page = try await store.sealedRows(in: phones, after: rows.last?.row ?? "", limit: 3)
                rows += page
                if page.isEmpty { break }
            }
            #expect(rows.map(\.row) == (0..<7).map { "an\($0)" })
            #expect(try await store.sealedHeads(in: phones, byteCount: 2) == [[1, 2]: 7])
            let stale = SealedRow(row: "an1", sealed: [9])
            #expect(try await store.reseal([(rows[0], [4]), (stale, [5])], in: phones) == 1)
            let after = try await store.sealedRows(in: phones, after: "", limit: 2)
            #expect(after.map(\.sealed) == [[4], [1, 2, 3]])
            await #expect(throws: StoreUnavailable.self) {
                try await store.sealedCount(in: SealedColumn(name: "x", purpose: .phone))
            }
        }
    }

    @Test("of stores that open a new database at once, one makes the digest key and all get it")
    func firstKey() async throws {
        try await withDatabase { path in
            let made = Record<String>()
            let stores = try await withThrowingTaskGroup(of: SQLiteStore.self) { group in
                for index in 0..<4 {
                    group.addTask {
                        try SQLiteStore(settings: SQLiteSettings(path: path)) { records in
                            let new =
                                records.isEmpty
                                ? DigestKeyRecord(id: "0000000\(index)", sealedKey: [1], createdAt: noon) : nil
                            made.append(records.first?.id ?? "0000000\(index)")
                            return (
                                AuditChainIdentity(instance: "n", chain: "n/\(index)", digest: TestDigest()), new
                            )
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            for store in stores { store.close() }
            #expect(Set(made.all).count == 1)
        }
    }

    @Test("a database whose digest key nobody opens is not opened, and stays as it is")
    func refused() async throws {
        try await withDatabase { path in
            let failure = StoreOpeningFailure.digestKeySealed(path: path, id: "0badcafe")
            #expect(throws: failure) {
                _ = try SQLiteStore(settings: SQLiteSettings(path: path)) { _ throws(StoreOpeningFailure) in
                    throw failure
                }
            }
            try openStore(path).close()
        }
    }
}
