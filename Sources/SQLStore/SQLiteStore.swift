package import AuthService

/// Where the database lies and how much may wait for it.
package struct SQLiteSettings: Sendable {
    /// The database file; made when it does not exist, its directory is not.
    package var path: String
    /// Reading connections, each with its thread; 1…32.
    package var readers: Int
    /// Reads that may wait.
    package var readQueueLimit: Int
    /// Writes that may wait.
    package var writeQueueLimit: Int
    /// Writes that one transaction takes at most.
    package var groupLimit: Int
    /// A write that waited longer is refused unrun; kept above the 5 s that another process may hold the database.
    package var patience: Duration
    /// How long the log may get.
    var checkpoints = CheckpointBounds.standard

    /// Makes settings; the defaults suit one instance of a city's service.
    package init(
        path: String, readers: Int = 2, readQueueLimit: Int = 4096, writeQueueLimit: Int = 4096,
        groupLimit: Int = 128, patience: Duration = .seconds(8)
    ) {
        self.path = path
        self.readers = readers
        self.readQueueLimit = readQueueLimit
        self.writeQueueLimit = writeQueueLimit
        self.groupLimit = groupLimit
        self.patience = patience
    }
}

/// What the store tells the metrics; the closures must not wait.
package struct StoreObserver: Sendable {
    /// An operation ended after a time, waiting included.
    package let operation: @Sendable (StoreOperation, Duration) -> Void
    /// A transaction with so many writes ended after a time, waiting for another process included.
    package let batch: @Sendable (Int, Duration) -> Void
    /// Events for the outbox were committed.
    package let emitted: @Sendable () -> Void
    /// A checkpoint ended: how long the log was, in pages, or why it failed, which costs disk space alone.
    package let checkpoint: @Sendable (Result<Int, StoreUnavailable>) -> Void

    /// Makes an observer.
    package init(
        operation: @escaping @Sendable (StoreOperation, Duration) -> Void = { _, _ in },
        batch: @escaping @Sendable (Int, Duration) -> Void = { _, _ in },
        emitted: @escaping @Sendable () -> Void = {},
        checkpoint: @escaping @Sendable (Result<Int, StoreUnavailable>) -> Void = { _ in }
    ) {
        self.operation = operation
        self.batch = batch
        self.emitted = emitted
        self.checkpoint = checkpoint
    }
}

/// The operations whose time is told: a closed list, fit for a metric's label.
package enum StoreOperation: String, CaseIterable, Sendable {
    case readAccount = "read_account"
    case readBudget = "read_budget"
    case readCredential = "read_credential"
    case readAudit = "read_audit"
    case readRegistry = "read_registry"
    case readMailLogin = "read_mail_login"
    case readMessages = "read_messages"
    case admitMessage = "admit_message"
    case moveMessage = "move_message"
    case judgeFailure = "judge_failure"
    case signInStep = "sign_in_step"
    case operatorWrite = "operator_write"
    case readDeadlines = "read_deadlines"
    case settleDeadlines = "settle_deadlines"
    case appendAudit = "append_audit"
    case writeRegistry = "write_registry"
    case outbox
    case readActivity = "read_activity"
    case writeActivity = "write_activity"
    case writeAppPassword = "write_app_password"
}

