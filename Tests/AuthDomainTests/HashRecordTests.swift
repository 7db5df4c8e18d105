import AuthDomain
import Testing

@Suite("Hash records")
struct HashRecordTests {
    static let argon2 = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY"
    static let pbkdf2 = "$pbkdf2-sha256$i=600000$c2FsdHNhbHQ$MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY"
    static let crypt86 = String(repeating: "./Az09", count: 14) + "ab"
    static let bcrypt53 = String(repeating: "./Az09", count: 8) + "abcde"
    static let ssha = "{SSHA}MTIzNDU2Nzg5MDEyMzQ1Njc4OTBzYWx0"
    static let ssha512 =
        "{SSHA512}MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNHNhbHQ="

    @Test(
        "Argon2id records, with and without a scheme",
        arguments: [argon2, "{ARGON2ID}" + argon2, "{argon2id}" + argon2])
    func argon2Record(text: String) throws {
        guard case .argon2id(let record) = try HashRecord(parsing: text) else {
            Issue.record("another scheme")
            return
        }
        #expect(record.memoryKiB == 19456 && record.passes == 2 && record.lanes == 1)
        #expect(
            record.salt == Array("saltsalt".utf8) && record.hash.count == 32
                && record.text == SecretBytes(Array(Self.argon2.utf8)))
    }

    @Test(
        "PBKDF2 records",
        arguments: [pbkdf2, "{PBKDF2-SHA256}" + pbkdf2, pbkdf2.replacing("600000", with: "600000,l=32")])
    func pbkdf2Record(text: String) throws {
        guard case .pbkdf2SHA256(let record) = try HashRecord(parsing: text) else {
            Issue.record("another scheme")
            return
        }
        #expect(record.iterations == 600_000 && record.salt == Array("saltsalt".utf8) && record.hash.count == 32)
    }

    @Test("Salted digests of directories")
    func salted() throws {
        guard case .ssha(let short) = try HashRecord(parsing: Self.ssha),
            case .ssha512(let long) = try HashRecord(parsing: Self.ssha512)
        else {
            Issue.record("another scheme")
            return
        }
        #expect(short.salt == Array("salt".utf8) && short.digest == SecretBytes(Array("12345678901234567890".utf8)))
        #expect(long.salt == Array("salt".utf8) && long.digest.count == 64)
    }

    @Test("Records of the system's crypt function keep their text")
    func crypt() throws {
        for (text, cost) in [("$6$salt$\(Self.crypt86)", 5000), ("$6$rounds=1000000$salt$\(Self.crypt86)", 1_000_000)] {
            guard case .sha512Crypt(let record) = try HashRecord(parsing: "{SHA512-CRYPT}" + text) else {
                Issue.record("another scheme")
                return
            }
            #expect(record.cost == cost && record.text == SecretBytes(Array(text.utf8)))
        }
        for variant in ["2a", "2b", "2y"] {
            guard case .bcrypt(let record) = try HashRecord(parsing: "{BLF-CRYPT}$\(variant)$12$\(Self.bcrypt53)")
            else {
                Issue.record("another scheme")
                return
            }
            #expect(record.cost == 12)
        }
    }

    @Test(
        "Costs that would stall the service are refused",
        arguments: [
            (argon2.replacing("m=19456", with: "m=262145"), "m"), (argon2.replacing("m=19456", with: "m=7"), "m"),
            (argon2.replacing("m=19456,t=2,p=1", with: "m=31,t=2,p=4"), "m"),
            (argon2.replacing("t=2", with: "t=11"), "t"),
            (argon2.replacing("t=2", with: "t=0"), "t"), (argon2.replacing("p=1", with: "p=5"), "p"),
            (argon2.replacing("p=1", with: "p=0"), "p"), (argon2.replacing("c2FsdHNhbHQ", with: "c2FsdA"), "salt"),
            ("$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$MDEyMzQ", "hash"),
            (pbkdf2.replacing("600000", with: "2000001"), "i"),
            (pbkdf2.replacing("600000", with: "999"), "i"), ("$6$rounds=1000001$salt$\(crypt86)", "rounds"),
            ("$6$rounds=999$salt$\(crypt86)", "rounds"), ("$6$12345678901234567$\(crypt86)", "salt"),
            ("$2b$15$\(bcrypt53)", "cost"), ("$2b$03$\(bcrypt53)", "cost"),
            ("{SSHA}MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=", "salt"),
            ("{SSHA}MTIz", "salt"),
        ])
    func outOfBounds(text: String, parameter: String) {
        #expect(throws: HashRecordError.outOfBounds(parameter)) { try HashRecord(parsing: text) }
    }

    @Test(
        "Rubbish is refused",
        arguments: [
            ("", .unknownScheme), ("password", .unknownScheme), ("$1$salt$hash", .unknownScheme),
            ("{MD5}abcd", .unknownScheme),
            ("$argon2i$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA", .unknownScheme), ("{CLEARTEXT}secret", .unknownScheme),
            ("{", .malformed), ("{SSHA", .malformed), ("{SSHA}", .outOfBounds("salt")), ("{SSHA}MTI", .malformed),
            ("{SSHA}!!!!", .malformed), ("{SSHA}MTIzNDU2Nzg5MDEyMzQ1Njc4OTBzYWx1A===", .malformed),
            ("$argon2id$", .malformed), (argon2 + "$", .malformed), (argon2 + "=", .malformed),
            (argon2.replacing("v=19", with: "v=16"), .malformed), (argon2.replacing("m=", with: "x="), .malformed),
            (argon2.replacing("m=19456", with: "m=019456"), .malformed),
            (argon2.replacing("m=19456", with: "m=-1"), .malformed),
            (argon2.replacing("m=19456", with: "m=99999999999999999999"), .malformed),
            (argon2.replacing("t=2,p=1", with: "p=1,t=2"), .malformed),
            (argon2.replacing(",p=1", with: ""), .malformed),
            (argon2.replacing(",p=1", with: ",p=1,keyid=a"), .malformed), ("{SSHA}" + argon2, .malformed),
            (pbkdf2.replacing("i=600000", with: "600000"), .malformed),
            (pbkdf2.replacing("i=600000", with: "i=600000,l=64"), .malformed),
            ("$6$salt$short", .malformed), ("$6$sa:lt$\(crypt86)", .malformed),
            ("$6$rounds=05000$salt$\(crypt86)", .malformed),
            ("$6$rounds=5000$$salt$\(crypt86)", .malformed), ("$2x$12$\(bcrypt53)", .malformed),
            ("$2b$4$\(bcrypt53)", .malformed),
            ("$2b$12$short", .malformed), (argon2 + "\n", .malformed), ("$6$sält$\(crypt86)", .malformed),
            ("$6$\u{0}$\(crypt86)", .malformed), (String(repeating: "$", count: 513), .tooLong),
            (String(repeating: "$", count: 512), .unknownScheme),
        ] as [(String, HashRecordError)])
    func rubbish(text: String, error: HashRecordError) {
        #expect(throws: error) { try HashRecord(parsing: text) }
    }

    @Test(
        "Every cut and every changed byte of a good record is read or refused, never worse",
        arguments: [argon2, pbkdf2, ssha, ssha512])
    func mutations(text: String) {
        let bytes = Array(text.utf8)
        for index in bytes.indices {
            _ = try? HashRecord(parsing: String(decoding: bytes[..<index], as: UTF8.self))
            for byte in [0x00, 0x24, 0x2C, 0x3D, 0x7D, 0xFF] as [UInt8] {
                var changed = bytes
                changed[index] = byte
                _ = try? HashRecord(parsing: String(decoding: changed, as: UTF8.self))
            }
        }
    }

    @Test(
        "Records as other programs write them are read",
        arguments: [
            (
                "$argon2id$v=19$m=16384,t=2,p=1$c2FsdHNhbHRzYWx0$NCeAtlgbxyOrFfJS+hlIqLEAT2ae/2j3VTUQ1vKeUVM",
                "argon2id"
            ),
            (
                "{SHA512-CRYPT}$6$abcdefgh$MciTZ9kpbJWFVsWDo2LIFfmtrL0PxvGShAltGFE1RjCadq5jmJ7oid9ZALdgBrNYDBBAX/5Z5ipMiJGFv9gTt1",
                "sha512-crypt"
            ),
            ("{SSHA}ZnV6s8zEX5VA+98quq2mJLfuHDrSU1dC6lTp6w==", "ssha"),
            (
                "{SSHA512}lpLIbDp4H7WbWJsXhFypfO6nDKSqRrHljMeC/7oES7U/xnzESjqTUN6ogRnOQ0nfifvT7xTcE6iPwkCIhW8+Tp3fOTiN4oUB",
                "ssha512"
            ),
        ])
    func foreignRecords(text: String, scheme: String) throws {
        #expect(try HashRecord(parsing: text).scheme == scheme)
    }

    @Test("Nothing is shown of a record but its scheme")
    func redacted() throws {
        let record = try HashRecord(parsing: Self.argon2)
        #expect("\(record)" == "argon2id:***" && String(reflecting: record) == "argon2id:***")
        #expect(Mirror(reflecting: record).children.isEmpty)
    }
}
