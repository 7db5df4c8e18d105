/// Base 16 of RFC 4648 §8, in lower case.
package enum Hex {
    /// Encodes bytes, two digits each.
    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(2 * bytes.underestimatedCount)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Decodes pairs of digits in either case; nil for anything else.
    package static func decode(_ text: some StringProtocol) -> [UInt8]? {
        let codes = Array(text.utf8)
        guard codes.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(codes.count / 2)
        for index in stride(from: 0, to: codes.count, by: 2) {
            guard let high = value(codes[index]), let low = value(codes[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x37
        case 0x61...0x66: digit - 0x57
        default: nil
        }
    }

    private static let digits = Array("0123456789abcdef".utf8)
}
