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
        return password(of: 19, random: random, choices: choices)
    }

    private static func password(
        of count: Int, random: [UInt8], choices: (Int) -> [UInt8]
    ) -> PreparedPassword {
        var characters: [UInt8] = []
        for position in 0..<count {
            let number = random[position * 8..<position * 8 + 8].reduce(0) { $0 << 8 | UInt64($1) }
            let choices = choices(position)
            characters.append(choices[Int(number.multipliedFullWidth(by: UInt64(choices.count)).high)])
        }
        do {
            return try PreparedPassword(preparing: String(decoding: characters, as: UTF8.self))
        } catch {
            // A few printable ASCII characters are always a password.
            preconditionFailure("a temporary password cannot be malformed")
        }
    }

    /// The characters of the longest password that is issued.
    package static let longestCount = 29

    /// Random bytes that a long password takes: eight for each of its characters.
    package static let longRandomByteCount = longestCount * 8

    /// Makes a long password out of random bytes, for imports of many accounts: three blocks of three groups, as in
    /// `Kt2Mx8Pr6#Qh9Ws4Vb7!Rt5Yk3Wm8`, with 114 random bits.
    ///
    /// Nobody can search through that many, however fast a guess is checked (NIST SP 800-63B-4 asks for 112 bits where
    /// a secret is kept under a plain salted digest). So its record need not be slow, and a hundred thousand of them
    /// are made in a second instead of half an hour. Owners replace it at the first sign-in.
    /// - Parameter random: At least `longRandomByteCount` bytes from a secure source.
    package static func makeLong(random: [UInt8]) -> PreparedPassword {
        precondition(random.count >= longRandomByteCount, "a long temporary password takes 232 random bytes")
        return password(of: longestCount, random: random) { position in
            switch position % 10 {
            case 9: specials
            case let place: groups[place % 3]
            }
        }
    }

    private static let groups = [capitals, smallLetters, digits]
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
