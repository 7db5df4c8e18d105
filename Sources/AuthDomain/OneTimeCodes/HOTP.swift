/// The hash under the MAC of a one-time code.
package enum HashAlgorithm: String, CaseIterable, Sendable {
    case sha1 = "SHA1"
    case sha256 = "SHA256"
    case sha512 = "SHA512"

    /// The length of the MAC in bytes, which is also the length of key to draw (RFC 6238 §5.1).
    package var outputByteCount: Int {
        switch self {
        case .sha1: 20
        case .sha256: 32
        case .sha512: 64
        }
    }
}

/// Codes from a counter (RFC 4226); the MAC is lent by the caller, so that no cryptography lives here.
package enum HOTP {
    /// The shortest key that RFC 4226 §4 allows, in bytes.
    package static let shortestKey = 16
    /// The longest key taken, in bytes: one block of SHA-512.
    package static let longestKey = 128

    /// The code of a counter.
    /// - Parameters:
    ///   - secret: The shared secret K.
    ///   - counter: The moving factor C.
    ///   - mac: HMAC with the given hash over the given message.
    /// - Throws: Only what `mac` throws.
    package static func code<Failure: Error>(
        secret: SecretBytes, counter: UInt64, algorithm: HashAlgorithm, digits: OTPDigits,
        mac: (HashAlgorithm, SecretBytes, [UInt8]) throws(Failure) -> [UInt8]
    ) throws(Failure) -> OTPCode {
        let message = (0..<8).map { UInt8(truncatingIfNeeded: counter >> UInt64(56 - 8 * $0)) }
        return OTPCode(truncated: truncate(try mac(algorithm, secret, message)), digits: digits)
    }

    /// Picks 31 bits out of a MAC (RFC 4226 §5.3, steps 1 and 2).
    /// - Parameter mac: At least 20 bytes, as every `HashAlgorithm` gives.
    package static func truncate(_ mac: [UInt8]) -> UInt32 {
        precondition(mac.count >= HashAlgorithm.sha1.outputByteCount, "a MAC is at least 20 bytes long")
        let offset = Int(mac[mac.count - 1] & 0x0F)
        return mac[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
    }
}
