internal import AuthDomain
internal import CSQLite

/// One row of a result, read column by column from the left; lent for the time of a call.
struct SQLRow: ~Copyable {
    private let statement: OpaquePointer
    private var column: Int32 = 0

    init(statement: OpaquePointer) {
        self.statement = statement
    }

    /// How many columns the row has.
    var columnCount: Int { Int(sqlite3_column_count(statement)) }

    /// The next column as a number; NULL reads as 0.
    mutating func integer() -> Int64 { sqlite3_column_int64(statement, advance()) }

    /// The next column as a number.
    mutating func optionalInteger() -> Int64? {
        let index = advance()
        return isNull(index) ? nil : sqlite3_column_int64(statement, index)
    }

    /// The next column as a truth value.
    mutating func flag() -> Bool { integer() != 0 }

    /// The next column as text; NULL reads as empty.
    mutating func text() -> String { optionalText() ?? "" }

    /// The next column as text.
    mutating func optionalText() -> String? {
        let index = advance()
        guard let start = sqlite3_column_text(statement, index) else { return nil }
        let bytes = UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, index)))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The next column as bytes; NULL reads as empty.
    mutating func blob() -> [UInt8] { optionalBlob() ?? [] }

    /// The next column as bytes.
    mutating func optionalBlob() -> [UInt8]? {
        let index = advance()
        guard !isNull(index) else { return nil }
        return Array(Self.bytes(statement, index))
    }

    /// The next column as an instant.
    mutating func instant() -> WallInstant { WallInstant(milliseconds: integer()) }

    /// The next column as an instant.
    mutating func optionalInstant() -> WallInstant? { optionalInteger().map(WallInstant.init(milliseconds:)) }

    /// The next column as a case of a closed list.
    mutating func member<Value: RawRepresentable<String>>(of type: Value.Type) throws -> Value {
        guard let value = Value(rawValue: text()) else { throw SQLFailure.malformed("a column of \(type)") }
        return value
    }

    /// The next column as a case of a closed list.
    mutating func optionalMember<Value: RawRepresentable<String>>(of type: Value.Type) throws -> Value? {
        guard let text = optionalText() else { return nil }
        guard let value = Value(rawValue: text) else { throw SQLFailure.malformed("a column of \(type)") }
        return value
    }

    /// Lends the next column as it is stored, without a copy.
    mutating func withRawValue<Result>(_ body: (RawColumn) throws -> Result) rethrows -> Result {
        let index = advance()
        switch sqlite3_column_type(statement, index) {
        case SQLITE_NULL: return try body(.null)
        case SQLITE_INTEGER: return try body(.integer(sqlite3_column_int64(statement, index)))
        case SQLITE_TEXT:
            // Fetched as text first, so that the bytes are UTF-8.
            _ = sqlite3_column_text(statement, index)
            return try body(.text(Self.bytes(statement, index)))
        default: return try body(.blob(Self.bytes(statement, index)))
        }
    }

    private mutating func advance() -> Int32 {
        defer { column += 1 }
        return column
    }

    private func isNull(_ index: Int32) -> Bool { sqlite3_column_type(statement, index) == SQLITE_NULL }

    private static func bytes(_ statement: OpaquePointer, _ index: Int32) -> UnsafeRawBufferPointer {
        let start = sqlite3_column_blob(statement, index)
        return UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, index)))
    }
}

/// A column as stored; the bytes live as long as the call that lends them.
enum RawColumn {
    case null
    case integer(Int64)
    case text(UnsafeRawBufferPointer)
    case blob(UnsafeRawBufferPointer)
}
