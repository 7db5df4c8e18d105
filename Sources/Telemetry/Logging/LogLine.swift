internal import AuthDomain

/// One log line as it is put together: a JSON object in UTF-8, ended by a line break.
struct LogLine {
    /// The longest text kept of one value, in bytes.
    static let valueLimit = 1024
    /// The longest line; metadata beyond it is left out.
    static let lineLimit = 32768

    private(set) var bytes: [UInt8] = []

    init(
        time: WallInstant, level: LogLevel, message: StaticString, requestID: String?,
        metadata: KeyValuePairs<StaticString, LogValue>
    ) {
        bytes.reserveCapacity(512)
        add("{\"time\":\"")
        RFC3339.append(time, fraction: .always, to: &bytes)
        add("\",\"level\":\"")
        add(level.rawValue)
        add("\",\"message\":\"")
        add(message)
        add("\"")
        if let requestID {
            add(",\"request_id\":")
            add(quoted: requestID)
        }
        for index in metadata.indices where metadata[index].value != .absent && bytes.count < Self.lineLimit {
            let entry = metadata[index]
            guard !Self.isRepeated(index, in: metadata) else { continue }
            add(Self.isOwn(entry.key) ? ",\"metadata." : ",\"")
            add(entry.key)
            add("\":")
            add(Redaction.applies(to: entry.key) ? .string("***") : entry.value)
        }
        add("}\n")
    }

    /// Whether an earlier value stands under the same name.
    private static func isRepeated(_ index: Int, in metadata: KeyValuePairs<StaticString, LogValue>) -> Bool {
        let name = metadata[index].key
        for earlier in metadata.startIndex..<index
        where metadata[earlier].key.isSame(as: name) && metadata[earlier].value != .absent {
            return true
        }
        return false
    }

    /// The names that every line has.
    private static func isOwn(_ name: StaticString) -> Bool {
        name.isSame(as: "time") || name.isSame(as: "level") || name.isSame(as: "message")
            || name.isSame(as: "request_id")
    }

    private mutating func add(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    /// Adds a literal of the program, which escapes nothing because none holds a quote or a control character.
    private mutating func add(_ literal: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
    }

    private mutating func add(_ value: LogValue) {
        switch value {
        case .string(let text): add(quoted: text)
        case .int(let number): add(decimal: number)
        case .thousandths(let number): add(thousandths: number)
        case .double(let number) where number.isFinite: add("\(number)")
        case .double(let number): add(quoted: "\(number)")
        case .bool(let flag): add(flag ? "true" : "false")
        case .absent: add("null")
        }
    }

    private mutating func add(decimal number: Int64) {
        DecimalDigits.append(number, to: &bytes)
    }

    /// Adds a number with up to three decimals, at least one.
    private mutating func add(thousandths number: Int64) {
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        add(decimal: Int64(number.magnitude / 1000))
        bytes.append(UInt8(ascii: "."))
        var rest = Int64(number.magnitude % 1000)
        repeat {
            bytes.append(0x30 + UInt8(rest / 100))
            rest = rest % 100 * 10
        } while rest > 0
    }

    /// Adds a JSON string; text beyond the limit is cut between two characters and ended by `…`.
    private mutating func add(quoted text: String) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        let isPlain = text.withUTF8 { utf8 in
            guard utf8.count <= Self.valueLimit, utf8.allSatisfy(Self.isPlain) else { return false }
            bytes.append(contentsOf: utf8)
            return true
        }
        if !isPlain { add(escaping: text) }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Printing ASCII that stands for itself in a JSON string.
    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x20...0x7E).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    private mutating func add(escaping text: String) {
        var room = Self.valueLimit
        for scalar in text.unicodeScalars {
            room -= UTF8.width(scalar)
            guard room >= 0 else {
                add("…")
                break
            }
            add(escaped: scalar)
        }
    }

    /// Adds a character; controls and the invisible separators are escaped, so that no text can break a line,
    /// steer a terminal or turn the reading direction.
    private mutating func add(escaped scalar: Unicode.Scalar) {
        switch scalar {
        case "\"": add("\\\"")
        case "\\": add("\\\\")
        case "\n": add("\\n")
        case "\r": add("\\r")
        case "\t": add("\\t")
        case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{200E}", "\u{200F}", "\u{2028}"..."\u{202E}",
            "\u{2066}"..."\u{2069}", "\u{FEFF}":
            add("\\u")
            for shift in [12, 8, 4, 0] {
                let digit = UInt8(truncatingIfNeeded: scalar.value >> UInt32(shift)) & 15
                bytes.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
            }
        default:
            if scalar.isASCII {
                bytes.append(UInt8(truncatingIfNeeded: scalar.value))
            } else {
                bytes.append(contentsOf: UTF8.encode(scalar).map { Array($0) } ?? [])
            }
        }
    }
}

extension StaticString {
    /// Whether two literals have the same bytes.
    func isSame(as other: StaticString) -> Bool {
        guard utf8CodeUnitCount == other.utf8CodeUnitCount else { return false }
        if utf8Start == other.utf8Start { return true }
        return UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount)
            .elementsEqual(UnsafeBufferPointer(start: other.utf8Start, count: other.utf8CodeUnitCount))
    }
}
