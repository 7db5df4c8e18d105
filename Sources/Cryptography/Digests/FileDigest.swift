internal import COpenSSL

/// SHA-256 over content that comes in pieces, such as a file too large for memory.
package struct FileDigest: ~Copyable {
    private let context: OpaquePointer

    /// Begins.
    package init() {
        guard let made = EVP_MD_CTX_new(), EVP_DigestInit_ex2(made, EVP_sha256(), nil) == 1 else {
            openSSLBroken("SHA-256")
        }
        context = made
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Adds a piece.
    package func update(_ piece: UnsafeRawBufferPointer) {
        guard EVP_DigestUpdate(context, piece.baseAddress, piece.count) == 1 else { openSSLBroken("SHA-256") }
    }

    /// The digest, 32 bytes.
    package consuming func finish() -> [UInt8] {
        Array(unsafeUninitializedCapacity: 32) { buffer, count in
            guard EVP_DigestFinal_ex(context, buffer.baseAddress, nil) == 1 else { openSSLBroken("SHA-256") }
            count = 32
        }
    }
}
