import AuthDomain
import AuthService
import Foundation
import Testing

@testable import SQLStore

@Suite("SQLite: secrets at rest")
struct SecretsAtRestTests {
    @Test("columns hold secrets only sealed, masked, digested or as slow records")
    func columns() async throws {
        try await withDatabase { path in
            try openStore(path).close()
            let columns = try withRawDatabase(path) { connection in
                try connection.rows(
                    """
                    SELECT m.name || '.' || c.name FROM sqlite_schema m, pragma_table_info(m.name) c
                    WHERE m.type = 'table'
                    """
                ) { $0.text() }
            }
            let sensitive = ["secret", "phone", "key", "password", "code"]
            let allowed = ["sealed", "masked", "record", "digest"]
            // Numbers, times and names that tell nothing.
            let harmless = ["version", "changed_at", "issued", "expires_at", "failures", "epoch", "audit.code"]
            for column in columns {
                let name = column.split(separator: ".").last.map(String.init) ?? ""
                guard sensitive.contains(where: name.contains), !harmless.contains(where: column.hasSuffix) else {
                    continue
                }
                #expect(allowed.contains(where: name.hasSuffix), "\(column)")
            }
        }
    }

    @Test("what a destroyed account had is gone from the file (R-LIFE-9)")
    func destroyed() async throws {
        try await withDatabase { path in
            let store = try openStore(path)
            let an = try await provision("an", in: StoreUnderTest(store), enrolled: true)
            let before = Data("$argon2id$first-an".utf8)
            try await store.destroy(an, now: noon, event: event(.accountDestroyed))
            for clock in [StandingClock(noon), StandingClock(noon + .seconds(7200))] {
                _ = try await EraseNames(store: store, clock: clock)()
            }
            store.close()
            let file = try Data(contentsOf: URL(filePath: path))
            #expect(file.range(of: before) == nil)
            #expect(file.range(of: Data("Nguyễn Văn an".utf8)) == nil)
            #expect(file.range(of: Data("account_destroyed".utf8)) != nil)
            #expect(!FileManager.default.fileExists(atPath: path + "-wal"))
        }
    }
}
