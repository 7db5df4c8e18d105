internal import AuthDomain
package import AuthService
internal import COpenSSL

/// A private key on P-256 and its public point.
struct ES256Key: Sendable {
    /// The coordinates of the public point in base64url, 32 bytes each.
    let x: String
    let y: String
    private let key: SharedObject

    /// Makes a fresh key.
    static func random() -> ES256Key {
        guard let made = openssl_make_p256_key(), let key = ES256Key(owning: made) else { openSSLBroken("P-256") }
        return key
    }

    /// Reads a key in PKCS #8 DER (RFC 5958); nil when it is none on P-256.
    init?(pkcs8: SecretBytes) {
        let parsed = pkcs8.withPointer { bytes, count in
            var cursor: UnsafePointer<UInt8>? = bytes
            return d2i_AutoPrivateKey(nil, &cursor, count)
        }
        ERR_clear_error()
        guard let parsed else { return nil }
        self.init(owning: parsed)
    }

    private init?(owning pointer: OpaquePointer) {
        let key = SharedObject(pointer) { EVP_PKEY_free($0) }
        // The uncompressed point: 4, x, y (SEC 1 §2.3.3).
        var point = [UInt8](repeating: 0, count: 133)
        var count = 0
        var group = [CChar](repeating: 0, count: 32)
        let isRead = key.lend { key in
            EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, &point, point.count, &count) == 1
                && EVP_PKEY_get_group_name(key, &group, group.count, nil) == 1
        }
        ERR_clear_error()
        let name = group.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        guard isRead, name == Array(SN_X9_62_prime256v1.utf8), count == 65, point[0] == 4 else { return nil }
        self.key = key
        x = Base64.encode(point[1..<33], .urlSafe)
        y = Base64.encode(point[33..<65], .urlSafe)
    }

    /// The key in PKCS #8 DER.
    func pkcs8() -> SecretBytes {
        key.lend { key in
            guard let info = EVP_PKEY2PKCS8(key) else { openSSLBroken("PKCS #8") }
            defer { PKCS8_PRIV_KEY_INFO_free(info) }
            let count = i2d_PKCS8_PRIV_KEY_INFO(info, nil)
            let bytes = SecretBytes.filled(count: Int(max(count, 0))) { output in
                var cursor: UnsafeMutablePointer<UInt8>? = output
                return i2d_PKCS8_PRIV_KEY_INFO(info, &cursor) == count && count > 0
            }
            guard let bytes else { openSSLBroken("PKCS #8") }
            return bytes
        }
    }

    /// The `kid`: the SHA-256 thumbprint of the public key's required members in their order (RFC 7638).
    var thumbprint: String { Self.thumbprint(x: x, y: y) }

    /// The thumbprint of a public key given by its coordinates in base64url.
    static func thumbprint(x: String, y: String) -> String {
        let members = Array("{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"\(x)\",\"y\":\"\(y)\"}".utf8)
        var digest = [UInt8](repeating: 0, count: 32)
        guard EVP_Digest(members, members.count, &digest, nil, EVP_sha256(), nil) == 1 else {
            openSSLBroken("SHA-256")
        }
        return Base64.encode(digest, .urlSafe)
    }

    /// ECDSA over SHA-256 of a message, as r and s of 32 bytes each (RFC 7518 §3.4); nil when OpenSSL fails.
    func sign(_ message: [UInt8]) -> [UInt8]? {
        guard let context = EVP_MD_CTX_new() else { return nil }
        defer { EVP_MD_CTX_free(context) }
        var der = [UInt8](repeating: 0, count: 80)
        var count = der.count
        let isSigned = key.lend { key in
            EVP_DigestSignInit(context, nil, EVP_sha256(), nil, key) == 1
                && EVP_DigestSign(context, &der, &count, message, message.count) == 1
        }
        ERR_clear_error()
        guard isSigned else { return nil }
        return Self.rawSignature(der: der, count: count)
    }

    /// Whether r and s of 32 bytes each sign a message.
    func verify(_ signature: [UInt8], message: [UInt8]) -> Bool {
        guard signature.count == 64, let pair = ECDSA_SIG_new() else { return false }
        defer { ECDSA_SIG_free(pair) }
        let r = BN_bin2bn(signature, 32, nil)
        let s = Array(signature[32...]).withUnsafeBufferPointer { BN_bin2bn($0.baseAddress, 32, nil) }
        guard ECDSA_SIG_set0(pair, r, s) == 1 else { return false }
        var der = [UInt8](repeating: 0, count: 80)
        let count = der.withUnsafeMutableBufferPointer { buffer in
            var cursor = buffer.baseAddress
            return i2d_ECDSA_SIG(pair, &cursor)
        }
        guard count > 0, let context = EVP_MD_CTX_new() else { return false }
        defer { EVP_MD_CTX_free(context) }
        let isRight = key.lend { key in
            EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, key) == 1
                && EVP_DigestVerify(context, der, Int(count), message, message.count) == 1
        }
        ERR_clear_error()
        return isRight
    }

    private static func rawSignature(der: [UInt8], count: Int) -> [UInt8]? {
        let pair = der.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            return d2i_ECDSA_SIG(nil, &cursor, count)
        }
        guard let pair else { return nil }
        defer { ECDSA_SIG_free(pair) }
        var raw = [UInt8](repeating: 0, count: 64)
        let isWhole = raw.withUnsafeMutableBufferPointer { buffer -> Bool in
            guard let base = buffer.baseAddress else { return false }
            return BN_bn2binpad(ECDSA_SIG_get0_r(pair), base, 32) == 32
                && BN_bn2binpad(ECDSA_SIG_get0_s(pair), base + 32, 32) == 32
        }
        return isWhole ? raw : nil
    }
}

/// Makes keys for ES256, in PKCS #8.
package struct ES256KeyMaker: SigningKeyMaker {
    /// Makes a maker.
    package init() {}

    /// A fresh key.
    package func makeKey() -> NewSigningKey {
        let key = ES256Key.random()
        return NewSigningKey(id: key.thumbprint, secret: key.pkcs8())
    }
}
