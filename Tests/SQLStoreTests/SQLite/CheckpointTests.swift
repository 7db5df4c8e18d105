import AuthDomain
import AuthService
import Foundation
import Testing

@testable import SQLStore

@Suite("SQLite: checkpoints beside the writer")
struct CheckpointTests {
    private static let bounds = CheckpointBounds(passInterval: 20, ceiling: 60)

    @Test("under load, with readers all the time and two stores on the file, the log stays short and whole")
    func load() async throws {
        try await withDatabase { path in
            let failures = Record<String>()
            let stores = try (0..<2).map { _ in try Self.open(path, failures: failures) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<32 {
                    group.addTask {
                        for _ in 0..<40 { try await Self.write(1, to: stores[index % 2]) }
                    }
                    group.addTask {
                        for _ in 0..<40 { _ = try await stores[index % 2].account(id: AccountID("nobody")) }
                    }
                }
                try await group.waitForAll()
            }
            // The file of the log never shrinks here, so it tells how long the log ever was.
            #expect(try Self.logPages(path) < 20 * Self.bounds.ceiling)
            #expect(failures.all == [])
            try await expectCleanAudit(stores[0])
            for store in stores { store.close() }
            #expect(try Self.rows(path) == 32 * 40 + 2)
        }
    }

    @Test("while a reader keeps its snapshot commits go on; when it is gone the log begins anew")
    func longReader() async throws {
        try await withDatabase { path in
            let store = try Self.open(path)
            defer { store.close() }
            try await Self.write(1, to: store)
            let reader = SQLiteConnection(handle: try SQLiteHandle(path: path))
            try reader.run(script: "BEGIN; SELECT count(*) FROM audit;")
            try await Self.write(200, to: store)
            let long = try Self.logLength(path)
            #expect(long > 2 * Self.bounds.ceiling)
            let seen = try reader.first("SELECT count(*) FROM audit") { $0.integer() }
            #expect(seen == 2)
            try reader.run(script: "COMMIT")
            var tries = 0
            while try Self.logLength(path) >= long, tries < 2000 {
                try await Self.write(1, to: store)
                tries += 1
            }
            #expect(tries < 2000)
        }
    }

    @Test("a disk that is full stops a checkpoint, not the commits in the log; it is made when there is room")
    func diskFull() async throws {
        try await withDatabase { path in
            let directory = URL(filePath: path).deletingLastPathComponent().path
            guard try mount("-t", "tmpfs", "-o", "size=4m", "tmpfs", directory) else { return }
            defer { _ = try? unmount(directory) }
            try openStore(path).close()
            let file = DatabaseFile(path: path)
            let connection = try file.writer()
            var writer = Writer(
                connection: connection,
                identity: AuditChainIdentity(instance: "node", chain: "node/x", digest: TestDigest()),
                patience: .seconds(60), observer: StoreObserver())
            let units = (0..<100).map { _ in
                WriteUnit { try $0.append(event(.accountChanged, detail: String(repeating: "x", count: 5000))) }
            }
            writer.commit(units)
            for unit in units { try unit.check() }
            let filler = directory + "/filler"
            #expect(FileManager.default.createFile(atPath: filler, contents: nil))
            let handle = try FileHandle(forWritingTo: URL(filePath: filler))
            while (try? handle.write(contentsOf: Data(repeating: 1, count: 4096))) != nil {}
            let told = Record<String>()
            func tend() {
                let checkpointer = Checkpointer(
                    file: file, bounds: Self.bounds,
                    observer: StoreObserver(checkpoint: { result in
                        switch result {
                        case .success: told.append("folded")
                        case .failure(let failure): told.append(failure.reason)
                        }
                    }))
                checkpointer.tend(logOf: connection.logLength, from: connection)
                checkpointer.close()
            }
            tend()
            #expect(told.all == ["disk full"])
            #expect(throws: SQLFailure.self) { try connection.restartLog() }
            #expect(try Self.rows(path) == 101)
            try handle.close()
            try FileManager.default.removeItem(atPath: filler)
            tend()
            #expect(told.all.last == "folded" && told.all.count > 1)
            let later = WriteUnit { try $0.append(event(.accountChanged)) }
            writer.commit([later])
            try later.check()
            #expect(try Self.rows(path) == 102)
        }
    }

    @Test("closed in the middle of its work, it leaves no log and nothing is lost")
    func closing() async throws {
        for count in [1, 19, 77, 150] {
            try await withDatabase { path in
                let store = try Self.open(path)
                try await Self.write(count, to: store)
                store.close()
                #expect(!FileManager.default.fileExists(atPath: path + "-wal"))
                #expect(try Self.rows(path) == Int64(count) + 1)
            }
        }
    }

    @Test("a long log that a killed process left is folded after the first commit")
    func leftBehind() async throws {
        try await withDatabase { path in
            let killed = path + ".killed"
            try openStore(killed).close()
            let left = try DatabaseFile(path: killed).writer()
            try left.execute("BEGIN")
            for index in 0..<2000 {
                try left.execute(
                    "INSERT INTO signing_keys VALUES (\("\(index)"), \(index), \([UInt8](repeating: 7, count: 900)), 0, 0)"
                )
            }
            try left.execute("COMMIT")
            for suffix in ["", "-wal"] {
                try FileManager.default.copyItem(atPath: killed + suffix, toPath: path + suffix)
            }
            let lengths = Record<Int>()
            let store = try openStore(
                path, settings: { $0.checkpoints = Self.bounds },
                observer: StoreObserver(checkpoint: { if case .success(let pages) = $0 { lengths.append(pages) } }))
            try await Self.write(1, to: store)
            store.close()
            #expect((lengths.all.first ?? 0) > 400)
            let keys = try withRawDatabase(path) { connection in
                try connection.first("SELECT count(*) FROM signing_keys") { $0.integer() }
            }
            #expect(keys == 2000)
        }
    }

    // MARK: Helpers

    private static func open(_ path: String, failures: Record<String> = Record()) throws -> SQLiteStore {
        try openStore(
            path, settings: { $0.checkpoints = bounds },
            observer: StoreObserver(checkpoint: { result in
                if case .failure(let failure) = result { failures.append(failure.reason) }
            }))
    }

    /// Commits rows one after the other.
    private static func write(_ count: Int, to store: SQLiteStore) async throws {
        for _ in 0..<count {
            try await store.append(event(.accountChanged, detail: String(repeating: "x", count: 2000)))
        }
    }

    private static func rows(_ path: String) throws -> Int64? {
        try withRawDatabase(path) { try $0.first("SELECT count(*) FROM audit") { $0.integer() } }
    }

    /// How long the log is now, in pages.
    private static func logLength(_ path: String) throws -> Int {
        try withRawDatabase(path) { connection in
            while true {
                if let checkpoint = try connection.foldLogUnnoticed() { return checkpoint.length }
            }
        }
    }

    /// How long the log's file is, in pages with their frames.
    private static func logPages(_ path: String) throws -> Int {
        let size = try FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int
        return (size ?? 0) / 4120
    }
}
