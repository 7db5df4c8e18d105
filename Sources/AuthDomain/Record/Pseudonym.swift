/// What stands in the record for a person whose account is destroyed (R-LIFE-9, T-14): the account's identifier.
///
/// Rows stay as evidence of what happened to an account; whose it was is no longer in them.
package struct Pseudonym: Sendable {
    /// The fewest bytes of a name that is looked for in free text; shorter ones are syllables of other words.
    private static let leastBytes = 6
    private static let mask = Array("******".utf8)

    /// The identifier.
    package let text: String

    private let names: [[UInt8]]

    /// Makes a pseudonym.
    ///
    /// - Parameters:
    ///   - account: The destroyed account.
    ///   - names: What names the person: addresses and the full name.
    package init(of account: AccountID, names: [String]) {
        text = account.text
        // The longest first, so that no name is cut by a shorter one within it.
        self.names = names.map { Array($0.utf8) }.filter { $0.count >= Self.leastBytes }
            .sorted { $0.count > $1.count }
    }

    /// Free text without the person's names and without the digits that masked numbers show.
    package func applied(to free: String) -> String {
        let source = Array(free.utf8)
        var result: [UInt8] = []
        result.reserveCapacity(source.count)
        var index = 0
        while index < source.count {
            if let name = names.first(where: { Self.stands($0, at: index, in: source) }) {
                result += Array(text.utf8)
                index += name.count
            } else if source[index...].starts(with: Self.mask) {
                result += Self.mask
                index += Self.mask.count
                while index < source.count, (0x30...0x39).contains(source[index]) { index += 1 }
            } else {
                result.append(source[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Whether a name stands at a place as a whole: `an@…` is not part of `tran@…`.
    private static func stands(_ name: [UInt8], at index: Int, in source: [UInt8]) -> Bool {
        guard index + name.count <= source.count else { return false }
        for offset in name.indices where lower(source[index + offset]) != lower(name[offset]) { return false }
        let end = index + name.count
        return (index == 0 || !continues(source[index - 1])) && (end == source.count || !isWordPart(source[end]))
    }

    private static func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

    private static func isWordPart(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(lower(byte)) || byte >= 0x80
    }

    /// What may stand before the first letter within the same address.
    private static func continues(_ byte: UInt8) -> Bool {
        isWordPart(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }
}
