package import AuthDomain
package import AuthService

/// Seals secrets with AES-256-GCM under keys derived from the ring, bound to row, purpose and key.
///
/// A sealed secret is: version 1 (1 byte), key id (4), nonce (12), ciphertext, tag (16). Nonces are random: a key may
/// seal 2³² secrets before a repeated nonce becomes likelier than 2⁻³² (NIST SP 800-38D §8.3), far more than accounts.
package struct RingSecretBox: RotatingSecretBox {
    /// The largest secret that can be sealed or opened, in bytes: an answer that is kept for a repeated call.
    package static let largestSecret = 65_536

    private static let version: UInt8 = 1
    private static let headerByteCount = 1 + 4 + AES256GCM.nonceByteCount

    /// The derived keys of one ring key; a switch, so that a new purpose cannot be forgotten.
    private struct Entry {
        let id: String
        let storedID: [UInt8]
        let totpSecret: SecretBytes
        let phone: SecretBytes
        let signingKey: SecretBytes
        let digestKey: SecretBytes
        let temporaryPassword: SecretBytes
        let callAnswer: SecretBytes

        init(_ key: KeyRing.Key) {
            func derive(_ purpose: SealPurpose) -> SecretBytes {
                HKDF.derive(from: key.bytes, info: Array("otpd seal:\(purpose.rawValue)".utf8))
            }
            id = key.id
            storedID = key.storedID
            totpSecret = derive(.totpSecret)
            phone = derive(.phone)
            signingKey = derive(.signingKey)
            digestKey = derive(.digestKey)
            temporaryPassword = derive(.temporaryPassword)
            callAnswer = derive(.callAnswer)
        }

        subscript(purpose: SealPurpose) -> SecretBytes {
            switch purpose {
            case .totpSecret: totpSecret
            case .phone: phone
            case .signingKey: signingKey
            case .digestKey: digestKey
            case .temporaryPassword: temporaryPassword
            case .callAnswer: callAnswer
            }
        }
    }

    private let entries: [Entry]
    private let random: any RandomSource
    private let cipher = AES256GCM()

    /// Derives a key for every purpose from every ring key.
    /// - Parameter random: The source of nonces.
    package init(ring: KeyRing, random: any RandomSource) {
        entries = ring.keys.map { Entry($0) }
        self.random = random
    }

    /// Seals under the first ring key; at most `largestSecret` bytes.
    package func seal(_ secret: SecretBytes, row: String, purpose: SealPurpose) -> [UInt8] {
        precondition(secret.count <= Self.largestSecret, "too large a secret to seal")
        let entry = entries[0]
        let nonce = random.bytes(count: AES256GCM.nonceByteCount)
        var sealed: [UInt8] = []
        sealed.reserveCapacity(Self.headerByteCount + secret.count + AES256GCM.tagByteCount)
        sealed.append(Self.version)
        sealed.append(contentsOf: entry.storedID)
        sealed.append(contentsOf: nonce)
        cipher.seal(
            secret, key: entry[purpose], nonce: nonce, authenticating: Self.associated(row, purpose, entry),
            into: &sealed)
        return sealed
    }

    /// Opens what `seal` made under any key of the ring; nil for anything else.
    package func open(_ sealed: [UInt8], row: String, purpose: SealPurpose) -> SecretBytes? {
        let overhead = Self.headerByteCount + AES256GCM.tagByteCount
        guard (overhead...overhead + Self.largestSecret).contains(sealed.count), sealed[0] == Self.version,
            let entry = entries.first(where: { sealed[1..<5].elementsEqual($0.storedID) })
        else {
            return nil
        }
        return cipher.open(
            sealed[Self.headerByteCount...], key: entry[purpose], nonce: Array(sealed[5..<Self.headerByteCount]),
            authenticating: Self.associated(row, purpose, entry))
    }

    /// The id of the first ring key.
    package var writingKey: String { entries[0].id }

    /// The version and the key id.
    package var headByteCount: Int { 5 }

    /// The id of the key that a sealed secret, or its head, names.
    package func key(of sealed: [UInt8]) -> String? {
        guard sealed.count >= headByteCount, sealed[0] == Self.version else { return nil }
        return Hex.encode(Array(sealed[1..<5]))
    }

    /// Row, purpose and key id with a zero byte between them; the last two hold none, so the text reads one way only.
    private static func associated(_ row: String, _ purpose: SealPurpose, _ entry: Entry) -> [UInt8] {
        Array(row.utf8) + [0] + Array(purpose.rawValue.utf8) + [0] + Array(entry.id.utf8)
    }
}
