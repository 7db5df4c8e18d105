/// Why bytes are not the JSON that was asked for, and where.
package struct JSONRefusal: Error, Hashable, Sendable {
    /// The kinds of refusal.
    package enum Reason: Hashable, Sendable {
        /// The grammar of RFC 8259 is broken.
        case syntax
        /// A string is not UTF-8, or has a control character, U+0000 or half a surrogate pair.
        case text
        /// Nested deeper than the limit.
        case depth
        /// More members in one object than the limit.
        case members
        /// The same name twice in one object.
        case duplicate(name: String)
    }

    /// What kind of refusal it is.
    package let reason: Reason
    /// What was expected or is wrong, in English words without quotation from the text.
    package let message: String
    /// The place, in bytes from the start of the text.
    package let offset: Int
    /// The line of the place, counted from 1.
    package let line: Int
    /// The place within its line, in bytes counted from 1.
    package let column: Int

    init(_ reason: Reason, _ message: String, at offset: Int, in bytes: [UInt8]) {
        self.reason = reason
        self.message = message
        self.offset = offset
        let before = bytes[..<min(offset, bytes.count)]
        line = before.count { $0 == UInt8(ascii: "\n") } + 1
        column = offset - (before.lastIndex(of: UInt8(ascii: "\n")) ?? -1)
    }
}
