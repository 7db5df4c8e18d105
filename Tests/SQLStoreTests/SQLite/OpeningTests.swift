import AuthService
import Foundation
import Testing

@testable import SQLStore

@Suite("SQLite: opening")
struct OpeningTests {
    @Test("the file and its side files belong to their owner alone")
    func modes() async throws {
        try await withDatabase { path in
            let store = try openStore(path)
            defer { store.close() }
            _ = try await provision("an", in: StoreUnderTest(store))
            for suffix in ["", "-wal", "-shm"] {
                let attributes = try FileManager.default.attributesOfItem(atPath: path + suffix)
                #expect((attributes[.posixPermissions] as? Int) == 0o600, "\(suffix)")
            }
        }
    }

    @Test("a missing directory is named")
    func directoryMissing() async throws {
        try await withDatabase { path in
            let lost = path + ".d/otpd.db"
            #expect(throws: StoreOpeningFailure.directoryMissing(path: lost)) { _ = try openStore(lost) }
        }
    }

    @Test("rubbish is not a database", arguments: [64, 4096, 100_000])
    func rubbish(size: Int) async throws {
        try await withDatabase { path in
            let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 7) }
            try Data(bytes).write(to: URL(filePath: path))
            #expect(throws: StoreOpeningFailure.notADatabase(path: path)) { _ = try openStore(path) }
            #expect(try Data(contentsOf: URL(filePath: path)) == Data(bytes))
        }
    }

    @Test("a directory in the place of the file is refused")
    func directory() async throws {
        try await withDatabase { path in
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
            #expect(throws: StoreOpeningFailure.self) { _ = try openStore(path) }
        }
    }

    @Test("another program's database is left alone")
    func foreign() async throws {
        try await withDatabase { path in
            #expect(FileManager.default.createFile(atPath: path, contents: nil))
            try withRawDatabase(path) { try $0.run(script: "CREATE TABLE recipes (name TEXT)") }
            #expect(throws: StoreOpeningFailure.foreignDatabase(path: path)) { _ = try openStore(path) }
        }
    }

    @Test("a newer schema is refused, naming both versions")
    func newerSchema() async throws {
        try await withDatabase { path in
            try openStore(path).close()
            try withRawDatabase(path) { try $0.run(script: "UPDATE schema_version SET version = 99") }
            let expected = StoreOpeningFailure.newerSchema(path: path, found: 99, known: Migration.newest)
            #expect(throws: expected) { _ = try openStore(path) }
            #expect("\(expected)".contains("schema 99"))
        }
    }

    @Test("a file system that cannot be written is told")
    func readOnly() async throws {
        try await withDatabase { path in
            try openStore(path).close()
            let directory = URL(filePath: path).deletingLastPathComponent().path
            guard try mount("--bind", directory, directory) else { return }
            defer { _ = try? unmount(directory) }
            guard try mount("-o", "remount,bind,ro", directory) else { return }
            #expect(throws: StoreOpeningFailure.unwritable(path: path)) { _ = try openStore(path) }
        }
    }

    @Test("a failed migration leaves nothing behind, a later one continues")
    func migrations() async throws {
        try await withDatabase { path in
            let file = DatabaseFile(path: path)
            try file.create()
            let connection = try file.writer()
            let first = Migration(version: 1, script: "CREATE TABLE one (a BIGINT);")
            let broken = Migration(version: 2, script: "CREATE TABLE two (a BIGINT); CREATE TABLE one (a BIGINT);")
            let mended = Migration(version: 2, script: "CREATE TABLE two (a BIGINT);")
            func tables() throws -> [String] {
                try connection.rows("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name") { $0.text() }
            }
            #expect(throws: StoreOpeningFailure.self) {
                try Migrator(file: file, migrations: [first, broken]).run(on: connection)
            }
            #expect(try tables() == ["one", "schema_version"])
            try Migrator(file: file, migrations: [first, mended]).run(on: connection)
            #expect(try tables() == ["one", "schema_version", "two"])
        }
    }
}

/// Runs `mount`; false where this machine does not allow it.
func mount(_ arguments: String...) throws -> Bool { try succeeds("/usr/bin/mount", arguments) }

/// Runs `umount`.
func unmount(_ directory: String) throws -> Bool { try succeeds("/usr/bin/umount", [directory]) }

private func succeeds(_ path: String, _ arguments: [String]) throws -> Bool {
    guard FileManager.default.isExecutableFile(atPath: path) else { return false }
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus == 0
}
