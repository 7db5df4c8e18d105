internal import AuthService

/// The one form of an audit row that is authenticated: every field with its type and length, so that no two rows
/// and no two divisions of a row into fields give the same bytes.
struct AuditEncoding {
    /// The bytes so far.
    private(set) var bytes: [UInt8]

    /// Begins a message of a kind; the kinds cannot be taken for each other.
    init(kind: String) {
        bytes = []
        bytes.reserveCapacity(512)
        append(.text(kind))
    }

    /// Begins the same kind of message again without a new allocation.
    mutating func restart(kind: String) {
        bytes.removeAll(keepingCapacity: true)
        append(.text(kind))
    }

    /// Adds a field of a statement.
    mutating func append(_ value: SQLValue) {
        switch value {
        case .null: bytes.append(0)
        case .integer(let number): append(number)
        case .text(var text): text.withUTF8 { append(tag: 2, UnsafeRawBufferPointer($0)) }
        case .blob(let blob): blob.withUnsafeBytes { append(tag: 3, $0) }
        }
    }

    /// Adds a field of a row as stored.
    mutating func append(_ column: RawColumn) {
        switch column {
        case .null: bytes.append(0)
        case .integer(let number): append(number)
        case .text(let text): append(tag: 2, text)
        case .blob(let blob): append(tag: 3, blob)
        }
    }

    private mutating func append(_ number: Int64) {
        bytes.append(1)
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }

    private mutating func append(tag: UInt8, _ content: UnsafeRawBufferPointer) {
        bytes.append(tag)
        withUnsafeBytes(of: UInt32(content.count).bigEndian) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: content)
    }
}

/// What the chain authenticates.
enum AuditMessage {
    /// The kind of a row's message; raised when its fields change.
    static let row = "otpd audit row 1"
    /// The kind of a chain head's message.
    static let head = "otpd audit head 1"
    /// The kind of the message of a row that a person's names were taken out of.
    static let erasedRow = "otpd audit erased row 1"
    /// The kind of the message that says where a purged chain begins.
    static let anchor = "otpd audit anchor 1"

    /// The message of a row that names were taken out of: what it is now, and the authentication of what it was, which
    /// the next row was written after.
    static func erased(row: [UInt8], mac: [UInt8]) -> [UInt8] {
        var encoding = AuditEncoding(kind: erasedRow)
        encoding.append(.blob(row))
        encoding.append(.blob(mac))
        return encoding.bytes
    }

    /// The message of a chain's head.
    static func head(chain: String, number: Int64, mac: [UInt8]) -> [UInt8] {
        var encoding = AuditEncoding(kind: head)
        encoding.append(.text(chain))
        encoding.append(SQLValue.integer(number))
        encoding.append(.blob(mac))
        return encoding.bytes
    }
}
