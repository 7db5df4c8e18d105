@testable import SQLStore

/// A connection of someone who can write the file: for tampering, and for looking at what is stored.
func withRawDatabase<Value>(_ path: String, _ body: (SQLiteConnection) throws -> Value) throws -> Value {
    let connection = SQLiteConnection(handle: try SQLiteHandle(path: path))
    return try body(connection)
}

/// Runs statements as someone who can write the file.
func tamper(_ path: String, _ script: String) throws {
    try withRawDatabase(path) { try $0.run(script: script) }
}

extension SQLRow {
    /// Steps over columns.
    mutating func skip(_ count: Int) {
        for _ in 0..<count { withRawValue { _ in } }
    }
}