/// The store on SQLite: implements every port of AuthService that lasts longer than a crash.
///
/// Two processes may share the file. Writes begin with `BEGIN IMMEDIATE`, so a unit of work sees nothing change
/// under it; every decision that counts is nevertheless a guarded write, whose row count decides.
///
/// **PostgreSQL later.** All SQL stands in the `…Statements` files and in `Migrations`, and keeps to what both
/// understand: `$1` parameters, `ON CONFLICT`, `RETURNING`, partial indexes, row values, `BIGINT`, `TEXT`, and
/// `BLOB`, which there is `CREATE DOMAIN blob AS bytea`. Another adapter brings its own connection, opening,
/// migrator, begins each unit about an account with `SELECT … FROM accounts … FOR UPDATE`
/// (the units here look before they write, which needs the row to stand still), and passes the same contract suite.
package final class SQLiteStore: Sendable {
    let writes: WriteQueue
    private let file: DatabaseFile
    private let reads: ReadPool
    private let checkpointer: Checkpointer
    let subscriptions: [OutboxSubscription]
    private let observer: StoreObserver
    let changes = ChangeWatch()
    let recentLogins = RecentReads<MailLoginKey, MailLoginSnapshot>(limit: 16_384)

    /// Opens the database, brings its schema up to date and starts the threads; blocks.
    ///
    /// - Parameters:
    ///   - settings: Path and bounds.
    ///   - subscriptions: The receivers that events are kept for.
    ///   - observer: Hears times and batch sizes.
    ///   - digestKeys: Opens the digest keys and names the chain that this process writes; it is opened with its first
    ///     row.
    package init(
        settings: SQLiteSettings, subscriptions: [OutboxSubscription] = [],
        observer: StoreObserver = StoreObserver(), digestKeys: @escaping DigestKeyOpening
    ) throws(StoreOpeningFailure) {
        let file = DatabaseFile(path: settings.path)
        try file.create()
        self.file = file
        let changes = changes
        let checkpointer = Checkpointer(file: file, bounds: settings.checkpoints, observer: observer)
        self.checkpointer = checkpointer
        // What does not open leaves no thread behind.
        do throws(StoreOpeningFailure) {
            let writes = try WriteQueue(limit: settings.writeQueueLimit, groupLimit: settings.groupLimit) {
                () throws(StoreOpeningFailure) in
                let connection = try file.writer()
                try Migrator(file: file, migrations: Migration.all).run(on: connection)
                let identity = try connection.openDigestKeys(of: file, digestKeys)
                return Writer(
                    connection: connection, identity: identity, patience: settings.patience,
                    subscriptions: subscriptions, changes: changes, checkpointer: checkpointer, observer: observer)
            }
            self.writes = writes
            do throws(StoreOpeningFailure) {
                reads = try ReadPool(threads: settings.readers, queueLimit: settings.readQueueLimit, file: file)
            } catch {
                writes.close()
                throw error
            }
        } catch {
            checkpointer.close()
            throw error
        }
        self.subscriptions = subscriptions
        self.observer = observer
    }

    /// Opens a database for somebody who brings the digest along, whatever keys the database holds.
    package convenience init(
        settings: SQLiteSettings, audit: AuditChainIdentity, subscriptions: [OutboxSubscription] = [],
        observer: StoreObserver = StoreObserver()
    ) throws(StoreOpeningFailure) {
        try self.init(settings: settings, subscriptions: subscriptions, observer: observer) { _ in
            (identity: audit, new: nil)
        }
    }

    /// Reads and writes that wait for a thread, for metrics.
    package var waiting: (reads: Int, writes: Int) { (reads.waiting, writes.waiting) }

    /// Finishes what waits and closes the database; blocks until then.
    ///
    /// Later calls are refused.
    package func close() {
        // Readers first: connections that close at once each leave the other's log in place, while the writer, left
        // alone, folds it into the file and removes it.
        reads.close()
        checkpointer.close()
        writes.close()
    }

    /// Throws when the database cannot be read; for readiness.
    package func check() async throws(StoreUnavailable) {
        try await reads.run { _ = try $0.exists("SELECT 1 FROM schema_version") }
    }

    /// Has the log beside the database folded into it and emptied, so that nothing of what was erased is left there.
    ///
    /// - Returns: False when somebody else was at the database at that moment: nobody is made to wait, try again later.
    package func foldLog() async throws(StoreUnavailable) -> Bool {
        let file = file
        // On a reader's thread, for that may block, but on a connection of its own, which no snapshot holds.
        return try await reads.run { _ in try file.foldLog() }
    }

    /// Runs a read and reports its time.
    func read<Value: Sendable>(
        _ operation: StoreOperation, _ body: @escaping @Sendable (SQLiteConnection) throws -> Value
    ) async throws(StoreUnavailable) -> Value {
        let start = ContinuousClock.now
        defer { observer.operation(operation, start.duration(to: .now)) }
        return try await reads.run(body)
    }

    /// Runs a unit of work and reports its time.
    ///
    /// - Parameter scope: What the unit may change of what is remembered of accounts.
    func write<Value: Sendable>(
        _ operation: StoreOperation, changing scope: ChangeScope = .anything,
        _ body: @escaping @Sendable (inout Transaction) throws -> Value
    ) async throws(StoreUnavailable) -> Value {
        let start = ContinuousClock.now
        defer { observer.operation(operation, start.duration(to: .now)) }
        do {
            return try await writes.commit(changing: scope, body)
        } catch {
            throw StoreUnavailable(error)
        }
    }

    /// Runs a unit of work that may refuse by throwing `OperatorRefusal`, and is then undone.
    func writeForOperator<Value: Sendable>(
        _ operation: StoreOperation, _ body: @escaping @Sendable (inout Transaction) throws -> Value
    ) async throws(OperatorRefusal) -> Value {
        let start = ContinuousClock.now
        defer { observer.operation(operation, start.duration(to: .now)) }
        do {
            return try await writes.commit(changing: .anything, body)
        } catch let refusal as OperatorRefusal {
            throw refusal
        } catch {
            throw .unavailable(reason: StoreUnavailable(error).reason)
        }
    }
}
