/// Base 64 of RFC 4648 §4, as password records carry it.
enum Base64 {
    /// Whether the text must end in `=` up to a multiple of four, or must not.
    enum Padding {
        case required, none
    }

    /// Decodes strictly; nil for a foreign character, wrong padding or left-over bits that are not zero.
    static func decode(_ text: some Collection<UInt8>, padding: Padding) -> [UInt8]? {
        var characters = Array(text)
        if padding == .required {
            guard characters.count % 4 == 0 else { return nil }
            if characters.last == 0x3D { characters.removeLast() }
            if characters.last == 0x3D { characters.removeLast() }
        }
        guard characters.count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        var buffer: UInt32 = 0
        var bits = 0
        for character in characters {
            guard let value = value(of: character) else { return nil }
            buffer = (buffer << 6 | value) & 0xFFFF
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(buffer >> UInt32(bits) & 0xFF))
            }
        }
        guard buffer & (1 << UInt32(bits) - 1) == 0 else { return nil }
        return bytes
    }

    private static func value(of character: UInt8) -> UInt32? {
        switch character {
        case 0x41...0x5A: UInt32(character - 0x41)
        case 0x61...0x7A: UInt32(character - 0x61 + 26)
        case 0x30...0x39: UInt32(character - 0x30 + 52)
        case 0x2B: 62
        case 0x2F: 63
        default: nil
        }
    }
}
