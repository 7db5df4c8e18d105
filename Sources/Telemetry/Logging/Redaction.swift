internal import Synchronization

/// Names whose values never reach the log (R-LOG-3), whoever passes them.
///
/// The guard is a net under careful code, not a licence to log freely: a secret under a harmless name passes it.
enum Redaction {
    private static let anywhere = [
        "password", "passphrase", "secret", "token", "authorization", "cookie", "credential",
    ]
    private static let wholeWords: Set<String> = ["code", "codes", "key", "keys", "pin", "otp", "apikey", "passcode"]
    /// Names that look alike and hold no secret.
    private static let harmless: Set<String> = [
        "key_id", "status_code", "error_code", "event_code", "exit_code", "problem_code", "code_kind",
    ]

    /// Names that were judged, by the place of the literal in the program, which never moves.
    ///
    /// The top bit, which no address has, says that the value is replaced. A name lies in one of the slots from its own
    /// on: with a single one, two names of one log line could push each other out, at another pair of places with each
    /// start of the process, and be judged anew for every line.
    private static let judged = InlineArray<1024, Atomic<UInt>> { _ in Atomic(0) }
    private static let neighbours = 8
    private static let isSecret: UInt = 1 << (UInt.bitWidth - 1)

    /// Whether the value under a name is replaced by `***`.
    static func applies(to name: StaticString) -> Bool {
        let place = UInt(bitPattern: name.utf8Start)
        let own = Int((UInt64(place) &* 0x9E37_79B9_7F4A_7C15) >> 54)
        var free = own
        for distance in 0..<neighbours {
            let slot = (own + distance) & (judged.count - 1)
            let known = judged[slot].load(ordering: .relaxed)
            if known & ~isSecret == place { return known & isSecret != 0 }
            if known == 0 {
                free = slot
                break
            }
        }
        let verdict = judge("\(name)")
        judged[free].store(place | (verdict ? isSecret : 0), ordering: .relaxed)
        return verdict
    }

    private static func judge(_ name: String) -> Bool {
        let words = words(of: name)
        let plain = words.joined(separator: "_")
        if harmless.contains(plain) { return false }
        let joined = words.joined()
        return anywhere.contains { joined.contains($0) } || words.contains { wholeWords.contains($0) }
    }

    /// The words of a name in lower case, whether joined by dots, hyphens, underscores or capitals.
    private static func words(of name: String) -> [String] {
        var words: [String] = []
        var word = ""
        var isAfterSmall = false
        for scalar in name.unicodeScalars {
            let isLetter = scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
            if !isLetter || isAfterSmall && scalar.properties.isUppercase {
                if !word.isEmpty { words.append(word) }
                word = ""
            }
            if isLetter { word += scalar.properties.lowercaseMapping }
            isAfterSmall = isLetter && !scalar.properties.isUppercase
        }
        return word.isEmpty ? words : words + [word]
    }
}
