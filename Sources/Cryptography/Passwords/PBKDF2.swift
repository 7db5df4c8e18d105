internal import AuthDomain
internal import COpenSSL

/// PBKDF2 with HMAC-SHA-256 (RFC 8018 §5.2).
enum PBKDF2 {
    /// Derives a hash.
    static func hash(_ password: SecretBytes, salt: [UInt8], iterations: UInt32, count: Int) -> SecretBytes {
        let hash = SecretBytes.filled(count: count) { output in
            password.withBytes { bytes in
                // The length is given, so that the empty password may be a null pointer and a NUL is a byte like any.
                PKCS5_PBKDF2_HMAC(
                    bytes.assumingMemoryBound(to: CChar.self).baseAddress, Int32(bytes.count), salt,
                    Int32(salt.count), Int32(iterations), EVP_sha256(), Int32(count), output) == 1
            }
        }
        guard let hash else { openSSLBroken("PBKDF2") }
        return hash
    }
}
