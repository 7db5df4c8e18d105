extension JSONReader {
    /// Reads the string that starts here; most have no escape and are taken as they stand.
    mutating func string() throws(JSONRefusal) -> String {
        let start = index
        index += 1
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                index += 1
                return try text(bytes[(start + 1)..<(index - 1)], from: start)
            case UInt8(ascii: "\\"): return try escapedString(from: start)
            case 0..<0x20: throw failure("a control character in a string", .text)
            default: index += 1
            }
        }
        throw failure("a string that never ends", at: start)
    }

    private func text(_ content: ArraySlice<UInt8>, from start: Int) throws(JSONRefusal) -> String {
        guard let text = String(validating: content, as: UTF8.self) else {
            throw failure("a string that is not UTF-8", .text, at: start)
        }
        return text
    }

    private mutating func escapedString(from start: Int) throws(JSONRefusal) -> String {
        var content = Array(bytes[(start + 1)..<index])
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                index += 1
                return try text(content[...], from: start)
            case UInt8(ascii: "\\"): content.append(contentsOf: String(try escape()).utf8)
            case 0..<0x20: throw failure("a control character in a string", .text)
            default:
                content.append(byte)
                index += 1
            }
        }
        throw failure("a string that never ends", at: start)
    }

    private mutating func escape() throws(JSONRefusal) -> Unicode.Scalar {
        let start = index
        index += 1
        let kind = next
        index = min(index + 1, bytes.count)
        switch kind {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try scalar(from: start)
        default: throw failure("an unknown escape", at: start)
        }
    }

    private mutating func scalar(from start: Int) throws(JSONRefusal) -> Unicode.Scalar {
        let first = try codeUnit()
        if let scalar = Unicode.Scalar(first) {
            guard scalar != "\u{0}" else { throw failure("U+0000 in a string", .text, at: start) }
            return scalar
        }
        guard UTF16.isLeadSurrogate(first), take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
            throw failure("half of a surrogate pair", .text, at: start)
        }
        let second = try codeUnit()
        guard UTF16.isTrailSurrogate(second) else { throw failure("half of a surrogate pair", .text, at: start) }
        return UTF16.decode(UTF16.EncodedScalar([first, second]))
    }

    private mutating func codeUnit() throws(JSONRefusal) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            let digit: UInt8
            switch next {
            case .some(let byte) where (0x30...0x39).contains(byte): digit = byte - 0x30
            case .some(let byte) where (0x41...0x46).contains(byte & 0xDF): digit = byte & 0xDF - 0x41 + 10
            default: throw failure("expected four hexadecimal digits after \\u")
            }
            unit = unit << 4 | UInt16(digit)
            index += 1
        }
        return unit
    }
}
