internal import CSQLite
internal import Glibc

/// Owns one connection of the C library and closes it.
struct SQLiteHandle: ~Copyable {
    private let raw: OpaquePointer
    // Written by the library after each commit, on the handle's thread.
    private let lengthOfLog: UnsafeMutablePointer<Int32>

    /// Opens an existing file for reading and writing.
    ///
    /// Without the library's own mutex: a handle stays on one thread.
    init(path: String) throws(SQLFailure) {
        _ = librarySetUp
        var opened: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        let code = sqlite3_open_v2(path, &opened, flags, nil)
        guard code == SQLITE_OK, let opened else {
            // A failed open still returns a connection, which holds the message.
            let failure = SQLFailure.latest(of: opened, code: code)
            sqlite3_close_v2(opened)
            throw failure
        }
        raw = opened
        lengthOfLog = .allocate(capacity: 1)
        lengthOfLog.initialize(to: 0)
        sqlite3_busy_handler(raw, waitForOtherProcess, nil)
    }

    // Statements still alive keep the connection open until the last of them is finalised; they commit nothing.
    deinit {
        sqlite3_wal_hook(raw, nil, nil)
        sqlite3_close_v2(raw)
        lengthOfLog.deallocate()
    }

    /// Whether no transaction is open; the library ends one by itself after some failures.
    var isAutocommit: Bool { sqlite3_get_autocommit(raw) != 0 }

    /// Whether the file could only be opened for reading.
    var isReadOnly: Bool { sqlite3_db_readonly(raw, "main") == 1 }

    /// Rows changed by the last statement.
    var changes: Int { Int(sqlite3_changes(raw)) }

    /// The length of the log after the last commit, in pages; 0 before it, and unless it is watched.
    var logLength: Int { Int(lengthOfLog.pointee) }

    /// Watches the length of the log from now on, in place of the checkpoints that commits make by themselves.
    func watchLog() { sqlite3_wal_hook(raw, noteLengthOfLog, lengthOfLog) }

    /// Has calls wait for other transactions for so many naps of 100 µs until the body ends.
    func waiting<Value>(naps: Int, _ body: () throws -> Value) rethrows -> Value {
        sqlite3_busy_handler(raw, waitForOtherProcess, UnsafeMutableRawPointer(bitPattern: naps))
        defer { sqlite3_busy_handler(raw, waitForOtherProcess, nil) }
        return try body()
    }

    /// Compiles a statement that is meant to be used often.
    func prepare(_ text: String) throws(SQLFailure) -> PreparedStatement {
        var statement: OpaquePointer?
        let length = Int32(text.utf8.count)
        let code = sqlite3_prepare_v3(raw, text, length, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
        guard code == SQLITE_OK, let statement else { throw SQLFailure.latest(of: raw, code: code) }
        return PreparedStatement(statement)
    }

    /// Runs several statements that bind nothing.
    func run(script: String) throws(SQLFailure) {
        let code = sqlite3_exec(raw, script, nil, nil, nil)
        guard code == SQLITE_OK else { throw SQLFailure.latest(of: raw, code: code) }
    }
}

/// The library's set-up, once, before its first connection.
///
/// It keeps no count of its memory: that would take a lock of the whole process at each allocation. A refusal leaves
/// the count on, which costs time alone.
private let librarySetUp: Void = {
    _ = sqlite_config_memstatus(0)
}()

/// A compiled statement; used and dropped on its connection's thread.
final class PreparedStatement {
    private let raw: OpaquePointer

    init(_ raw: OpaquePointer) {
        self.raw = raw
    }

    deinit { sqlite3_finalize(raw) }

    /// Binds values, steps through all rows and makes the statement ready for the next use.
    func run(_ values: [SQLValue], row: (inout SQLRow) throws -> Void) throws {
        defer {
            sqlite3_reset(raw)
            // Bound records and digests do not stay behind in the statement.
            sqlite3_clear_bindings(raw)
        }
        for (index, value) in values.enumerated() {
            try check(bind(value, at: Int32(index + 1)))
        }
        while true {
            let code = sqlite3_step(raw)
            guard code != SQLITE_DONE else { return }
            guard code == SQLITE_ROW else { throw SQLFailure.latest(of: sqlite3_db_handle(raw), code: code) }
            var current = SQLRow(statement: raw)
            try row(&current)
        }
    }

    private func bind(_ value: SQLValue, at index: Int32) -> Int32 {
        switch value {
        case .null: return sqlite3_bind_null(raw, index)
        case .integer(let number): return sqlite3_bind_int64(raw, index, number)
        case .text(var text):
            return text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) {
                    sqlite_bind_text_copy(raw, index, $0.baseAddress, Int32($0.count))
                }
            }
        case .blob(let bytes):
            return bytes.withUnsafeBytes { sqlite_bind_blob_copy(raw, index, $0.baseAddress, Int32($0.count)) }
        }
    }

    private func check(_ code: Int32) throws(SQLFailure) {
        guard code == SQLITE_OK else { throw SQLFailure.latest(of: sqlite3_db_handle(raw), code: code) }
    }
}

/// Waits for another process's transaction: for about 5 s in all, or for as many short naps as the context says.
///
/// The naps are short, because commits take less than a few milliseconds, and the library's own handler would let a
/// busy neighbour starve us with naps of 100 ms.
private func waitForOtherProcess(_ context: UnsafeMutableRawPointer?, _ tries: Int32) -> Int32 {
    let limit = UInt(bitPattern: context)
    let nap: UInt32 = limit > 0 || tries < 20 ? 100 : 1000
    usleep(nap)
    return tries < (limit > 0 ? limit : 5000) ? 1 : 0
}

/// Keeps what the library tells of the log after a commit.
private func noteLengthOfLog(
    _ context: UnsafeMutableRawPointer?, _: OpaquePointer?, _: UnsafePointer<CChar>?, _ pages: Int32
) -> Int32 {
    context?.assumingMemoryBound(to: Int32.self).pointee = pages
    return SQLITE_OK
}
