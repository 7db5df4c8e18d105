internal import AuthService

/// The one thread's hold on the database: turns batches of units into transactions.
struct Writer: ~Copyable {
    private let connection: SQLiteConnection
    // As of the last commit.
    private var chain: AuditChain
    private let observer: StoreObserver
    private let patience: Duration
    private let subscriptions: [OutboxSubscription]
    private let changes: ChangeWatch
    private let checkpointer: Checkpointer?

    /// Makes the writer of a connection.
    ///
    /// - Parameters:
    ///   - connection: An open connection that nobody else uses.
    ///   - identity: The audit chain to write.
    ///   - patience: Units that waited longer are failed without being run.
    ///   - subscriptions: Who is to be told of events.
    ///   - changes: Hears what may have changed, by whomever.
    ///   - checkpointer: Folds the log; without one it grows.
    ///   - observer: Hears of each batch, and of events that were committed.
    init(
        connection: SQLiteConnection, identity: AuditChainIdentity, patience: Duration,
        subscriptions: [OutboxSubscription] = [], changes: ChangeWatch = ChangeWatch(),
        checkpointer: Checkpointer? = nil, observer: StoreObserver
    ) {
        self.connection = connection
        self.checkpointer = checkpointer
        self.changes = changes
        self.subscriptions = subscriptions
        self.chain = AuditChain(identity: identity)
        self.patience = patience
        self.observer = observer
    }

    /// Runs units in one transaction; afterwards each is settled.
    ///
    /// A unit that throws is undone alone. When the commit fails, or the library had to end the transaction by
    /// itself, every unit fails and nothing of the batch is in the database.
    mutating func commit(_ batch: [WriteUnit]) {
        let start = ContinuousClock.now
        do {
            try connection.execute("BEGIN IMMEDIATE")
            if let version = try connection.first("PRAGMA data_version", { $0.integer() }) {
                changes.saw(version: version, at: start)
            }
            // Looked at after another process may have kept us waiting.
            let units = Self.timely(batch, patience: patience)
            // Units hardly ever throw, and a savepoint has the library copy each page that a unit changes. So the
            // batch is tried without; when a unit throws, it begins anew with a savepoint for each.
            var found = try attempt(units, undoingAlone: false)
            if found == nil {
                connection.rollBack()
                try connection.execute("BEGIN IMMEDIATE")
                found = try attempt(units, undoingAlone: true)
            }
            changes.changed(units.map(\.scope) + (found ?? []))
            for unit in units { unit.commit() }
        } catch {
            connection.rollBack()
            for unit in batch { unit.fail(error) }
        }
        observer.batch(batch.count, start.duration(to: .now))
    }

    /// Has the log looked after; to be called after a batch, when its callers have their answers.
    func tendLog() {
        checkpointer?.tend(logOf: connection.logLength, from: connection)
    }

    /// The units whose callers still wait; the others fail.
    private static func timely(_ batch: [WriteUnit], patience: Duration) -> [WriteUnit] {
        let now = ContinuousClock.now
        return batch.filter { unit in
            guard unit.enqueued.duration(to: now) > patience else { return true }
            unit.fail(WriteRefusal.waitedTooLong)
            return false
        }
    }

    /// Runs and commits units in the open transaction; nil, uncommitted, when one threw that cannot be undone alone.
    ///
    /// - Returns: What they changed beyond their scopes.
    /// - Throws: Only what ends the whole batch.
    private mutating func attempt(_ units: [WriteUnit], undoingAlone: Bool) throws -> [ChangeScope]? {
        var transaction = Transaction(connection: connection, chain: chain, subscriptions: subscriptions)
        for unit in units {
            if undoingAlone {
                try Self.runUnderSavepoint(unit, in: &transaction)
            } else {
                do {
                    try unit.body(&transaction)
                } catch {
                    guard units.count > 1 else { throw error }
                    return nil
                }
            }
        }
        let next = transaction.chain
        if let head = next.head, head.number != chain.head?.number { try next.seal(in: connection) }
        try connection.execute("COMMIT")
        chain = next
        if transaction.hasEmitted { observer.emitted() }
        return transaction.changed
    }

    /// Runs a unit; one that throws fails and leaves nothing behind.
    ///
    /// - Throws: Only what ends the whole batch.
    private static func runUnderSavepoint(_ unit: WriteUnit, in transaction: inout Transaction) throws {
        let before = transaction.chain
        try transaction.execute("SAVEPOINT unit")
        do {
            try unit.body(&transaction)
        } catch {
            guard !transaction.connection.isAutocommit else { throw error }
            try transaction.execute("ROLLBACK TO SAVEPOINT unit")
            transaction.chain = before
            unit.fail(error)
        }
        try transaction.execute("RELEASE SAVEPOINT unit")
    }
}
