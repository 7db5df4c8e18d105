internal import AuthDomain

/// How new password records are made (T-16); records of other schemes and costs still verify.
package enum PasswordCost: Hashable, Sendable {
    /// Argon2id (RFC 9106).
    ///
    /// - memoryKiB: 8 KiB a lane … 256 MiB; each hashing thread holds that much.
    /// - passes: 1…10.
    /// - lanes: 1…4, worked through by one thread.
    case argon2id(memoryKiB: UInt32, passes: UInt32, lanes: UInt32)
    /// PBKDF2 with HMAC-SHA-256, 1,000…2,000,000 rounds, for sites bound to the wording "SHA-256".
    case pbkdf2SHA256(iterations: UInt32)

    /// Argon2id with 19 MiB and two passes.
    package static let standard = PasswordCost.argon2id(memoryKiB: 19_456, passes: 2, lanes: 1)
    /// PBKDF2 with 600,000 rounds.
    package static let standardPBKDF2 = PasswordCost.pbkdf2SHA256(iterations: 600_000)

    /// The length of new salts in bytes.
    static let saltByteCount = 16
    /// The length of new hashes in bytes.
    static let hashByteCount = 32

    /// Whether the values are inside the bounds that stored records are held to.
    package var isInBounds: Bool {
        switch self {
        case .argon2id(let memoryKiB, let passes, let lanes):
            (1...4).contains(lanes) && (8 * lanes...262_144).contains(memoryKiB) && (1...10).contains(passes)
        case .pbkdf2SHA256(let iterations): (1000...2_000_000).contains(iterations)
        }
    }

    /// The record of a salt and a hash.
    func record(salt: [UInt8], hash: some Collection<UInt8>) -> String {
        let salt = Base64.encode(salt, .unpadded)
        let hash = Base64.encode(hash, .unpadded)
        return switch self {
        case .argon2id(let memoryKiB, let passes, let lanes):
            "$argon2id$v=19$m=\(memoryKiB),t=\(passes),p=\(lanes)$\(salt)$\(hash)"
        case .pbkdf2SHA256(let iterations): "$pbkdf2-sha256$i=\(iterations)$\(salt)$\(hash)"
        }
    }

    /// Whether a record was made with this scheme, cost, and lengths no shorter than those of new records.
    func isCost(of record: HashRecord) -> Bool {
        switch (self, record) {
        case (.argon2id(let memoryKiB, let passes, let lanes), .argon2id(let parts)):
            parts.memoryKiB == memoryKiB && parts.passes == passes && parts.lanes == lanes
                && parts.salt.count >= Self.saltByteCount && parts.hash.count >= Self.hashByteCount
        case (.pbkdf2SHA256(let iterations), .pbkdf2SHA256(let parts)):
            parts.iterations == iterations && parts.salt.count >= Self.saltByteCount
        case (.argon2id, _), (.pbkdf2SHA256, _): false
        }
    }
}
