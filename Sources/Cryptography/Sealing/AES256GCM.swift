internal import AuthDomain
internal import COpenSSL

/// AES-256-GCM (NIST SP 800-38D) with a nonce of 12 and a tag of 16 bytes.
struct AES256GCM: Sendable {
    static let nonceByteCount = 12
    static let tagByteCount = 16

    private let cipher: SharedObject

    /// Looks the cipher up.
    init() {
        guard let fetched = EVP_CIPHER_fetch(nil, "AES-256-GCM", nil) else { openSSLBroken("AES-256-GCM") }
        cipher = SharedObject(fetched) { EVP_CIPHER_free($0) }
    }

    /// Appends ciphertext and tag to `output`.
    /// - Parameter nonce: Must never repeat under one key.
    func seal(
        _ secret: SecretBytes, key: SecretBytes, nonce: [UInt8], authenticating associated: [UInt8],
        into output: inout [UInt8]
    ) {
        guard let context = EVP_CIPHER_CTX_new() else { openSSLBroken("AES-256-GCM") }
        // Freeing the context also wipes it.
        defer { EVP_CIPHER_CTX_free(context) }
        let start = output.count
        output.append(contentsOf: repeatElement(0, count: secret.count + Self.tagByteCount))
        let isSealed = output.withUnsafeMutableBufferPointer { buffer -> Bool in
            guard let base = buffer.baseAddress?.advanced(by: start) else { return false }
            var count: Int32 = 0
            let isReady = cipher.lend { cipher in
                key.withPointer { bytes, _ in EVP_EncryptInit_ex2(context, cipher, bytes, nonce, nil) == 1 }
            }
            return isReady
                && EVP_EncryptUpdate(context, nil, &count, associated, Int32(associated.count)) == 1
                && secret.withPointer { EVP_EncryptUpdate(context, base, &count, $0, Int32($1)) == 1 }
                && EVP_EncryptFinal_ex(context, base + secret.count, &count) == 1
                && EVP_CIPHER_CTX_ctrl(
                    context, EVP_CTRL_AEAD_GET_TAG, Int32(Self.tagByteCount), base + secret.count) == 1
        }
        guard isSealed else { openSSLBroken("AES-256-GCM") }
    }

    /// The content behind ciphertext and tag; nil when anything differs from what was sealed.
    func open(
        _ sealed: ArraySlice<UInt8>, key: SecretBytes, nonce: [UInt8], authenticating associated: [UInt8]
    ) -> SecretBytes? {
        let count = sealed.count - Self.tagByteCount
        guard count >= 0, let context = EVP_CIPHER_CTX_new() else { return nil }
        defer { EVP_CIPHER_CTX_free(context) }
        var tag = Array(sealed.suffix(Self.tagByteCount))
        return SecretBytes.filled(count: count) { plain in
            sealed.withUnsafeBufferPointer { cipherText -> Bool in
                var written: Int32 = 0
                let isReady = cipher.lend { cipher in
                    key.withPointer { bytes, _ in EVP_DecryptInit_ex2(context, cipher, bytes, nonce, nil) == 1 }
                }
                return isReady
                    && EVP_DecryptUpdate(context, nil, &written, associated, Int32(associated.count)) == 1
                    && EVP_DecryptUpdate(context, plain, &written, cipherText.baseAddress, Int32(count)) == 1
                    && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(Self.tagByteCount), &tag) == 1
                    && EVP_DecryptFinal_ex(context, plain + count, &written) == 1
            }
        }
    }
}
