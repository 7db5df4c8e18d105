/// Base 32 of RFC 4648 §6, in the form that authenticator apps take: upper-case, without padding (R-URI-1).
package enum Base32 {
    /// The longest text that `decode` looks at, in bytes.
    package static let byteLimit = 1024

    /// Encodes bytes in upper-case letters without `=`.
    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        var buffer: UInt32 = 0
        var bits = 0
        for byte in bytes {
            buffer = buffer << 8 | UInt32(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(alphabet[Int(buffer >> UInt32(bits) & 31)])
            }
        }
        if bits > 0 { text.append(alphabet[Int(buffer << UInt32(5 - bits) & 31)]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// Decodes what a person typed: either case, spaces and hyphens skipped; nil for any other character.
    ///
    /// Also nil when the text is too long, has a length that no bytes give, or has bits left over that are not zero.
    package static func decode(_ text: String) -> [UInt8]? {
        guard text.utf8.count <= byteLimit else { return nil }
        var bytes: [UInt8] = []
        var buffer: UInt32 = 0
        var bits = 0
        for character in text.utf8 where character != 0x20 && character != 0x2D {
            guard let value = value(of: character) else { return nil }
            buffer = (buffer << 5 | value) & 0xFFFF
            bits += 5
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(buffer >> UInt32(bits) & 0xFF))
            }
        }
        guard bits < 5, buffer & (1 << UInt32(bits) - 1) == 0 else { return nil }
        return bytes
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    private static func value(of character: UInt8) -> UInt32? {
        switch character {
        case 0x41...0x5A: UInt32(character - 0x41)
        case 0x61...0x7A: UInt32(character - 0x61)
        case 0x32...0x37: UInt32(character - 0x32 + 26)
        default: nil
        }
    }
}
