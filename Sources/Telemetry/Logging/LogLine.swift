internal import AuthDomain

/// One log line as it is put together: a JSON object in UTF-8, ended by a line break.
struct LogLine {
    /// The longest text kept of one value, in bytes.
    static let valueLimit = 1024
    /// The longest line; metadata beyond it is left out.
    static let lineLimit = 32768
    private static let ownNames: Set<String> = ["time", "level", "message", "request_id"]

    private(set) var bytes: [UInt8] = []

    init(
        time: WallInstant, level: LogLevel, message: String, requestID: String?, metadata: [(String, LogValue)]
    ) {
        bytes.reserveCapacity(256)
        add("{\"time\":\"\(RFC3339.format(time, fraction: .always))\",\"level\":\"\(level.rawValue)\",\"message\":")
        add(quoted: message)
        if let requestID {
            add(",\"request_id\":")
            add(quoted: requestID)
        }
        var names: Set<String> = []
        for (name, value) in metadata where value != .absent && bytes.count < Self.lineLimit {
            guard names.insert(name).inserted else { continue }
            add(",")
            add(quoted: Self.ownNames.contains(name) ? "metadata.\(name)" : name)
            add(":")
            add(Redaction.applies(to: name) ? .string("***") : value)
        }
        add("}\n")
    }

    private mutating func add(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func add(_ value: LogValue) {
        switch value {
        case .string(let text): add(quoted: text)
        case .int(let number): add("\(number)")
        case .double(let number) where number.isFinite: add("\(number)")
        case .double(let number): add(quoted: "\(number)")
        case .bool(let flag): add(flag ? "true" : "false")
        case .absent: add("null")
        }
    }

    /// Adds a JSON string; text beyond the limit is cut between two characters and ended by `…`.
    private mutating func add(quoted text: String) {
        bytes.append(UInt8(ascii: "\""))
        var room = Self.valueLimit
        for scalar in text.unicodeScalars {
            room -= UTF8.width(scalar)
            guard room >= 0 else {
                add("…")
                break
            }
            add(escaped: scalar)
        }
        bytes.append(UInt8(ascii: "\""))
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
