/// A single-pass strict JSON reader: no duplicate names, no byte order mark, bounded depth and width.
///
/// Foundation's decoder keeps one of two members with the same name and does not tell; a body that two readers may
/// read in two ways is refused here.
struct JSONParser {
    /// The deepest nesting.
    static let depthLimit = 16
    /// The most members of one object, so that looking for duplicates stays cheap.
    static let memberLimit = 64

    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    /// Reads a whole text.
    static func parse(_ bytes: [UInt8]) throws(JSONRefusal) -> JSONValue {
        var parser = JSONParser(bytes: bytes)
        let value = try parser.value()
        parser.skipSpace()
        guard parser.position == bytes.count else { throw .unexpected(offset: parser.position) }
        return value
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard current == byte else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ byte: UInt8) throws(JSONRefusal) {
        guard take(byte) else { throw .unexpected(offset: position) }
    }

    private mutating func value() throws(JSONRefusal) -> JSONValue {
        skipSpace()
        switch current {
        case UInt8(ascii: "{"): return .object(try object())
        case UInt8(ascii: "["): return .array(try array())
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default:
            try number()
            return .number
        }
    }

    private mutating func literal(_ text: StaticString, _ value: JSONValue) throws(JSONRefusal) -> JSONValue {
        let expected = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard bytes[position...].starts(with: expected) else { throw .unexpected(offset: position) }
        position += expected.count
        return value
    }

    private mutating func descend() throws(JSONRefusal) {
        depth += 1
        if depth > Self.depthLimit { throw .tooDeep }
        position += 1
        skipSpace()
    }

    private mutating func object() throws(JSONRefusal) -> [JSONMember] {
        try descend()
        defer { depth -= 1 }
        var members: [JSONMember] = []
        if take(UInt8(ascii: "}")) { return members }
        repeat {
            skipSpace()
            guard current == UInt8(ascii: "\"") else { throw .unexpected(offset: position) }
            let name = try string()
            if members.contains(where: { $0.name == name }) { throw .duplicate(name: name) }
            if members.count == Self.memberLimit { throw .tooManyMembers }
            skipSpace()
            try expect(UInt8(ascii: ":"))
            members.append(JSONMember(name: name, value: try value()))
            skipSpace()
        } while take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "}"))
        return members
    }

    private mutating func array() throws(JSONRefusal) -> [JSONValue] {
        try descend()
        defer { depth -= 1 }
        var values: [JSONValue] = []
        if take(UInt8(ascii: "]")) { return values }
        repeat {
            values.append(try value())
            skipSpace()
        } while take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "]"))
        return values
    }

    /// Checks a number against the grammar; its value serves nobody.
    private mutating func number() throws(JSONRefusal) {
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) { try digits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
    }

    private mutating func digits() throws(JSONRefusal) {
        let start = position
        while let byte = current, (0x30...0x39).contains(byte) { position += 1 }
        if position == start { throw .unexpected(offset: position) }
    }

    // MARK: Strings

    private mutating func string() throws(JSONRefusal) -> String {
        position += 1
        let start = position
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: bytes[start..<position], as: UTF8.self) else {
                    throw .badText(offset: start)
                }
                position += 1
                return text
            case UInt8(ascii: "\\"): return try escapedString(from: start)
            case 0..<0x20: throw .badText(offset: position)
            default: position += 1
            }
        }
        throw .unexpected(offset: position)
    }

    private mutating func escapedString(from start: Int) throws(JSONRefusal) -> String {
        var text = Array(bytes[start..<position])
        while let byte = current {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let valid = String(validating: text, as: UTF8.self) else { throw .badText(offset: start) }
                return valid
            case UInt8(ascii: "\\"): try escape(into: &text)
            case 0..<0x20: throw .badText(offset: position - 1)
            default: text.append(byte)
            }
        }
        throw .unexpected(offset: position)
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONRefusal) {
        guard let byte = current else { throw .unexpected(offset: position) }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            let scalar = try escapedScalar()
            text.append(contentsOf: String(scalar).utf8)
        default: throw .unexpected(offset: position - 1)
        }
    }

    private mutating func escapedScalar() throws(JSONRefusal) -> Unicode.Scalar {
        let offset = position
        let first = try codeUnit()
        if let scalar = Unicode.Scalar(first), scalar != "\u{0}" { return scalar }
        guard UTF16.isLeadSurrogate(first), take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
            throw .badText(offset: offset)
        }
        let second = try codeUnit()
        guard UTF16.isTrailSurrogate(second) else { throw .badText(offset: offset) }
        return UTF16.decode(UTF16.EncodedScalar([first, second]))
    }

    private mutating func codeUnit() throws(JSONRefusal) -> UInt16 {
        guard bytes.count - position >= 4 else { throw .unexpected(offset: bytes.count) }
        var unit: UInt16 = 0
        for _ in 0..<4 {
            let byte = bytes[position]
            let digit: UInt8
            switch byte {
            case 0x30...0x39: digit = byte - 0x30
            case 0x41...0x46: digit = byte - 0x41 + 10
            case 0x61...0x66: digit = byte - 0x61 + 10
            default: throw .unexpected(offset: position)
            }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
    }
}
