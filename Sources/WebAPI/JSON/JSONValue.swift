/// A JSON value as the routes take it; no field of any body is a number, so a number's value is not kept.
enum JSONValue: Equatable, Sendable {
    case null
    case bool(Bool)
    case number
    case string(String)
    case array([JSONValue])
    case object([JSONMember])
}

/// One member of an object; names are unique within it.
struct JSONMember: Equatable, Sendable {
    let name: String
    let value: JSONValue
}

/// Why bytes are not the JSON that this service takes (RFC 8259, and narrower).
enum JSONRefusal: Error, Hashable, Sendable {
    /// Something else stood at this byte than the grammar allows.
    case unexpected(offset: Int)
    /// A string is not UTF-8, has a control character, U+0000 or half a surrogate pair.
    case badText(offset: Int)
    /// Nested deeper than the limit.
    case tooDeep
    /// More members in one object than the limit.
    case tooManyMembers
    /// The same name twice in one object.
    case duplicate(name: String)
}
