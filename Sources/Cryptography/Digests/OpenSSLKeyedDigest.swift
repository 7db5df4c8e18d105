internal import AuthDomain
package import AuthService
internal import COpenSSL

/// HMAC-SHA-256 under keys derived from the ring; a digest is the key's id (4 bytes) and the HMAC (32 bytes).
package struct OpenSSLKeyedDigest: KeyedDigest {
    /// The length of every digest in bytes.
    package static let byteCount = 36

    /// A class, so that no digest copies, and counts references on, what all threads share.
    private final class Entry: Sendable {
        let storedID: [UInt8]
        /// In the order of the purposes, which are few: looking along them is quicker than hashing their names.
        let templates: [(purpose: DigestPurpose, template: HMACTemplate)]

        init(storedID: [UInt8], templates: [(purpose: DigestPurpose, template: HMACTemplate)]) {
            self.storedID = storedID
            self.templates = templates
        }
    }

    private let entries: [Entry]

    /// Derives a key for every purpose from every ring key.
    package init(ring: KeyRing) {
        entries = ring.keys.map { key in
            let templates = DigestPurpose.allCases.map { purpose -> (DigestPurpose, HMACTemplate) in
                // The prefix keeps these keys apart from those that seal, whatever purposes both have.
                let derived = HKDF.derive(from: key.bytes, info: Array("otpd digest:\(purpose.rawValue)".utf8))
                return (purpose, HMACTemplate(.sha256, key: derived))
            }
            return Entry(storedID: key.storedID, templates: templates)
        }
    }

    /// The digest of a message under the first ring key.
    package func digest(_ message: [UInt8], purpose: DigestPurpose) -> [UInt8] {
        Self.digest(message, purpose, entries[0])
    }

    /// Whether a digest made under any key of the ring fits a message, in constant time.
    package func verify(_ digest: [UInt8], message: [UInt8], purpose: DigestPurpose) -> Bool {
        guard digest.count == Self.byteCount,
            let entry = entries.first(where: { digest.starts(with: $0.storedID) })
        else {
            return false
        }
        return CRYPTO_memcmp(digest, Self.digest(message, purpose, entry), Self.byteCount) == 0
    }

    /// The digests of a message under every ring key, the writing key first.
    package func candidates(_ message: [UInt8], purpose: DigestPurpose) -> [[UInt8]] {
        entries.map { Self.digest(message, purpose, $0) }
    }

    private static func digest(_ message: [UInt8], _ purpose: DigestPurpose, _ entry: Entry) -> [UInt8] {
        var digest: [UInt8] = []
        digest.reserveCapacity(byteCount)
        digest.append(contentsOf: entry.storedID)
        for place in entry.templates.indices where entry.templates[place].purpose == purpose {
            entry.templates[place].template.append(to: &digest, message: message)
            return digest
        }
        // The invariant: `init` fills the table from `allCases`.
        preconditionFailure("a purpose without a key")
    }
}
