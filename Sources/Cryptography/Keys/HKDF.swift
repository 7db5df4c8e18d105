package import AuthDomain
internal import COpenSSL

/// Key derivation with HMAC-SHA-256 (RFC 5869).
package enum HKDF {
    /// Derives a key.
    /// - Parameters:
    ///   - key: The input keying material.
    ///   - salt: May be empty, as for the uniformly random keys of the ring.
    ///   - info: What the derived key is for.
    ///   - count: Bytes wanted, 1…8160.
    package static func derive(
        from key: SecretBytes, salt: [UInt8] = [], info: [UInt8], count: Int = 32
    ) -> SecretBytes {
        precondition((1...8160).contains(count), "HKDF-SHA-256 gives 1…8160 bytes")
        let derived = SecretBytes.filled(count: count) { output in
            key.withPointer { bytes, byteCount in
                openssl_hkdf_sha256(
                    bytes, byteCount, salt, salt.count, info, info.count, output, count) == 1
            }
        }
        guard let derived else { openSSLBroken("HKDF-SHA-256") }
        return derived
    }
}
