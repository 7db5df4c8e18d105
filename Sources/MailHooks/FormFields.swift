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

    private struct Field {
        let name: ArraySlice<UInt8>
        let value: ArraySlice<UInt8>
    }

    /// In order of arrival: they are few, so looking along them is quicker than any table.
    private var fields: [Field] = []

    /// Reads a form; `+` is a space and an escape must be complete.
    package init(_ bytes: ArraySlice<UInt8>) throws(Malformation) {
        fields.reserveCapacity(8)
        var rest = bytes
        while !rest.isEmpty {
            let end = rest.firstIndex(of: UInt8(ascii: "&")) ?? rest.endIndex
            if end > rest.startIndex { try add(rest[..<end]) }
            rest = end == rest.endIndex ? [] : rest[(end + 1)...]
        }
    }

    private mutating func add(_ part: ArraySlice<UInt8>) throws(Malformation) {
        guard fields.count < Self.fieldLimit else { throw .tooMany }
        let mark = part.firstIndex(of: UInt8(ascii: "=")) ?? part.endIndex
        let valuePart = mark == part.endIndex ? [] : part[(mark + 1)...]
        guard let name = PercentBytes.decode(part[..<mark], plusIsSpace: true),
            let value = PercentBytes.decode(valuePart, plusIsSpace: true)
        else { throw .escape }
        guard !fields.contains(where: { $0.name.elementsEqual(name) }) else {
            throw .repeated(String(String(decoding: name, as: UTF8.self).prefix(64)))
        }
        fields.append(Field(name: name, value: value))
    }

    /// A field as bytes; nil when it is missing.
    package func bytes(_ name: StaticString) -> ArraySlice<UInt8>? {
        let name = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        for field in fields where field.name.elementsEqual(name) { return field.value }
        return nil
    }

    /// A field as text; nil when it is missing or not UTF-8.
    package func text(_ name: StaticString) -> String? {
        bytes(name).flatMap(UTF8Text.string)
    }
}

/// Bytes that may be text.
enum UTF8Text {
    /// The text of bytes in UTF-8; nil for anything else.
    static func string(_ bytes: ArraySlice<UInt8>) -> String? {
        guard let text = try? UTF8Span(validating: bytes.span) else { return nil }
        return String(copying: text)
    }
}

/// Percent-encoding as mail servers write it.
enum PercentBytes {
    /// Decodes escapes and keeps every other byte, 8-bit ones too; nil for an incomplete or foreign escape.
    ///
    /// What has nothing to decode, nearly everything, comes back as it lies.
    static func decode(_ text: ArraySlice<UInt8>, plusIsSpace: Bool) -> ArraySlice<UInt8>? {
        guard text.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else { return text }
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
        return decoded[...]
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
