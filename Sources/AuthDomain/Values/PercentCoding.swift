/// Percent-encoding (RFC 3986 section 2.1): strictest when written, strict when read.
package enum PercentCoding {
    /// Where encoded text stands, which decides what `+` and control characters mean there.
    package enum Place: Sendable {
        /// A key URI: `+` is refused, as some apps write it for a space and some for itself.
        case keyURI
        /// A part of a request target: `+` stands for itself, and no control character is taken.
        case target
        /// A field of `application/x-www-form-urlencoded`: `+` is a space.
        case form
    }

    /// Encodes text as UTF-8: everything but unreserved characters, a space as `%20`; the characters of `alsoAllowing`
    /// (ASCII) stay as they are.
    package static func encode(_ text: String, alsoAllowing extra: String = "") -> String {
        var encoded: [UInt8] = []
        for byte in text.utf8 {
            if isUnreserved(byte) || extra.utf8.contains(byte) {
                encoded.append(byte)
            } else {
                encoded += [0x25, hexDigits[Int(byte >> 4)], hexDigits[Int(byte & 0x0F)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    /// Decodes to text; nil for an incomplete or foreign escape, bytes that are not UTF-8, or what the place refuses.
    package static func decode(_ text: some Sequence<UInt8>, _ place: Place) -> String? {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(text.underestimatedCount)
        var rest = text.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case 0x2B where place == .keyURI: return nil
            case 0x2B where place == .form: decoded.append(0x20)
            case 0x25:
                guard let high = rest.next().flatMap(value), let low = rest.next().flatMap(value) else { return nil }
                decoded.append(high << 4 | low)
            default: decoded.append(byte)
            }
        }
        guard let text = String(validating: decoded, as: UTF8.self) else { return nil }
        let isRefused = place == .target && text.unicodeScalars.contains { $0.properties.generalCategory == .control }
        return isRefused ? nil : text
    }

    private static let hexDigits = Array("0123456789ABCDEF".utf8)

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x41...0x5A, 0x61...0x7A, 0x30...0x39, 0x2D, 0x2E, 0x5F, 0x7E: true
        default: false
        }
    }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x41 + 10
        case 0x61...0x66: digit - 0x61 + 10
        default: nil
        }
    }
}
