internal import AuthDomain
internal import AuthService

/// What a unit of work may do to the database; lent by the writer for the time of the unit.
struct Transaction: ~Copyable {
    /// The connection; for statements only, never for `BEGIN` or `COMMIT`.
    let connection: SQLiteConnection
    /// The end of the audit chain, with the rows of this transaction.
    var chain: AuditChain
    /// Who is to be told of events.
    let subscriptions: [OutboxSubscription]
    /// Whether an event was written for someone.
    var hasEmitted = false
    /// What was changed of what is remembered, beyond what the units named beforehand.
    private(set) var changed: [ChangeScope] = []

    init(connection: SQLiteConnection, chain: AuditChain, subscriptions: [OutboxSubscription]) {
        self.connection = connection
        self.chain = chain
        self.subscriptions = subscriptions
    }

    /// Notes a change that could not be named before the unit ran; to be called before the statement.
    mutating func willChange(_ account: AccountID) { changed.append(.account(account)) }

    /// Runs a statement and returns how many rows it changed.
    @discardableResult
    borrowing func execute(_ statement: SQLStatement) throws -> Int {
        try connection.execute(statement)
    }

    /// Runs a statement and reads each row of its result.
    borrowing func rows<Value>(
        _ statement: SQLStatement, _ read: (inout SQLRow) throws -> Value
    ) throws -> [Value] {
        try connection.rows(statement, read)
    }

    /// Runs a statement and reads the first row of its result.
    borrowing func first<Value>(
        _ statement: SQLStatement, _ read: (inout SQLRow) throws -> Value
    ) throws -> Value? {
        try connection.first(statement, read)
    }

    /// Whether a statement returns a row.
    borrowing func exists(_ statement: SQLStatement) throws -> Bool {
        try connection.exists(statement)
    }

    /// Adds a row to the audit log.
    mutating func append(_ event: AuditEvent) throws {
        try chain.append(event, to: connection)
    }
}
