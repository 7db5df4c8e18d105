/// A printed code that signs in once when the authenticator is lost (R-NIST-4).
///
/// Its first character names its slot in the set, so that a check costs one slow hash; eleven more carry 55 random
/// bits. The slot is no secret.
package struct RecoveryCode: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// How many codes make a set.
    package static let count = 10
    /// Random bytes that one code takes; one of their 56 bits is not used.
    package static let randomByteCount = 7

    /// The place in the set, 0…9.
    package let slot: Int
    /// The twelve canonical characters, to be hashed.
    package let canonical: SecretBytes

    /// Makes the code of a slot out of random bytes.
    /// - Parameters:
    ///   - slot: 0…9.
    ///   - random: At least seven bytes from a secure source.
    package init(slot: Int, random: some Collection<UInt8>) {
        precondition((0..<Self.count).contains(slot) && random.count >= Self.randomByteCount, "see the parameters")
        self.slot = slot
        canonical = SecretBytes([Crockford32.alphabet[slot]] + Crockford32.encode(random, count: Self.length - 1))
    }

    /// Reads what a person typed: either case, spaces and hyphens skipped, O as 0, I and L as 1; nil for the rest.
    package init?(parsing raw: String) {
        guard let characters = Crockford32.canonical(raw, count: Self.length),
            let slot = Crockford32.alphabet.firstIndex(of: characters[0]), slot < Self.count
        else { return nil }
        self.slot = slot
        canonical = SecretBytes(characters)
    }

    /// Makes a whole set.
    /// - Parameter random: At least seventy bytes from a secure source.
    package static func set(random: [UInt8]) -> [RecoveryCode] {
        (0..<count).map { RecoveryCode(slot: $0, random: random.dropFirst($0 * randomByteCount)) }
    }

    /// The code as printed, `XXXX-XXXX-XXXX`; shown once.
    package var text: String { canonical.withBytes { Crockford32.grouped(Array($0)) } }

    /// Always `***`.
    package var description: String { "***" }

    /// Always `***`.
    package var debugDescription: String { "***" }

    /// No children: a dump shows nothing.
    package var customMirror: Mirror { Mirror(self, children: []) }

    private static let length = 12
}
