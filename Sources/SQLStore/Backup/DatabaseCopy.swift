internal import AuthDomain
internal import Glibc

/// What a database file holds, for a backup's manifest and its check.
package struct DatabaseContent: Hashable, Sendable {
    /// The schema version.
    package let schema: Int
    /// Accounts, destroyed ones included.
    package let accounts: Int
    /// Authenticators, revoked ones included.
    package let authenticators: Int
    /// Locks that stand.
    package let standingLocks: Int
    /// Rows of the audit log.
    package let auditRows: Int
}

/// Copies of the whole database, and looks at them; blocks, so for commands only.
package enum DatabaseCopy {
    /// Writes a consistent copy of a live database into a new file, readable by its owner alone.
    ///
    /// The copy is one snapshot: it holds everything that was acknowledged before the call and nothing by halves.
    /// Writers are not held up.
    ///
    /// - Throws: `StoreOpeningFailure`; an incomplete copy is removed.
    package static func write(from path: String, to target: String) throws(StoreOpeningFailure) {
        let file = DatabaseFile(path: path)
        guard access(path, F_OK) == 0 else { throw .unreadable(path: path, reason: String(cString: strerror(ENOENT))) }
        let descriptor = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .unreadable(path: target, reason: String(cString: strerror(errno))) }
        do throws(StoreOpeningFailure) {
            try file.opening {
                let connection = SQLiteConnection(handle: try SQLiteHandle(path: path))
                try connection.execute("VACUUM INTO \(target)")
            }
            guard fsync(descriptor) == 0 else {
                throw .failed(path: target, reason: String(cString: strerror(errno)))
            }
            close(descriptor)
        } catch {
            close(descriptor)
            unlink(target)
            throw error
        }
    }

    /// Looks through a whole file: pages, indexes, references; returns what it holds.
    ///
    /// - Throws: `StoreOpeningFailure`, with the first thing that is wrong.
    package static func check(_ path: String) throws(StoreOpeningFailure) -> DatabaseContent {
        try DatabaseFile(path: path).opening {
            let connection = SQLiteConnection(handle: try SQLiteHandle(path: path))
            let findings = try connection.rows("PRAGMA integrity_check(1)") { $0.text() }
            guard findings == ["ok"] else {
                throw StoreOpeningFailure.failed(path: path, reason: findings.first ?? "it cannot be checked")
            }
            if let table = try connection.first("PRAGMA foreign_key_check", { $0.text() }) {
                throw StoreOpeningFailure.failed(path: path, reason: "a row of \(table) refers to a missing one")
            }
            return try content(connection)
        }
    }

    private static func content(_ connection: SQLiteConnection) throws -> DatabaseContent {
        func number(_ statement: SQLStatement) throws -> Int {
            try connection.first(statement) { Int($0.integer()) } ?? 0
        }
        return DatabaseContent(
            schema: try number("SELECT version FROM schema_version"),
            accounts: try number("SELECT count(*) FROM accounts"),
            authenticators: try number("SELECT count(*) FROM authenticators"),
            standingLocks: try number("SELECT count(*) FROM locks WHERE cleared_at IS NULL"),
            auditRows: try number("SELECT count(*) FROM audit"))
    }
}
