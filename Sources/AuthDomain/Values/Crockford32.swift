/// Thirty-two characters that are hard to misread, after Crockford: no I, L, O or U.
///
/// What a person types is read leniently: either case, spaces and hyphens skipped, O as 0, I and L as 1.
enum Crockford32 {
    /// The characters in the order of their values.
    static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    /// Writes the first `count` groups of five bits; the bytes must hold at least so many bits.
    static func encode(_ bytes: some Sequence<UInt8>, count: Int) -> [UInt8] {
        var text: [UInt8] = []
        var buffer: UInt32 = 0
        var bits = 0
        for byte in bytes {
            buffer = (buffer << 8 | UInt32(byte)) & 0xFFFF
            bits += 8
            while bits >= 5, text.count < count {
                bits -= 5
                text.append(alphabet[Int(buffer >> UInt32(bits) & 31)])
            }
        }
        return text
    }

    /// The canonical characters of typed text; nil unless exactly `count` remain, all of the alphabet.
    static func canonical(_ text: String, count: Int) -> [UInt8]? {
        guard text.utf8.count <= count * 4 else { return nil }
        var characters: [UInt8] = []
        for byte in text.utf8 where byte != 0x20 && byte != 0x2D {
            let upper = (0x61...0x7A).contains(byte) ? byte - 0x20 : byte
            let character: UInt8 =
                switch upper {
                case 0x4F: 0x30
                case 0x49, 0x4C: 0x31
                default: upper
                }
            guard alphabet.contains(character) else { return nil }
            characters.append(character)
        }
        return characters.count == count ? characters : nil
    }

    /// Joins characters in groups of four with hyphens, as printed.
    static func grouped(_ characters: [UInt8]) -> String {
        stride(from: 0, to: characters.count, by: 4)
            .map { String(decoding: characters[$0..<min($0 + 4, characters.count)], as: UTF8.self) }
            .joined(separator: "-")
    }
}
