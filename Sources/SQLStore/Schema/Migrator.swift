/// Brings a database to the newest schema.
struct Migrator {
    /// Marks the file as ours: "otpd" in ASCII.
    static let applicationID: Int64 = 0x6F74_7064

    let file: DatabaseFile
    let migrations: [Migration]

    /// Applies what is missing, each step in its own transaction.
    ///
    /// The version is read again under the write lock, so that of two processes that start at once one migrates and
    /// the other finds it done.
    func run(on connection: SQLiteConnection) throws(StoreOpeningFailure) {
        try file.opening {
            try refuseForeign(connection)
            let known = migrations.last?.version ?? 0
            while true {
                let found = try version(connection)
                guard found <= known else {
                    throw StoreOpeningFailure.newerSchema(path: file.path, found: found, known: known)
                }
                guard let next = migrations.first(where: { $0.version > found }) else { return }
                try apply(next, to: connection)
            }
        }
    }

    private func apply(_ migration: Migration, to connection: SQLiteConnection) throws {
        try connection.execute("BEGIN IMMEDIATE")
        do {
            // Another process may have been faster.
            if try version(connection) < migration.version {
                if migration.version == 1 { try begin(connection) }
                try connection.run(script: migration.script)
                try connection.execute("UPDATE schema_version SET version = \(migration.version)")
            }
            try connection.execute("COMMIT")
        } catch {
            connection.rollBack()
            throw error
        }
    }

    private func begin(_ connection: SQLiteConnection) throws {
        try connection.run(
            script: """
                PRAGMA application_id = \(Self.applicationID);
                CREATE TABLE schema_version (version BIGINT NOT NULL);
                INSERT INTO schema_version (version) VALUES (0);
                """)
    }

    private func version(_ connection: SQLiteConnection) throws -> Int {
        guard try hasTable("schema_version", connection) else { return 0 }
        return try connection.first("SELECT version FROM schema_version") { Int($0.integer()) } ?? 0
    }

    /// A file with tables of another program is left alone.
    private func refuseForeign(_ connection: SQLiteConnection) throws {
        let isEmpty = try connection.first("SELECT count(*) FROM sqlite_schema") { $0.integer() == 0 } ?? true
        let owner = try connection.first("PRAGMA application_id") { $0.integer() } ?? 0
        guard isEmpty || owner == Self.applicationID else {
            throw StoreOpeningFailure.foreignDatabase(path: file.path)
        }
    }

    private func hasTable(_ name: String, _ connection: SQLiteConnection) throws -> Bool {
        try connection.exists("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = \(name)")
    }
}
