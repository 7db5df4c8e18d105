internal import AuthDomain
internal import COpenSSL

/// An HMAC whose algorithm, and maybe whose key, is set up once and then duplicated for each message.
///
/// Duplicating a context takes half the time of looking the algorithm up by its name.
struct HMACTemplate: Sendable {
    private let context: SharedObject

    /// Sets an algorithm up.
    /// - Parameter key: The key for all messages; nil when each message brings its own.
    init(_ algorithm: HashAlgorithm, key: SecretBytes? = nil) {
        let name =
            switch algorithm {
            case .sha1: "SHA1"
            case .sha256: "SHA256"
            case .sha512: "SHA512"
            }
        guard let made = openssl_make_hmac_context(name) else { openSSLBroken("HMAC") }
        if let key {
            let status = key.withPointer { EVP_MAC_init(made, $0, $1, nil) }
            guard status == 1 else { openSSLBroken("HMAC") }
        }
        context = SharedObject(made) { EVP_MAC_CTX_free($0) }
    }

    /// Appends the HMAC of a message, at most 64 bytes, to `output`.
    /// - Parameter key: The key, for a template made without one.
    func append(to output: inout [UInt8], message: [UInt8], key: SecretBytes? = nil) {
        guard let copy = context.lend({ EVP_MAC_CTX_dup($0) }) else { openSSLBroken("HMAC") }
        defer { EVP_MAC_CTX_free(copy) }
        if let key {
            let status = key.withPointer { EVP_MAC_init(copy, $0, $1, nil) }
            guard status == 1 else { openSSLBroken("HMAC") }
        }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Int(EVP_MAX_MD_SIZE)) { buffer in
            var count = 0
            let isDone =
                EVP_MAC_update(copy, message, message.count) == 1
                && EVP_MAC_final(copy, buffer.baseAddress, &count, buffer.count) == 1
            guard isDone else { openSSLBroken("HMAC") }
            output.append(contentsOf: buffer[..<count])
        }
    }
}
