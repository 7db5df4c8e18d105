package import AuthDomain
internal import AuthService

/// HMAC for one-time codes through OpenSSL's EVP (R-TOTP-1, R-TOTP-4).
package struct OpenSSLOneTimeCodeMAC: OneTimeCodeMAC {
    private let sha1 = HMACTemplate(.sha1)
    private let sha256 = HMACTemplate(.sha256)
    private let sha512 = HMACTemplate(.sha512)

    /// Looks the algorithms up.
    package init() {}

    /// The HMAC of a message.
    package func mac(_ algorithm: HashAlgorithm, key: SecretBytes, message: [UInt8]) -> [UInt8] {
        let template =
            switch algorithm {
            case .sha1: sha1
            case .sha256: sha256
            case .sha512: sha512
            }
        var mac: [UInt8] = []
        mac.reserveCapacity(64)
        template.append(to: &mac, message: message, key: key)
        return mac
    }
}
