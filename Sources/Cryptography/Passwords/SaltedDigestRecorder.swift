package import AuthDomain
package import AuthService
internal import COpenSSL

/// Records random passwords as SHA-512 over password and salt, `{SSHA512}`.
///
/// **Why that is enough.** The cost of Argon2 makes up for what people's passwords lack: a guess that costs 20 ms
/// stretches the twenty or thirty bits of a chosen one. A password drawn with 112 random bits or more lacks nothing:
/// at 10¹² guesses a second its search takes 10¹⁴ years, and a salted digest keeps two records from telling of each
/// other. The owner replaces it at the first sign-in, and the chosen one is hashed in full.
///
/// **Why nothing tells it apart outside.** The hasher spends one full hash beside a record of this scheme before it
/// answers, as it does for directory records that move in, so that a known address answers no sooner than an unknown
/// one. The digest itself takes a microsecond.
package struct SaltedDigestRecorder: RandomPasswordRecorder {
    private static let saltByteCount = 16
    private let random: any RandomSource

    /// Makes a recorder.
    /// - Parameter random: The source of salts.
    package init(random: any RandomSource) {
        self.random = random
    }

    /// A record that the password hasher verifies.
    package func record(ofRandom password: SecretBytes) -> String {
        let salt = random.bytes(count: Self.saltByteCount)
        guard let digest = SaltedDigest.digest(of: password, salt: salt, algorithm: .sha512) else {
            openSSLBroken("a digest")
        }
        return "{SSHA512}" + digest.withBytes { Base64.encode(Array($0) + salt, .padded) }
    }
}
