package import AuthDomain

/// A pool that has no room: the caller answers 503 before any work is done.
package struct Overloaded: Error {
    /// Makes the error.
    package init() {}
}

/// Verifies and makes slow password records; runs on its own bounded pool.
package protocol PasswordHasher: Sendable {
    /// A new record string with the parameters in force.
    ///
    /// - Throws: `Overloaded` when the pool's queue is full.
    func hash(_ password: SecretBytes) async throws(Overloaded) -> String

    /// Whether a password fits a stored record; a malformed record fits nothing.
    ///
    /// - Throws: `Overloaded` when the pool's queue is full.
    func verify(_ password: SecretBytes, record: String) async throws(Overloaded) -> Bool

    /// Whether a record should be made anew: other scheme or other cost than in force.
    func isOutdated(record: String) -> Bool

    /// A record that no password fits and that costs as much to verify as a fresh one.
    var unfittingRecord: String { get }
}

/// What a sealed secret is for; part of what the seal covers.
package enum SealPurpose: String, CaseIterable, Sendable {
    case totpSecret = "totp"
    case phone
    case signingKey = "signing-key"
    case digestKey = "digest-key"
    case temporaryPassword = "temporary-password"
    case callAnswer = "call-answer"
}

/// Encrypts small secrets for storage: AES-256-GCM under a ring key, bound to the row and purpose.
package protocol SecretBox: Sendable {
    /// Seals under the first ring key; the result names the key.
    func seal(_ secret: SecretBytes, row: String, purpose: SealPurpose) -> [UInt8]

    /// Opens what `seal` made; nil when the row, the purpose or the content is not what was sealed, or the key is gone.
    func open(_ sealed: [UInt8], row: String, purpose: SealPurpose) -> SecretBytes?
}

/// What a keyed digest is for: one derived key each.
package enum DigestPurpose: String, CaseIterable, Sendable {
    case clientKey = "client-key"
    case unknownAddress = "unknown-address"
    case recoveryCode = "recovery-code"
    case enrolmentCode = "enrolment-code"
    case phoneIndex = "phone-index"
    case audit
    case deviceToken = "device-token"
    case signIn = "sign-in"
    case smsDraw = "sms-draw"
    case smsCode = "sms-code"
    case deliveryReport = "delivery-report"
    case appPassword = "app-password"
    case appPasswordLookup = "app-password-lookup"
    case wrongValue = "wrong-value"
    case accessToken = "access-token"
    case namedCall = "named-call"
}

/// HMAC-SHA-256 under keys derived from the ring, one for each purpose.
package protocol KeyedDigest: Sendable {
    /// The digest of a message under the first ring key, preceded by that key's id so that a later ring can check it.
    func digest(_ message: [UInt8], purpose: DigestPurpose) -> [UInt8]

    /// Whether a digest made under any key of the ring fits a message, in constant time.
    func verify(_ digest: [UInt8], message: [UInt8], purpose: DigestPurpose) -> Bool

    /// The digests of a message under every ring key, the writing key first: for look-ups by digest.
    func candidates(_ message: [UInt8], purpose: DigestPurpose) -> [[UInt8]]
}

/// HMAC with the three algorithms of RFC 6238, for TOTP.
package protocol OneTimeCodeMAC: Sendable {
    /// The HMAC of a message.
    func mac(_ algorithm: HashAlgorithm, key: SecretBytes, message: [UInt8]) -> [UInt8]
}

/// Signs assertions: ES256 with the key in use.
package protocol TokenSigner: Sendable {
    /// A compact JWS over the payload with the given `typ`.
    ///
    /// - Throws: `StoreUnavailable` when no signing key is loaded.
    func sign(payload: [UInt8], type: String) throws(StoreUnavailable) -> String

    /// The public keys as a JWK set, in JSON: the key in use, those to come and those just retired.
    func keySet() -> [UInt8]
}
