/// The fields of `application/x-www-form-urlencoded` text, each at most once.
package struct FormFields: Sendable {
    /// Why text is not a form.
    package enum Malformation: Error {
        /// More fields than are read.
        case tooMany
        /// An incomplete escape.
        case escape
        /// A field that could be read in two ways.
        case repeated(String)
    }

    /// The most fields that are read.
    package static let fieldLimit = 32

    private var values: [String: [UInt8]] = [:]

    /// Reads a form; `+` is a space and an escape must be complete.
    package init(_ bytes: some Collection<UInt8>) throws(Malformation) {
        for part in bytes.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: true) {
            guard values.count < Self.fieldLimit else { throw .tooMany }
            let mark = part.firstIndex(of: UInt8(ascii: "=")) ?? part.endIndex
            let rest = mark == part.endIndex ? part[mark...] : part[part.index(after: mark)...]
            guard let nameBytes = PercentBytes.decode(part[..<mark], plusIsSpace: true),
                let name = String(validating: nameBytes, as: UTF8.self),
                let value = PercentBytes.decode(rest, plusIsSpace: true)
            else { throw .escape }
            guard values.updateValue(value, forKey: name) == nil else { throw .repeated(String(name.prefix(64))) }
        }
    }

    /// A field as bytes; nil when it is missing.
    package func bytes(_ name: String) -> [UInt8]? { values[name] }

    /// A field as text; nil when it is missing or not UTF-8.
    package func text(_ name: String) -> String? {
        values[name].flatMap { String(validating: $0, as: UTF8.self) }
    }
}

/// Percent-encoding as mail servers write it.
enum PercentBytes {
    /// Decodes escapes and keeps every other byte, 8-bit ones too; nil for an incomplete or foreign escape.
    static func decode(_ text: some Collection<UInt8>, plusIsSpace: Bool) -> [UInt8]? {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(text.count)
        var rest = text.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = rest.next().flatMap(digit), let low = rest.next().flatMap(digit) else { return nil }
                decoded.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsSpace: decoded.append(0x20)
            default: decoded.append(byte)
            }
        }
        return decoded
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
