/// A password that the service issues: random, easy to type and to read aloud, always within the policy (R-FIRST-7).
///
/// Six groups of a capital, a small letter and a digit, with one of the six special characters in the middle:
/// `Kt2Mx8Pr6#Qh9Ws4Vb7`. I, O, i, l, o, 0 and 1 are left out. 75 random bits; no word of three letters fits in.
package enum TemporaryPassword {
    /// Random bytes that a password takes: eight for each of its 19 characters.
    package static let randomByteCount = 19 * 8

    /// Makes a password out of random bytes.
    ///
    /// Each character takes 64 bits, so that no character is likelier than another by more than one part in 2⁵⁹.
    /// - Parameter random: At least `randomByteCount` bytes from a secure source.
    package static func make(random: [UInt8]) -> PreparedPassword {
        precondition(random.count >= randomByteCount, "a temporary password takes 152 random bytes")
        var characters: [UInt8] = []
        for position in 0..<19 {
            let number = random[position * 8..<position * 8 + 8].reduce(0) { $0 << 8 | UInt64($1) }
            let choices = choices(at: position)
            characters.append(choices[Int(number.multipliedFullWidth(by: UInt64(choices.count)).high)])
        }
        do {
            return try PreparedPassword(preparing: String(decoding: characters, as: UTF8.self))
        } catch {
            // Nineteen printable ASCII characters are always a password.
            preconditionFailure("a temporary password cannot be malformed")
        }
    }

    private static let capitals = Array("ABCDEFGHJKLMNPQRSTUVWXYZ".utf8)
    private static let smallLetters = Array("abcdefghjkmnpqrstuvwxyz".utf8)
    private static let digits = Array("23456789".utf8)
    private static let specials = Array("!@#$%&".utf8)

    private static func choices(at position: Int) -> [UInt8] {
        if position == 9 { return specials }
        switch (position < 9 ? position : position - 10) % 3 {
        case 0: return capitals
        case 1: return smallLetters
        default: return digits
        }
    }
}

extension PreparedPassword {
    /// The password as text, to be handed over once; for issued passwords only (R-PW-8).
    package func revealed() -> String {
        utf8.withBytes { String(decoding: $0, as: UTF8.self) }
    }
}
