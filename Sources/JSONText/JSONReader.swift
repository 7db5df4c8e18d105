/// A strict reader of JSON (RFC 8259) in a single pass.
///
/// A text that two readers may take for two things is refused: names given twice, invalid UTF-8, halves of surrogate
/// pairs, U+0000. Foundation's decoder keeps silent about the first, and tells no line.
package struct JSONReader {
    /// Who wrote the text.
    package enum Form: Sendable {
        /// A program: RFC 8259 to the letter, and no byte order mark.
        case exchanged
        /// A person: also `//` and `/* */` comments, commas before a closing bracket, a byte order mark.
        case handWritten
    }

    /// How much structure a text may have; its size is for the caller to bound.
    package struct Limits: Sendable {
        /// How deep arrays and objects may nest.
        package let depth: Int
        /// How many members one object may have; looking for names given twice takes time by its square.
        package let members: Int

        /// Makes limits; those of a request body by default.
        package init(depth: Int = 16, members: Int = 64) {
            self.depth = depth
            self.members = members
        }
    }

    let bytes: [UInt8]
    var index = 0
    private let form: Form
    private let limits: Limits
    private var depth = 0

    /// Reads the one value that the bytes hold.
    /// - Throws: `JSONRefusal` at the first thing wrong.
    package static func read(
        _ bytes: [UInt8], form: Form = .exchanged, limits: Limits = Limits()
    ) throws(JSONRefusal) -> JSONValue {
        var reader = JSONReader(bytes: bytes, form: form, limits: limits)
        if form == .handWritten, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { reader.index = 3 }
        let value = try reader.value()
        try reader.skipBlank()
        guard reader.index == bytes.count else { throw reader.failure("something follows the end of the value") }
        return value
    }

    private init(bytes: [UInt8], form: Form, limits: Limits) {
        self.bytes = bytes
        self.form = form
        self.limits = limits
    }

    func failure(_ message: String, _ reason: JSONRefusal.Reason = .syntax, at offset: Int? = nil) -> JSONRefusal {
        JSONRefusal(reason, message, at: offset ?? index, in: bytes)
    }

    var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        index += 1
        return true
    }

    // MARK: Values

    private mutating func value() throws(JSONRefusal) -> JSONValue {
        try skipBlank()
        guard let byte = next else { throw failure("the text ends where a value should stand") }
        switch byte {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "{"): return .object(try object())
        case UInt8(ascii: "["): return .array(try array())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: throw failure("expected a value (strings stand in quotes)")
        }
    }

    private mutating func word(_ text: StaticString, _ value: JSONValue) throws(JSONRefusal) -> JSONValue {
        let expected = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard bytes[index...].starts(with: expected) else {
            throw failure("expected true, false or null (strings stand in quotes)")
        }
        index += expected.count
        return value
    }

    private mutating func descend() throws(JSONRefusal) {
        guard depth < limits.depth else { throw failure("nested deeper than \(limits.depth)", .depth) }
        depth += 1
        index += 1
        try skipBlank()
    }

    private mutating func object() throws(JSONRefusal) -> [JSONMember] {
        try descend()
        defer { depth -= 1 }
        var members: [JSONMember] = []
        if take(UInt8(ascii: "}")) { return members }
        while true {
            let offset = index
            guard next == UInt8(ascii: "\"") else { throw failure("expected a name in quotes") }
            let name = try string()
            try check(name, at: offset, beside: members)
            try skipBlank()
            guard take(UInt8(ascii: ":")) else { throw failure("expected : after a name") }
            members.append(JSONMember(name: name, offset: offset, value: try value()))
            if try closes(with: UInt8(ascii: "}")) { return members }
        }
    }

    private func check(_ name: String, at offset: Int, beside members: [JSONMember]) throws(JSONRefusal) {
        guard members.count < limits.members else {
            throw failure("more than \(limits.members) members in one object", .members, at: offset)
        }
        for member in members where Self.isSame(member.name, name) {
            let line = bytes[..<member.offset].count { $0 == UInt8(ascii: "\n") } + 1
            throw failure("given twice, first in line \(line)", .duplicate(name: name), at: offset)
        }
    }

    /// Compares bytes: the equality of String normalises, which long foreign names could make a burden.
    private static func isSame(_ left: String, _ right: String) -> Bool {
        left.utf8.count == right.utf8.count && left.utf8.elementsEqual(right.utf8)
    }

    private mutating func array() throws(JSONRefusal) -> [JSONValue] {
        try descend()
        defer { depth -= 1 }
        var values: [JSONValue] = []
        if take(UInt8(ascii: "]")) { return values }
        while true {
            values.append(try value())
            if try closes(with: UInt8(ascii: "]")) { return values }
        }
    }

    /// Steps behind the bracket, or behind a comma and the blanks after it.
    private mutating func closes(with bracket: UInt8) throws(JSONRefusal) -> Bool {
        try skipBlank()
        if take(bracket) { return true }
        guard take(UInt8(ascii: ",")) else { throw failure("expected , or \(Unicode.Scalar(bracket))") }
        try skipBlank()
        return form == .handWritten && take(bracket)
    }

    private mutating func number() throws(JSONRefusal) -> String {
        let start = index
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) { try digits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            _ = take(UInt8(ascii: "+")) || take(UInt8(ascii: "-"))
            try digits()
        }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private mutating func digits() throws(JSONRefusal) {
        let start = index
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { index += 1 }
        guard index > start else { throw failure("expected a digit") }
    }

    // MARK: Blanks

    private mutating func skipBlank() throws(JSONRefusal) {
        while let byte = next {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\t"), UInt8(ascii: "\r"): index += 1
            case UInt8(ascii: "/") where form == .handWritten: try skipComment()
            default: return
            }
        }
    }

    private mutating func skipComment() throws(JSONRefusal) {
        let start = index
        index += 1
        if take(UInt8(ascii: "/")) {
            while let byte = next, byte != UInt8(ascii: "\n") { index += 1 }
            return
        }
        guard take(UInt8(ascii: "*")) else { throw failure("expected a comment, // or /*", at: start) }
        while let byte = next {
            index += 1
            if byte == UInt8(ascii: "*"), take(UInt8(ascii: "/")) { return }
        }
        throw failure("a comment that never ends", at: start)
    }
}
