import AuthDomain
import AuthService
import Testing

@testable import Cryptography

@Suite("Sealed secrets")
struct SealingTests {
    private let secret = SecretBytes(Array("hai mươi byte bí mật".utf8))

    private func box(_ bytes: UInt8...) throws -> RingSecretBox {
        RingSecretBox(ring: try KeyRing(bytes.map(Rings.entry)), random: CountingRandom())
    }

    @Test("AES-256-GCM: test cases 14 and 16 of the GCM specification")
    func published() {
        let cipher = AES256GCM()
        var sealed: [UInt8] = []
        cipher.seal(
            SecretBytes([UInt8](repeating: 0, count: 16)), key: SecretBytes([UInt8](repeating: 0, count: 32)),
            nonce: [UInt8](repeating: 0, count: 12), authenticating: [], into: &sealed)
        #expect(sealed == hex("cea7403d4d606b6e074ec5d3baf39d18 d0d1c8a799996bf0265b98b5d48ab919"))
        sealed = []
        cipher.seal(
            SecretBytes(
                hex(
                    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                        + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39")),
            key: SecretBytes(hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308")),
            nonce: hex("cafebabefacedbaddecaf888"),
            authenticating: hex("feedfacedeadbeeffeedfacedeadbeefabaddad2"), into: &sealed)
        #expect(
            sealed
                == hex(
                    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                        + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
                        + "76fc6ece0f4e1768cddf8853bb2d551b"))
    }

    @Test("What was sealed opens; two seals of one secret differ", arguments: [0, 1, 20, 4096])
    func roundTrip(count: Int) throws {
        let box = try box(1)
        let secret = SecretBytes([UInt8](repeating: 7, count: count))
        let sealed = box.seal(secret, row: "au_1", purpose: .totpSecret)
        #expect(sealed.count == count + 33)
        #expect(sealed.prefix(5) == [1, 0, 0, 0, 1])
        #expect(box.open(sealed, row: "au_1", purpose: .totpSecret)?.exposed == secret.exposed)
        #expect(box.seal(secret, row: "au_1", purpose: .totpSecret) != sealed)
    }

    @Test("Another row, purpose or key does not open it")
    func binding() throws {
        let box = try box(1, 2)
        let sealed = box.seal(secret, row: "au_1", purpose: .totpSecret)
        #expect(box.open(sealed, row: "au_2", purpose: .totpSecret) == nil)
        #expect(box.open(sealed, row: "", purpose: .totpSecret) == nil)
        #expect(box.open(sealed, row: "au_1\0totp", purpose: .totpSecret) == nil)
        #expect(box.open(sealed, row: "au_1", purpose: .phone) == nil)
        #expect(box.open(sealed, row: "au_1", purpose: .signingKey) == nil)
        var otherKey = sealed
        otherKey[4] = 2
        #expect(box.open(otherKey, row: "au_1", purpose: .totpSecret) == nil)
        #expect(try self.box(2).open(sealed, row: "au_1", purpose: .totpSecret) == nil)
        #expect(try self.box(2, 1).open(sealed, row: "au_1", purpose: .totpSecret)?.exposed == secret.exposed)
    }

    @Test("Every flipped bit, every shortening and an addition are noticed")
    func tampering() throws {
        let box = try box(1)
        let sealed = box.seal(secret, row: "au_1", purpose: .phone)
        for index in sealed.indices {
            for bit in 0..<8 {
                var changed = sealed
                changed[index] ^= 1 << UInt8(bit)
                #expect(box.open(changed, row: "au_1", purpose: .phone) == nil)
            }
        }
        for count in 0..<sealed.count {
            #expect(box.open(Array(sealed.prefix(count)), row: "au_1", purpose: .phone) == nil)
        }
        #expect(box.open(sealed + [0], row: "au_1", purpose: .phone) == nil)
        #expect(box.open([UInt8](repeating: 1, count: 100_000), row: "au_1", purpose: .phone) == nil)
    }
}
