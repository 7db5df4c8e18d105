/// A code from the operator with which an account without a usable factor proves itself once; 60 random bits.
package struct EnrolmentCode: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Random bytes that a code takes; four of their 64 bits are not used.
    package static let randomByteCount = 8

    /// The twelve canonical characters, to be hashed.
    package let canonical: SecretBytes

    /// Makes a code out of at least eight bytes from a secure source.
    package init(random: some Collection<UInt8>) {
        precondition(random.count >= Self.randomByteCount, "a code takes eight random bytes")
        canonical = SecretBytes(Crockford32.encode(random, count: Self.length))
    }

    /// Reads what a person typed: either case, spaces and hyphens skipped, O as 0, I and L as 1; nil for the rest.
    package init?(parsing raw: String) {
        guard let characters = Crockford32.canonical(raw, count: Self.length) else { return nil }
        canonical = SecretBytes(characters)
    }

    /// The code as told to the owner, `XXXX-XXXX-XXXX`; shown once.
    package var text: String { canonical.withBytes { Crockford32.grouped(Array($0)) } }

    /// Always `***`.
    package var description: String { "***" }

    /// Always `***`.
    package var debugDescription: String { "***" }

    /// No children: a dump shows nothing.
    package var customMirror: Mirror { Mirror(self, children: []) }

    private static let length = 12
}
