package import AuthDomain
internal import COpenSSL

/// Why a certificate cannot be sealed to.
package enum CertificateError: Error, Hashable, Sendable, CustomStringConvertible {
    /// No certificate in PEM.
    case malformed
    /// Not valid yet, or no longer.
    case expired
    /// An RSA key under 2,048 bits, or a key that cannot receive.
    case unfitKey

    /// What is wrong, for the operator.
    package var description: String {
        switch self {
        case .malformed: "no certificate in PEM"
        case .expired: "the certificate is not valid now"
        case .unfitKey: "the certificate's key cannot receive: RSA of 2,048 bits or more, or an elliptic curve"
        }
    }
}

/// Seals secrets to an operator's certificate as CMS enveloped data (RFC 5652): `openssl cms -decrypt` opens them.
///
/// AES-256-GCM under a fresh key (RFC 5084), which for RSA is wrapped with OAEP; the process cannot open what it sealed.
package struct CMSEnvelope: Sendable {
    private static let leastRSABits: Int32 = 2_048
    private let certificate: SharedObject

    /// Reads the first certificate of a PEM text.
    /// - Throws: `CertificateError` by case.
    package init(certificatePEM pem: [UInt8]) throws(CertificateError) {
        defer { ERR_clear_error() }
        guard let parsed = Self.read(pem) else { throw .malformed }
        let certificate = SharedObject(parsed) { X509_free($0) }
        try certificate.lendThrowing { pointer throws(CertificateError) in
            guard X509_cmp_current_time(X509_get0_notBefore(pointer)) < 0,
                X509_cmp_current_time(X509_get0_notAfter(pointer)) > 0
            else { throw .expired }
            guard let key = X509_get0_pubkey(pointer) else { throw .unfitKey }
            switch EVP_PKEY_get_base_id(key) {
            case EVP_PKEY_RSA: guard EVP_PKEY_get_bits(key) >= Self.leastRSABits else { throw .unfitKey }
            case EVP_PKEY_EC: break
            default: throw .unfitKey
            }
        }
        self.certificate = certificate
    }

    /// OpenSSL reads from where the text lies, so the text is held for as long as it does.
    private static func read(_ pem: [UInt8]) -> OpaquePointer? {
        pem.withUnsafeBytes { text in
            guard text.count > 0, let source = BIO_new_mem_buf(text.baseAddress, Int32(clamping: text.count)) else {
                return nil
            }
            defer { BIO_free(source) }
            return PEM_read_bio_X509(source, nil, nil, nil)
        }
    }

    /// The sealed content in PEM, `BEGIN CMS`.
    package func seal(_ content: SecretBytes) -> [UInt8] {
        defer { ERR_clear_error() }
        let sealed = certificate.lend { certificate in
            content.withPointer { bytes, count -> [UInt8]? in
                guard let input = BIO_new_mem_buf(bytes, Int32(clamping: count)) else { return nil }
                defer { BIO_free(input) }
                let flags = UInt32(CMS_PARTIAL | CMS_BINARY)
                guard let message = CMS_encrypt(nil, input, EVP_aes_256_gcm(), flags) else { return nil }
                defer { CMS_ContentInfo_free(message) }
                guard
                    let recipient = CMS_add1_recipient_cert(message, certificate, UInt32(CMS_KEY_PARAM)),
                    Self.prepare(recipient, certificate), CMS_final(message, input, nil, UInt32(CMS_BINARY)) == 1
                else { return nil }
                return Self.pem(message)
            }
        }
        // The certificate was judged and the content is bounded, so only memory can be missing.
        guard let sealed else { openSSLBroken("an envelope") }
        return sealed
    }

    /// RSA wraps with OAEP instead of the padding of PKCS #1 v1.5.
    private static func prepare(_ recipient: OpaquePointer, _ certificate: OpaquePointer) -> Bool {
        guard let key = X509_get0_pubkey(certificate), EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA else { return true }
        guard let context = CMS_RecipientInfo_get0_pkey_ctx(recipient) else { return false }
        return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) == 1
            && EVP_PKEY_CTX_set_rsa_oaep_md(context, EVP_sha256()) == 1
    }

    private static func pem(_ message: OpaquePointer) -> [UInt8]? {
        guard let output = BIO_new(BIO_s_mem()) else { return nil }
        defer { BIO_free(output) }
        guard PEM_write_bio_CMS(output, message) == 1 else { return nil }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = BIO_read(output, &buffer, Int32(buffer.count))
            guard count > 0 else { return bytes }
            bytes += buffer[..<Int(count)]
        }
    }
}

extension SharedObject {
    /// Lends the object to a body that may refuse it.
    fileprivate func lendThrowing(
        _ body: (OpaquePointer) throws(CertificateError) -> Void
    ) throws(CertificateError) {
        var refusal: CertificateError?
        lend { pointer in
            do throws(CertificateError) { try body(pointer) } catch { refusal = error }
        }
        if let refusal { throw refusal }
    }
}
