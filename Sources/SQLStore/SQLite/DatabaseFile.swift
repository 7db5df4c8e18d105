internal import CSQLite
internal import Glibc

/// Why the store did not open; each reads as one sentence for an operator.
package enum StoreOpeningFailure: Error, Equatable, CustomStringConvertible, Sendable {
    /// The directory does not exist.
    case directoryMissing(path: String)
    /// The file cannot be made or read.
    case unreadable(path: String, reason: String)
    /// The file or its directory cannot be written.
    case unwritable(path: String)
    /// The file holds something else.
    case notADatabase(path: String)
    /// The database belongs to another program.
    case foreignDatabase(path: String)
    /// The database was written by a newer version of this program.
    case newerSchema(path: String, found: Int, known: Int)
    /// A digest key was sealed by a ring key that is not in the ring.
    case digestKeySealed(path: String, id: String)
    /// A step of opening failed.
    case failed(path: String, reason: String)

    /// The sentence.
    package var description: String {
        switch self {
        case .directoryMissing(let path): "the directory of the database \(path) does not exist"
        case .unreadable(let path, let reason): "the database \(path) cannot be opened: \(reason)"
        case .unwritable(let path): "the database \(path) or its directory cannot be written"
        case .notADatabase(let path): "the file \(path) is not an SQLite database"
        case .foreignDatabase(let path): "the database \(path) was not made by otpd"
        case .newerSchema(let path, let found, let known):
            "the database \(path) has schema \(found), but this otpd knows only up to \(known): use a newer otpd"
        case .digestKeySealed(let path, let id):
            "the digest key \(id) of the database \(path) cannot be opened: the ring key that sealed it is missing "
                + "from the settings' keys; put its file back"
        case .failed(let path, let reason): "the database \(path) cannot be opened: \(reason)"
        }
    }
}

/// The file of the database: makes it, opens connections to it.
struct DatabaseFile: Sendable {
    /// Where it lies.
    let path: String

    /// Makes the file, readable by its owner alone, unless it exists; the library gives its side files the same mode.
    func create() throws(StoreOpeningFailure) {
        let directory = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        var status = stat()
        guard stat(directory, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw .directoryMissing(path: path)
        }
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, 0o600)
        guard descriptor >= 0 else {
            let error = errno
            switch error {
            case EROFS: throw .unwritable(path: path)
            case EACCES, EPERM: throw access(path, F_OK) == 0 ? unreadableOrUnwritable() : .unwritable(path: path)
            default: throw .unreadable(path: path, reason: String(cString: strerror(error)))
            }
        }
        close(descriptor)
    }

    /// Opens a connection for the writer.
    func writer() throws(StoreOpeningFailure) -> SQLiteConnection {
        try opening {
            let handle = try SQLiteHandle(path: path)
            guard !handle.isReadOnly else { throw StoreOpeningFailure.unwritable(path: path) }
            let connection = SQLiteConnection(handle: handle)
            try enterWAL(connection)
            try configure(connection, cacheKibibytes: 16_384)
            connection.watchLog()
            return connection
        }
    }

    /// Opens a connection that makes checkpoints and nothing else.
    func checkpointer() throws(StoreOpeningFailure) -> SQLiteConnection {
        try opening {
            let connection = SQLiteConnection(handle: try SQLiteHandle(path: path))
            try configure(connection, cacheKibibytes: 64)
            return connection
        }
    }

    /// Opens a connection that only reads.
    func reader() throws(StoreOpeningFailure) -> SQLiteConnection {
        try opening {
            let connection = SQLiteConnection(handle: try SQLiteHandle(path: path))
            try configure(connection, cacheKibibytes: 32_768)
            try connection.run(script: "PRAGMA query_only = ON")
            return connection
        }
    }

    /// Folds the log into the file and empties it, unless anybody reads or writes just now.
    func foldLog() throws -> Bool {
        let connection = SQLiteConnection(handle: try SQLiteHandle(path: path))
        // Waiting would keep writers out for as long as somebody reads.
        try connection.run(script: "PRAGMA busy_timeout = 0; PRAGMA secure_delete = ON")
        do {
            return try connection.first("PRAGMA wal_checkpoint(TRUNCATE)") { $0.integer() == 0 } ?? false
        } catch let failure as SQLFailure where failure.primaryCode == SQLITE_BUSY {
            return false
        }
    }

    /// Puts failures of the library into the words of an operator.
    func opening<Value>(_ body: () throws -> Value) throws(StoreOpeningFailure) -> Value {
        do {
            return try body()
        } catch let failure as StoreOpeningFailure {
            throw failure
        } catch let failure as SQLFailure {
            switch failure.primaryCode {
            case SQLITE_NOTADB: throw .notADatabase(path: path)
            case SQLITE_READONLY: throw .unwritable(path: path)
            default: throw .failed(path: path, reason: failure.reason)
            }
        } catch {
            throw .failed(path: path, reason: "\(error)")
        }
    }

    /// Two processes that start at once both want the mode; the busy handler is not asked here, so try again.
    private func enterWAL(_ connection: SQLiteConnection) throws {
        for attempt in 0... {
            do {
                let mode = try connection.first("PRAGMA journal_mode = WAL") { $0.text() }
                guard mode == "wal" else {
                    throw StoreOpeningFailure.failed(path: path, reason: "the file system allows no write-ahead log")
                }
                return
            } catch let failure as SQLFailure where failure.primaryCode == SQLITE_BUSY && attempt < 500 {
                usleep(10_000)
            }
        }
    }

    // No memory mapping: an I/O error must come back as an error, not as SIGBUS. What SQLite's own cache does not
    // hold comes from the kernel's for a microsecond or two a page; 32 MiB for each reader hold the upper levels of
    // every index of a million accounts, and a small database never fills them. The limit gives disk space back after a
    // long reader.
    private func configure(_ connection: SQLiteConnection, cacheKibibytes: Int) throws {
        try connection.run(
            script: """
                PRAGMA synchronous = FULL;
                PRAGMA foreign_keys = ON;
                PRAGMA trusted_schema = OFF;
                PRAGMA secure_delete = ON;
                PRAGMA temp_store = MEMORY;
                PRAGMA mmap_size = 0;
                PRAGMA cache_size = -\(cacheKibibytes);
                PRAGMA journal_size_limit = 67108864;
                """)
    }

    private func unreadableOrUnwritable() -> StoreOpeningFailure {
        access(path, R_OK) == 0
            ? .unwritable(path: path) : .unreadable(path: path, reason: String(cString: strerror(EACCES)))
    }
}
