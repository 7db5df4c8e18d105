internal import AuthDomain

/// What one hashing thread works with: the memory for hashes at the cost in force and crypt's scratch space.
struct HashingBench: ~Copyable {
    private let cost: PasswordCost
    private let arena: MemoryArena
    private let crypt = CryptFunction()
    // Hashed with where a record's own scheme costs too little.
    private let ballastSalt = [UInt8](repeating: 0, count: PasswordCost.saltByteCount)

    /// Reserves the memory.
    init(cost: PasswordCost) throws(OutOfMemory) {
        self.cost = cost
        let byteCount =
            switch cost {
            case .argon2id(let memoryKiB, let passes, let lanes):
                Argon2id(memoryKiB: memoryKiB, passes: passes, lanes: lanes).arenaByteCount
            case .pbkdf2SHA256: 64
            }
        arena = try MemoryArena(byteCount: byteCount)
    }

    /// A hash at the cost in force.
    borrowing func hash(_ password: SecretBytes, salt: [UInt8]) throws(OutOfMemory) -> SecretBytes {
        switch cost {
        case .argon2id(let memoryKiB, let passes, let lanes):
            try Argon2id(memoryKiB: memoryKiB, passes: passes, lanes: lanes)
                .hash(password, salt: salt, count: PasswordCost.hashByteCount, in: arena)
        case .pbkdf2SHA256(let iterations):
            PBKDF2.hash(password, salt: salt, iterations: iterations, count: PasswordCost.hashByteCount)
        }
    }

    /// Whether a password fits a record.
    borrowing func verify(_ password: SecretBytes, _ record: HashRecord) throws(OutOfMemory) -> Bool {
        if Self.isFast(record) { try spendHash(on: password) }
        switch record {
        case .argon2id(let parts):
            return try argon2(password, parts) == parts.hash
        case .pbkdf2SHA256(let parts):
            let hash = PBKDF2.hash(
                password, salt: parts.salt, iterations: parts.iterations, count: parts.hash.count)
            return hash == parts.hash
        case .ssha(let parts):
            return SaltedDigest.verify(password, parts, algorithm: .sha1)
        case .ssha512(let parts):
            return SaltedDigest.verify(password, parts, algorithm: .sha512)
        case .sha512Crypt(let parts), .bcrypt(let parts):
            return crypt.verify(password, parts.text)
        }
    }

    /// Memory beyond the arena is borrowed for the one computation: an odd imported record does not grow the process.
    private borrowing func argon2(
        _ password: SecretBytes, _ parts: HashRecord.Argon2
    ) throws(OutOfMemory) -> SecretBytes {
        let function = Argon2id(memoryKiB: parts.memoryKiB, passes: parts.passes, lanes: parts.lanes)
        if function.arenaByteCount <= arena.byteCount {
            return try function.hash(password, salt: parts.salt, count: parts.hash.count, in: arena)
        }
        let larger = try MemoryArena(byteCount: function.arenaByteCount)
        return try function.hash(password, salt: parts.salt, count: parts.hash.count, in: larger)
    }

    /// Spends a hash at the cost in force, so that an account with a fast imported record does not answer sooner than
    /// an unknown address.
    private borrowing func spendHash(on password: SecretBytes) throws(OutOfMemory) {
        _ = try hash(password, salt: ballastSalt)
    }

    /// Whether a record takes well under the time of a hash at the standard cost (measured: 16 ms; 10,000 rounds of
    /// SHA-512 crypt take 2 ms, bcrypt takes 5 ms with the exponent 7 and 15 ms with 8).
    private static func isFast(_ record: HashRecord) -> Bool {
        switch record {
        case .ssha, .ssha512: true
        case .sha512Crypt(let parts): parts.cost <= 50_000
        case .bcrypt(let parts): parts.cost <= 7
        case .argon2id, .pbkdf2SHA256: false
        }
    }
}
