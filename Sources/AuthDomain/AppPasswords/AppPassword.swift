/// A password that the service makes for one mail program: sixteen letters of base 32, 80 random bits (T-4).
///
/// No person chooses it, so it needs no slow hash, and no number of wrong tries comes near it.
package struct AppPassword: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Random bytes that one takes.
    package static let randomByteCount = 10
    /// The longest text that is looked at, in bytes.
    package static let byteLimit = 64

    private static let length = 16

    /// The sixteen letters in lower case, to be digested.
    package let canonical: SecretBytes

    /// Makes one out of ten bytes from a secure source.
    package init(random: some Collection<UInt8>) {
        precondition(random.count == Self.randomByteCount, "an app password takes ten random bytes")
        canonical = SecretBytes(Base32.encode(random).utf8.map(Self.lowered))
    }

    /// Reads what a mail program sends: either case, spaces and hyphens skipped; nil for anything that cannot be one.
    package init?(parsing raw: String) {
        guard raw.utf8.count <= Self.byteLimit else { return nil }
        var letters: [UInt8] = []
        letters.reserveCapacity(Self.length)
        for byte in raw.utf8 where byte != 0x20 && byte != 0x2D {
            let letter = Self.lowered(byte)
            guard Self.isLetter(letter), letters.count < Self.length else { return nil }
            letters.append(letter)
        }
        guard letters.count == Self.length else { return nil }
        canonical = SecretBytes(letters)
    }

    /// The password as shown this once, `xxxx-xxxx-xxxx-xxxx`.
    package var text: String {
        canonical.withBytes { letters in
            stride(from: 0, to: Self.length, by: 4)
                .map { String(decoding: letters[$0..<$0 + 4], as: UTF8.self) }
                .joined(separator: "-")
        }
    }

    /// Always `***`.
    package var description: String { "***" }

    /// Always `***`.
    package var debugDescription: String { "***" }

    /// No children: a dump shows nothing.
    package var customMirror: Mirror { Mirror(self, children: []) }

    private static func lowered(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte + 0x20 : byte
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x32...0x37).contains(byte)
    }
}
