/// A JSON value as written.
package enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    /// The digits as they stand: whether they fit is for the reader of the value to say.
    case number(String)
    case string(String)
    case array([JSONValue])
    /// Members in the order of the text, each name once.
    case object([JSONMember])
}

/// One member of an object.
package struct JSONMember: Hashable, Sendable {
    /// The name, unique within its object.
    package let name: String
    /// Where the name starts, in bytes from the start of the text.
    package let offset: Int
    /// What the name stands for.
    package let value: JSONValue

    /// A member that no text was read for.
    package init(name: String, offset: Int = 0, value: JSONValue) {
        self.name = name
        self.offset = offset
        self.value = value
    }
}
