internal import CSQLite

/// A connection with its compiled statements, confined to one thread.
final class SQLiteConnection {
    private let handle: SQLiteHandle
    private var statements: [SQLShape: PreparedStatement] = [:]

    init(handle: consuming SQLiteHandle) {
        self.handle = handle
    }

    /// Whether no transaction is open.
    var isAutocommit: Bool { handle.isAutocommit }

    /// The length of the log after this connection's last commit, in pages; 0 unless it is watched.
    var logLength: Int { handle.logLength }

    /// Watches the length of the log from now on; commits then leave all of it to whoever makes checkpoints.
    func watchLog() { handle.watchLog() }

    /// Has calls wait for other transactions for so many naps of 100 µs until the body ends.
    func waiting<Value>(naps: Int, _ body: () throws -> Value) rethrows -> Value {
        try handle.waiting(naps: naps, body)
    }

    /// Runs a statement and returns how many rows it changed.
    @discardableResult
    func execute(_ statement: SQLStatement) throws -> Int {
        try prepared(statement).run(statement.values) { _ in }
        return handle.changes
    }

    /// Runs a statement and reads each row of its result.
    func rows<Value>(
        _ statement: SQLStatement, _ read: (inout SQLRow) throws -> Value
    ) throws -> [Value] {
        var result: [Value] = []
        try prepared(statement).run(statement.values) { row in result.append(try read(&row)) }
        return result
    }

    /// Runs a statement and reads the first row of its result, if there is one.
    func first<Value>(
        _ statement: SQLStatement, _ read: (inout SQLRow) throws -> Value
    ) throws -> Value? {
        var result: Value?
        try prepared(statement).run(statement.values) { row in
            if result == nil { result = try read(&row) }
        }
        return result
    }

    /// Whether a statement returns a row.
    func exists(_ statement: SQLStatement) throws -> Bool {
        try first(statement) { _ in true } ?? false
    }

    /// Runs several statements that bind nothing and are not used again.
    func run(script: String) throws {
        try handle.run(script: script)
    }

    /// Begins a snapshot for reads to come, taken at the first of them.
    ///
    /// Without one, for want of memory, each read has its own.
    func beginSharedSnapshot() {
        _ = try? execute("BEGIN")
    }

    /// Gives the shared snapshot back, also when a read that failed has ended it already.
    func endSharedSnapshot() {
        guard !isAutocommit else { return }
        do { try execute("COMMIT") } catch { rollBack() }
    }

    /// Runs reads on one snapshot of the database: the shared one if there is one.
    func snapshot<Value>(_ body: () throws -> Value) throws -> Value {
        guard isAutocommit else { return try body() }
        try execute("BEGIN")
        do {
            let value = try body()
            try execute("COMMIT")
            return value
        } catch {
            rollBack()
            throw error
        }
    }

    /// Ends an open transaction without effect.
    ///
    /// Its own failure changes nothing: the transaction is then gone already, or dies with the connection.
    func rollBack() {
        guard !isAutocommit else { return }
        _ = try? execute("ROLLBACK")
    }

    private func prepared(_ statement: SQLStatement) throws -> PreparedStatement {
        if let compiled = statements[statement.shape] { return compiled }
        let compiled = try handle.prepare(statement.text)
        statements[statement.shape] = compiled
        return compiled
    }
}
