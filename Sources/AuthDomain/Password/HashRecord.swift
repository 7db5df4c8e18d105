/// Why a stored or imported password record is refused; tells nothing of its content.
package enum HashRecordError: Error, Hashable, Sendable {
    /// More than `HashRecord.byteLimit` bytes.
    case tooLong
    /// No scheme that the service verifies.
    case unknownScheme
    /// Not written as its scheme demands.
    case malformed
    /// A cost, salt or hash length outside the bounds; names the parameter.
    case outOfBounds(String)
}

/// A password hash with everything that its verification takes.
///
/// Costs are bounded, so that a forged or careless record cannot stall the service.
package enum HashRecord: Sendable {
    /// Argon2id, the service's own (RFC 9106).
    case argon2id(Argon2)
    /// PBKDF2 with HMAC-SHA-256, for sites bound to the wording "SHA-256" (T-16).
    case pbkdf2SHA256(PBKDF2)
    /// Salted SHA-1 of directories; imported only.
    case ssha(SaltedDigest)
    /// Salted SHA-512 of directories; imported only.
    case ssha512(SaltedDigest)
    /// The crypt method `$6$`; imported only.
    case sha512Crypt(CryptString)
    /// The crypt method `$2a$`, `$2b$` or `$2y$`; imported only.
    case bcrypt(CryptString)

    /// The longest record looked at, in bytes.
    package static let byteLimit = 512

    /// The parts of an Argon2id record, version 0x13.
    package struct Argon2: Sendable {
        /// Memory in KiB, 8…262,144 and at least eight a lane.
        package let memoryKiB: UInt32
        /// Passes over the memory, 1…10.
        package let passes: UInt32
        /// Lanes, 1…4.
        package let lanes: UInt32
        /// The salt, 8…64 bytes.
        package let salt: [UInt8]
        /// The hash, 16…64 bytes.
        package let hash: SecretBytes
        /// The record without a scheme in braces, as the library takes it.
        package let text: SecretBytes
    }

    /// The parts of a PBKDF2 record.
    package struct PBKDF2: Sendable {
        /// Rounds, 1,000…2,000,000.
        package let iterations: UInt32
        /// The salt, 8…64 bytes.
        package let salt: [UInt8]
        /// The hash, 32 bytes.
        package let hash: SecretBytes
    }

    /// A digest over password and salt.
    package struct SaltedDigest: Sendable {
        /// The salt, 1…64 bytes.
        package let salt: [UInt8]
        /// The digest.
        package let digest: SecretBytes
    }

    /// A record that the system's crypt function takes as it is.
    package struct CryptString: Sendable {
        /// The rounds, or for bcrypt the exponent.
        package let cost: Int
        /// The record without a scheme in braces.
        package let text: SecretBytes
    }

    /// The scheme's name, for logs and metrics.
    package var scheme: String {
        switch self {
        case .argon2id: "argon2id"
        case .pbkdf2SHA256: "pbkdf2-sha256"
        case .ssha: "ssha"
        case .ssha512: "ssha512"
        case .sha512Crypt: "sha512-crypt"
        case .bcrypt: "bcrypt"
        }
    }
}

extension HashRecord: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The scheme alone.
    package var description: String { "\(scheme):***" }

    /// The scheme alone.
    package var debugDescription: String { description }

    /// No children: a dump shows nothing.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
