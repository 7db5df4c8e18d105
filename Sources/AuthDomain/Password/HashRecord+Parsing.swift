extension HashRecord {
    /// Reads a record as this service stores it or as a mail server's user database writes it.
    ///
    /// Known are `{ARGON2ID}`, `{PBKDF2-SHA256}`, `{SSHA}`, `{SSHA512}`, `{SHA512-CRYPT}` and `{BLF-CRYPT}`; records that
    /// start with `$argon2id$`, `$pbkdf2-sha256$`, `$6$` or `$2a$`, `$2b$`, `$2y$` need no scheme in braces.
    /// - Throws: `HashRecordError` by case.
    package init(parsing record: String) throws(HashRecordError) {
        guard record.utf8.count <= Self.byteLimit else { throw .tooLong }
        guard record.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw .malformed }
        guard record.hasPrefix("{") else {
            try self.init(modular: record)
            return
        }
        guard let end = record.firstIndex(of: "}") else { throw .malformed }
        let body = String(record[record.index(after: end)...])
        switch record[record.index(after: record.startIndex)..<end].uppercased() {
        case "SSHA": self = .ssha(try Self.saltedDigest(body, digestByteCount: 20))
        case "SSHA512": self = .ssha512(try Self.saltedDigest(body, digestByteCount: 64))
        case "ARGON2ID": self = .argon2id(try Self.argon2(body))
        case "PBKDF2-SHA256": self = .pbkdf2SHA256(try Self.pbkdf2(body))
        case "SHA512-CRYPT": self = .sha512Crypt(try Self.sha512Crypt(body))
        case "BLF-CRYPT": self = .bcrypt(try Self.bcrypt(body))
        default: throw .unknownScheme
        }
    }

    private init(modular record: String) throws(HashRecordError) {
        if record.hasPrefix("$argon2id$") {
            self = .argon2id(try Self.argon2(record))
        } else if record.hasPrefix("$pbkdf2-sha256$") {
            self = .pbkdf2SHA256(try Self.pbkdf2(record))
        } else if record.hasPrefix("$6$") {
            self = .sha512Crypt(try Self.sha512Crypt(record))
        } else if record.hasPrefix("$2") {
            self = .bcrypt(try Self.bcrypt(record))
        } else {
            throw .unknownScheme
        }
    }

    /// Reads `$argon2id$v=19$m=65536,t=3,p=1$salt$hash`.
    private static func argon2(_ record: String) throws(HashRecordError) -> Argon2 {
        let fields = fields(record)
        guard fields.count == 6, fields[0].isEmpty, fields[1] == "argon2id", fields[2] == "v=19" else {
            throw .malformed
        }
        let costs = fields[3].split(separator: ",", omittingEmptySubsequences: false)
        guard costs.count == 3 else { throw .malformed }
        let lanes = try cost(costs[2], "p", 1...4)
        let memory = try cost(costs[0], "m", 8 * lanes...262_144)
        return Argon2(
            memoryKiB: memory, passes: try cost(costs[1], "t", 1...10), lanes: lanes,
            salt: try bytes(fields[4], "salt", 8...64), hash: SecretBytes(try bytes(fields[5], "hash", 16...64)),
            text: SecretBytes(Array(record.utf8)))
    }

    /// Reads `$pbkdf2-sha256$i=600000$salt$hash`, the length `,l=32` behind the rounds being optional.
    private static func pbkdf2(_ record: String) throws(HashRecordError) -> PBKDF2 {
        let fields = fields(record)
        guard fields.count == 5, fields[0].isEmpty, fields[1] == "pbkdf2-sha256" else { throw .malformed }
        let costs = fields[2].split(separator: ",", omittingEmptySubsequences: false)
        guard costs.count == 1 || costs.count == 2 && costs[1] == "l=32" else { throw .malformed }
        return PBKDF2(
            iterations: try cost(costs[0], "i", 1000...2_000_000), salt: try bytes(fields[3], "salt", 8...64),
            hash: SecretBytes(try bytes(fields[4], "hash", 32...32)))
    }

    /// Reads base 64, with padding, of the digest and the salt behind it.
    private static func saltedDigest(
        _ body: String, digestByteCount: Int
    ) throws(HashRecordError) -> SaltedDigest {
        guard let bytes = Base64.decode(body.utf8, .padded) else { throw .malformed }
        guard (1...64).contains(bytes.count - digestByteCount) else { throw .outOfBounds("salt") }
        return SaltedDigest(
            salt: Array(bytes[digestByteCount...]), digest: SecretBytes(bytes[..<digestByteCount]))
    }

    /// Reads `$6$rounds=5000$salt$hash`, the rounds being optional.
    private static func sha512Crypt(_ record: String) throws(HashRecordError) -> CryptString {
        var fields = fields(record)
        guard fields.count == 4 || fields.count == 5, fields[0].isEmpty, fields[1] == "6" else { throw .malformed }
        var rounds: UInt32 = 5000
        if fields.count == 5 { rounds = try cost(fields.remove(at: 2), "rounds", 1000...1_000_000) }
        guard isCryptText(fields[2]), isCryptText(fields[3]), fields[3].utf8.count == 86 else { throw .malformed }
        guard (1...16).contains(fields[2].utf8.count) else { throw .outOfBounds("salt") }
        return CryptString(cost: Int(rounds), text: SecretBytes(Array(record.utf8)))
    }

    /// Reads `$2b$12$` and 53 characters of salt and hash.
    private static func bcrypt(_ record: String) throws(HashRecordError) -> CryptString {
        let fields = fields(record)
        guard fields.count == 4, fields[0].isEmpty, ["2a", "2b", "2y"].contains(fields[1]) else { throw .malformed }
        guard fields[2].utf8.count == 2, let exponent = number(fields[2], leadingZeros: true) else { throw .malformed }
        guard (4...14).contains(exponent) else { throw .outOfBounds("cost") }
        guard fields[3].utf8.count == 53, isCryptText(fields[3]) else { throw .malformed }
        return CryptString(cost: Int(exponent), text: SecretBytes(Array(record.utf8)))
    }

    private static func fields(_ record: String) -> [Substring] {
        record.split(separator: "$", omittingEmptySubsequences: false)
    }

    /// The value of `name=number`, held to its bounds.
    private static func cost(
        _ field: Substring, _ name: String, _ bounds: ClosedRange<UInt32>
    ) throws(HashRecordError) -> UInt32 {
        guard field.hasPrefix(name + "="), let value = number(field.dropFirst(name.count + 1), leadingZeros: false)
        else {
            throw .malformed
        }
        guard bounds.contains(value) else { throw .outOfBounds(name) }
        return value
    }

    private static func number(_ text: Substring, leadingZeros: Bool) -> UInt32? {
        guard (1...9).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        guard leadingZeros || text == "0" || !text.hasPrefix("0") else { return nil }
        return UInt32(text)
    }

    private static func bytes(
        _ field: Substring, _ name: String, _ bounds: ClosedRange<Int>
    ) throws(HashRecordError) -> [UInt8] {
        guard let bytes = Base64.decode(field.utf8, .unpadded) else { throw .malformed }
        guard bounds.contains(bytes.count) else { throw .outOfBounds(name) }
        return bytes
    }

    private static func isCryptText(_ text: Substring) -> Bool {
        text.utf8.allSatisfy { byte in
            switch byte {
            case 0x2E...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: false
            }
        }
    }
}
