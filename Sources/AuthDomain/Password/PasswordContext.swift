/// What a guesser knows about the owner of a password (R-PW-5).
package struct PasswordContext: Sendable, CustomStringConvertible, CustomReflectable {
    /// Folded words of which any part of four letters or more gives itself away.
    let ownWords: [[Unicode.Scalar]]
    /// Digits of telephone numbers.
    let phones: [[Unicode.Scalar]]
    /// The year in which the password is chosen.
    let year: Int

    /// Gathers the words.
    /// - Parameters:
    ///   - addresses: The mailbox and its aliases.
    ///   - displayName: The name of the person or office, with or without diacritics.
    ///   - organisation: Its name or abbreviation.
    ///   - phones: Registered telephone numbers, in any writing.
    ///   - year: The current year in Hanoi.
    package init(
        addresses: [MailboxAddress] = [], displayName: String? = nil, organisation: String? = nil,
        phones: [String] = [], year: Int
    ) {
        var words = addresses.prefix(32).flatMap { FoldedText.words(String($0.localPart.prefix(64))) }
        words += Self.nameWords(displayName)
        words += Self.nameWords(organisation)
        ownWords = Array(Set(words.filter { $0.count >= 3 }))
        self.phones = phones.prefix(8).map { phone in
            phone.unicodeScalars.prefix(32).filter { ("0"..."9").contains($0) }
        }
        self.year = year
    }

    /// Always `***`: it holds a person's name and telephone numbers.
    package var description: String { "***" }

    /// No children: a dump shows nothing.
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// A name's words, the words run together, and its initials both ways: `nguyenvanan`, `nva`, `annv`.
    private static func nameWords(_ name: String?) -> [[Unicode.Scalar]] {
        guard let name else { return [] }
        let words = Array(FoldedText.words(String(name.prefix(128))).prefix(16))
        guard words.count > 1, let last = words.last else { return words }
        let initials = words.compactMap(\.first)
        return words + [words.flatMap { $0 }, initials, last + initials.dropLast(), initials.dropLast() + last]
    }
}
