internal import COpenSSL

/// SHA-256 of content that comes in pieces, such as a file.
package final class ContentDigest {
    private let context: OpaquePointer

    /// Begins.
    package init() {
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex2(context, EVP_sha256(), nil) == 1 else {
            openSSLBroken("a digest")
        }
        self.context = context
    }

    deinit {
        EVP_MD_CTX_free(context)
    }

    /// Takes the next piece.
    package func update(_ bytes: ArraySlice<UInt8>) {
        let isTaken = bytes.withUnsafeBytes { EVP_DigestUpdate(context, $0.baseAddress, $0.count) == 1 }
        if !isTaken { openSSLBroken("a digest") }
    }

    /// The digest of everything taken; nothing may be added afterwards.
    package func finish() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        if EVP_DigestFinal_ex(context, &digest, nil) != 1 { openSSLBroken("a digest") }
        return digest
    }
}
