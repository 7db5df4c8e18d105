package import AuthDomain

/// The key that a calling system authenticates with: `otpd_<8 letters>_<52 letters>`.
///
/// The first group is public: the record is found by it. The second is 260 random bits. Letters are those of base 32
/// in lower case, so that a double click selects the whole and nothing needs escaping.
package struct ClientKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// What every key starts with, so that scanners for leaked secrets know it.
    package static let mark = "otpd_"
    /// How many random bytes a key takes.
    package static let randomByteCount = prefixLength + secretLength

    private static let prefixLength = 8
    private static let secretLength = 52
    private static let length = mark.utf8.count + randomByteCount + 1
    private static let letters = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)

    /// The public part.
    package let prefix: String
    /// The whole key, which is what is digested.
    package let bytes: SecretBytes

    /// The public part of what may be a key; nil for what cannot be one.
    package static func prefix(of bytes: ArraySlice<UInt8>) -> String? {
        guard bytes.count == length else { return nil }
        return String(decoding: bytes.dropFirst(mark.utf8.count).prefix(prefixLength), as: UTF8.self)
    }

    /// Reads a key as sent; nil when it is not one.
    ///
    /// Anything but the exact length is refused unread.
    package init?(parsing bytes: ArraySlice<UInt8>) {
        guard bytes.count == Self.length, bytes.starts(with: Self.mark.utf8) else { return nil }
        let body = bytes.dropFirst(Self.mark.utf8.count)
        let prefix = body.prefix(Self.prefixLength)
        let rest = body.dropFirst(Self.prefixLength)
        guard rest.first == UInt8(ascii: "_"), prefix.allSatisfy(Self.isLetter),
            rest.dropFirst().allSatisfy(Self.isLetter)
        else {
            return nil
        }
        self.prefix = String(decoding: prefix, as: UTF8.self)
        self.bytes = SecretBytes(bytes)
    }

    /// Makes a key.
    /// - Parameter random: `randomByteCount` bytes, of which five bits each are used.
    package init(random: [UInt8]) {
        precondition(random.count == Self.randomByteCount, "a client key takes \(Self.randomByteCount) random bytes")
        let letters = random.map { Self.letters[Int($0 & 31)] }
        let prefix = letters.prefix(Self.prefixLength)
        self.prefix = String(decoding: prefix, as: UTF8.self)
        bytes = SecretBytes(
            Array(Self.mark.utf8) + prefix + [UInt8(ascii: "_")] + letters.dropFirst(Self.prefixLength))
    }

    /// The key as text, to be shown once.
    package var text: String { bytes.withBytes { String(decoding: $0, as: UTF8.self) } }

    /// Whether this is the key of a record; the time taken tells nothing of the digest.
    package func fits(_ record: ClientRecord, digest: any KeyedDigest) -> Bool {
        let message = bytes.copy
        return digest.verify(record.digest, message: message, purpose: .clientKey) && record.prefix == prefix
    }

    /// Always `***`.
    package var description: String { "***" }

    /// Always `***`.
    package var debugDescription: String { "***" }

    /// No children: a dump shows nothing.
    package var customMirror: Mirror { Mirror(self, children: []) }

    private static func isLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "2")...UInt8(ascii: "7"): true
        default: false
        }
    }
}
