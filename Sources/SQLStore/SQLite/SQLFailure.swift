internal import AuthService
internal import CSQLite
internal import Glibc

/// What the database library answered instead of success; holds no value of any column.
struct SQLFailure: Error, CustomStringConvertible {
    /// The extended result code.
    let code: Int32
    /// What it means to an operator.
    let reason: String

    /// The result code without its extension.
    var primaryCode: Int32 { code & 0xFF }

    var description: String { reason }

    /// A stored value that no version of this program writes.
    static func malformed(_ what: String) -> SQLFailure {
        SQLFailure(code: SQLITE_CORRUPT, reason: "malformed value in \(what)")
    }

    /// Reads the error of the last call on a connection; must be called before any other call on it.
    static func latest(of connection: OpaquePointer?, code: Int32) -> SQLFailure {
        let systemError = connection.map { sqlite3_system_errno($0) } ?? 0
        let message = connection.flatMap { sqlite3_errmsg($0) }.map { String(cString: $0) }
        return SQLFailure(code: code, reason: reason(code: code, systemError: systemError, message: message))
    }

    private static func reason(code: Int32, systemError: Int32, message: String?) -> String {
        // A full disk shows as an I/O error where the shared-memory file cannot grow.
        if code & 0xFF == SQLITE_IOERR, systemError == ENOSPC { return "disk full" }
        return switch code & 0xFF {
        case SQLITE_FULL: "disk full"
        case SQLITE_IOERR: "input/output error on the database file (\(code))"
        case SQLITE_BUSY, SQLITE_LOCKED: "database is locked by another process"
        case SQLITE_READONLY: "database is read-only"
        case SQLITE_CORRUPT: "database is damaged: \(message ?? "corrupt")"
        case SQLITE_NOTADB: "file is not a database"
        case SQLITE_CANTOPEN: "database file cannot be opened"
        case SQLITE_NOMEM: "out of memory"
        default: "database error \(code): \(message ?? "unknown")"
        }
    }
}

extension StoreUnavailable {
    /// Puts any error of this module into the words of the port.
    init(_ error: any Error) {
        switch error {
        case let unavailable as StoreUnavailable: self = unavailable
        case let failure as SQLFailure: self.init(reason: failure.reason)
        case let refusal as WriteRefusal: self.init(reason: refusal.reason)
        default: self.init(reason: "\(error)")
        }
    }
}
