/// A reader of JSON (RFC 8259) that also takes `//` and `/* */` comments and commas before a closing bracket.
///
/// Foundation's decoder takes comments only as part of JSON5, keeps silent about a key given twice, and tells no
/// line; a settings file needs the opposite of all three.
struct JSONReader {
    /// How deep arrays and objects may nest.
    static let depthLimit = 16

    private let bytes: [UInt8]
    private var index = 0
    private var line = 1
    private var lineStart = 0

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
    }

    /// Reads the one value that the bytes hold.
    static func read(_ bytes: [UInt8]) throws(JSONSyntaxError) -> JSONNode {
        var reader = JSONReader(bytes)
        let node = try reader.value(depth: 0)
        try reader.skipBlank()
        guard reader.index == bytes.count else { throw reader.failure("something follows the end of the object") }
        return node
    }

    private func failure(_ message: String) -> JSONSyntaxError {
        JSONSyntaxError(line: line, column: index - lineStart + 1, message: message)
    }

    private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        index += 1
        return true
    }

    private mutating func value(depth: Int) throws(JSONSyntaxError) -> JSONNode {
        try skipBlank()
        guard depth < Self.depthLimit else { throw failure("nested deeper than \(Self.depthLimit)") }
        guard let byte = next else { throw failure("the text ends where a value should stand") }
        switch byte {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        case UInt8(ascii: "a")...UInt8(ascii: "z"): return try word()
        default: throw failure("expected a value")
        }
    }

    private mutating func object(depth: Int) throws(JSONSyntaxError) -> JSONNode {
        index += 1
        var members: [JSONMember] = []
        while true {
            try skipBlank()
            if take(UInt8(ascii: "}")) { return .object(members) }
            guard next == UInt8(ascii: "\"") else { throw failure("expected a key in quotes, or }") }
            let keyLine = line
            let key = try string()
            try skipBlank()
            guard take(UInt8(ascii: ":")) else { throw failure("expected : after a key") }
            members.append(JSONMember(key: key, line: keyLine, value: try value(depth: depth + 1)))
            try skipBlank()
            guard take(UInt8(ascii: ",")) || next == UInt8(ascii: "}") else { throw failure("expected , or }") }
        }
    }

    private mutating func array(depth: Int) throws(JSONSyntaxError) -> JSONNode {
        index += 1
        var elements: [JSONNode] = []
        while true {
            try skipBlank()
            if take(UInt8(ascii: "]")) { return .array(elements) }
            elements.append(try value(depth: depth + 1))
            try skipBlank()
            guard take(UInt8(ascii: ",")) || next == UInt8(ascii: "]") else { throw failure("expected , or ]") }
        }
    }

    private mutating func word() throws(JSONSyntaxError) -> JSONNode {
        let known: [(StaticString, JSONNode)] = [("true", .bool(true)), ("false", .bool(false)), ("null", .null)]
        for (text, node) in known {
            let matches = text.withUTF8Buffer { bytes[index...].starts(with: $0) }
            guard matches else { continue }
            index += text.utf8CodeUnitCount
            return node
        }
        throw failure("expected true, false or null (strings stand in quotes)")
    }

    private mutating func number() throws(JSONSyntaxError) -> String {
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

    private mutating func digits() throws(JSONSyntaxError) {
        let start = index
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { index += 1 }
        guard index > start else { throw failure("expected a digit") }
    }

    private mutating func skipBlank() throws(JSONSyntaxError) {
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\n"): newLine()
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): index += 1
            case UInt8(ascii: "/"): try skipComment()
            default: return
            }
        }
    }

    private mutating func newLine() {
        index += 1
        line += 1
        lineStart = index
    }

    private mutating func skipComment() throws(JSONSyntaxError) {
        let start = self
        index += 1
        if take(UInt8(ascii: "/")) {
            while let byte = next, byte != UInt8(ascii: "\n") { index += 1 }
            return
        }
        guard take(UInt8(ascii: "*")) else { throw start.failure("expected a comment, // or /*") }
        while let byte = next {
            if byte == UInt8(ascii: "\n") {
                newLine()
            } else {
                index += 1
                if byte == UInt8(ascii: "*"), take(UInt8(ascii: "/")) { return }
            }
        }
        throw start.failure("a comment that never ends")
    }
}

// MARK: - Strings

extension JSONReader {
    private mutating func string() throws(JSONSyntaxError) -> String {
        let start = self
        index += 1
        var content: [UInt8] = []
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                index += 1
                guard let text = String(validating: content, as: UTF8.self) else {
                    throw start.failure("a string that is not UTF-8")
                }
                return text
            case UInt8(ascii: "\\"):
                content.append(contentsOf: String(try escape()).utf8)
            case 0..<0x20:
                throw failure("a control character in a string")
            default:
                content.append(byte)
                index += 1
            }
        }
        throw start.failure("a string that never ends")
    }

    private mutating func escape() throws(JSONSyntaxError) -> Unicode.Scalar {
        index += 1
        let kind = next
        index += 1
        switch kind {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try scalar()
        default:
            index = min(index - 1, bytes.count)
            throw failure("an unknown escape")
        }
    }

    private mutating func scalar() throws(JSONSyntaxError) -> Unicode.Scalar {
        let first = try codeUnit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard (0xD800...0xDBFF).contains(first), take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
            throw failure("half of a surrogate pair")
        }
        let second = try codeUnit()
        guard (0xDC00...0xDFFF).contains(second) else { throw failure("half of a surrogate pair") }
        let value = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
        guard let scalar = Unicode.Scalar(value) else { throw failure("half of a surrogate pair") }
        return scalar
    }

    private mutating func codeUnit() throws(JSONSyntaxError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw failure("expected four hexadecimal digits after \\u")
            }
            unit = unit << 4 | UInt16(digit)
            index += 1
        }
        return unit
    }
}
