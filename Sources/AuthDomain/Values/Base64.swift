/// Base 64 of RFC 4648, in its canonical forms only.
package enum Base64 {
    /// Which two characters stand for 62 and 63, and whether `=` fills the text up.
    package enum Form: Sendable {
        /// `+` and `/`, filled with `=` to a multiple of four characters (§4).
        case padded
        /// `+` and `/`, never filled, as password records have it.
        case unpadded
        /// `-` and `_`, never filled, as tokens have it (§5; RFC 7515 §2).
        case urlSafe
    }

    /// Encodes bytes.
    package static func encode(_ bytes: some Collection<UInt8>, _ form: Form) -> String {
        bytes.withContiguousStorageIfAvailable { text(of: $0, form) }
            ?? Array(bytes).withUnsafeBufferPointer { text(of: $0, form) }
    }

    private static func text(of bytes: UnsafeBufferPointer<UInt8>, _ form: Form) -> String {
        let letters = form == .urlSafe ? urlSafeLetters : letters
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var buffer: UInt32 = 0
        var bits: UInt32 = 0
        for byte in bytes {
            buffer = (buffer << 8 | UInt32(byte)) & 0xFFFF
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(letters[Int(buffer >> bits & 63)])
            }
        }
        if bits > 0 { text.append(letters[Int(buffer << (6 - bits) & 63)]) }
        while form == .padded, !text.count.isMultiple(of: 4) { text.append(UInt8(ascii: "=")) }
        return String(decoding: text, as: UTF8.self)
    }

    /// Decodes strictly; nil for a foreign character, wrong filling or left-over bits that are not zero.
    package static func decode(_ text: some BidirectionalCollection<UInt8>, _ form: Form) -> [UInt8]? {
        var characters = text[...]
        if form == .padded {
            guard characters.count.isMultiple(of: 4) else { return nil }
            if characters.last == UInt8(ascii: "=") { characters.removeLast() }
            if characters.last == UInt8(ascii: "=") { characters.removeLast() }
        }
        let count = characters.count
        guard count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count * 3 / 4)
        var buffer: UInt32 = 0
        var bits: UInt32 = 0
        for character in characters {
            guard let value = value(of: character, form) else { return nil }
            buffer = (buffer << 6 | value) & 0xFFFF
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(buffer >> bits & 0xFF))
            }
        }
        guard buffer & (1 << bits - 1) == 0 else { return nil }
        return bytes
    }

    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let urlSafeLetters = Array(letters.dropLast(2) + "-_".utf8)

    private static func value(of character: UInt8, _ form: Form) -> UInt32? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character - 0x41)
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character - 0x61 + 26)
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - 0x30 + 52)
        case UInt8(ascii: "+") where form != .urlSafe, UInt8(ascii: "-") where form == .urlSafe: 62
        case UInt8(ascii: "/") where form != .urlSafe, UInt8(ascii: "_") where form == .urlSafe: 63
        default: nil
        }
    }
}
