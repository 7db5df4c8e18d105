import AuthDomain
import AuthService
import Cryptography
import Testing

@Suite("Ring keys, derived keys, keyed digests")
struct KeyTests {
    @Test("HKDF: RFC 5869 A.1 and A.3")
    func hkdf() {
        let material = SecretBytes([UInt8](repeating: 0x0B, count: 22))
        let first = HKDF.derive(
            from: material, salt: hex("000102030405060708090a0b0c"), info: hex("f0f1f2f3f4f5f6f7f8f9"), count: 42)
        #expect(
            first.exposed
                == hex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"))
        let third = HKDF.derive(from: material, info: [], count: 42)
        #expect(
            third.exposed
                == hex("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"))
    }

    @Test("A ring refuses what is none")
    func ring() throws {
        #expect(throws: KeyRingError.empty) { try KeyRing([]) }
        #expect(throws: KeyRingError.repeatedID("00000001")) { try KeyRing([Rings.entry(1), Rings.entry(1)]) }
        for id in ["", "0000001", "000000001", "0000000G", "0000000A", "0000000é"] {
            #expect(throws: KeyRingError.malformedID(id)) { try KeyRing([(id, Rings.entry(1).bytes)]) }
        }
        for count in [0, 31, 33] {
            #expect(throws: KeyRingError.wrongLength(id: "00000001")) {
                try KeyRing([("00000001", SecretBytes([UInt8](repeating: 1, count: count)))])
            }
        }
    }

    @Test("A digest carries its key's id and fits its message and purpose alone", arguments: DigestPurpose.allCases)
    func digest(purpose: DigestPurpose) throws {
        let digest = OpenSSLKeyedDigest(ring: try Rings.ring(1, 2))
        let message = Array("tin".utf8)
        let made = digest.digest(message, purpose: purpose)
        #expect(made.count == OpenSSLKeyedDigest.byteCount)
        #expect(made.prefix(4) == [0, 0, 0, 1])
        #expect(digest.verify(made, message: message, purpose: purpose))
        #expect(!digest.verify(made, message: message + [0], purpose: purpose))
        for other in DigestPurpose.allCases where other != purpose {
            #expect(!digest.verify(made, message: message, purpose: other))
        }
        for index in made.indices {
            var changed = made
            changed[index] ^= 1
            #expect(!digest.verify(changed, message: message, purpose: purpose))
        }
        #expect(!digest.verify(Array(made.dropLast()), message: message, purpose: purpose))
        #expect(!digest.verify([], message: message, purpose: purpose))
    }

    @Test("An older key still verifies; a removed one does not; candidates go by ring order")
    func rotation() throws {
        let message = Array("tin".utf8)
        let old = OpenSSLKeyedDigest(ring: try Rings.ring(1)).digest(message, purpose: .audit)
        let both = OpenSSLKeyedDigest(ring: try Rings.ring(2, 1))
        #expect(both.verify(old, message: message, purpose: .audit))
        #expect(both.candidates(message, purpose: .audit) == [both.digest(message, purpose: .audit), old])
        let new = OpenSSLKeyedDigest(ring: try Rings.ring(2))
        #expect(!new.verify(old, message: message, purpose: .audit))
    }

    @Test("The digest under a purpose is HMAC-SHA-256 with the HKDF key, so that it can be computed elsewhere")
    func construction() throws {
        let digest = OpenSSLKeyedDigest(ring: try Rings.ring(1))
        let key = HKDF.derive(from: Rings.entry(1).bytes, info: Array("otpd digest:audit".utf8))
        let expected = OpenSSLOneTimeCodeMAC().mac(.sha256, key: key, message: [7])
        #expect(digest.digest([7], purpose: .audit) == [0, 0, 0, 1] + expected)
    }

    @Test("Random bytes come in the number asked for and differ")
    func random() {
        let random = SystemRandom()
        #expect(random.bytes(count: 0).isEmpty)
        #expect(random.bytes(count: 32).count == 32)
        #expect(random.bytes(count: 32) != random.bytes(count: 32))
    }
}
