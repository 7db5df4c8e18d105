internal import AuthDomain
internal import COpenSSL

/// The digest over password and salt of LDAP directories, and of random passwords.
enum SaltedDigest {
    /// Whether a password fits a digest.
    /// - Parameter algorithm: Its output is as long as the record's digest.
    static func verify(
        _ password: SecretBytes, _ record: HashRecord.SaltedDigest, algorithm: HashAlgorithm
    ) -> Bool {
        guard let computed = digest(of: password, salt: record.salt, algorithm: algorithm) else {
            openSSLBroken("a digest")
        }
        return computed == record.digest
    }

    /// The digest over password and salt; nil when OpenSSL fails.
    static func digest(of password: SecretBytes, salt: [UInt8], algorithm: HashAlgorithm) -> SecretBytes? {
        guard let context = EVP_MD_CTX_new() else { openSSLBroken("a digest") }
        defer { EVP_MD_CTX_free(context) }
        let method =
            switch algorithm {
            case .sha1: EVP_sha1()
            case .sha256: EVP_sha256()
            case .sha512: EVP_sha512()
            }
        return SecretBytes.filled(count: algorithm.outputByteCount) { output in
            EVP_DigestInit_ex2(context, method, nil) == 1
                && password.withPointer { EVP_DigestUpdate(context, $0, $1) == 1 }
                && EVP_DigestUpdate(context, salt, salt.count) == 1
                && EVP_DigestFinal_ex(context, output, nil) == 1
        }
    }
}
