import AuthDomain
import AuthService
import Foundation
import Testing

@testable import Cryptography

@Suite("Assertions signed with ES256")
struct TokenSignerTests {
    private let now = WallInstant(seconds: 1_800_000_000)

    private func box() throws -> RingSecretBox { RingSecretBox(ring: try Rings.ring(1), random: SystemRandom()) }

    private func record(_ key: NewSigningKey, in box: RingSecretBox, from: WallInstant) -> SigningKeyRecord {
        SigningKeyRecord(
            id: key.id, sealedKey: box.seal(key.secret, row: key.id, purpose: .signingKey), createdAt: from,
            signsFrom: from)
    }

    private func decode(_ text: some StringProtocol) throws -> Data {
        let standard = text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        return try #require(Data(base64Encoded: standard + String(repeating: "=", count: (4 - text.count % 4) % 4)))
    }

    @Test("R-JWT-1: a compact JWS that the openssl program verifies with the published key")
    func signs() throws {
        let box = try box()
        let signer = ES256TokenSigner(box: box)
        let key = ES256KeyMaker().makeKey()
        #expect(signer.load(records: [record(key, in: box, from: now)], now: now) == [])
        // Signatures differ each time and may have short r or s: enough of them to meet a leading zero byte.
        for round in 0..<40 {
            let payload = Array("{\"sub\":\"ac_\(round)\"}".utf8)
            let token = try signer.sign(payload: payload, type: "otpd-assertion+jwt")
            let parts = token.split(separator: ".", omittingEmptySubsequences: false)
            try #require(parts.count == 3)
            let header = try #require(try JSONSerialization.jsonObject(with: decode(parts[0])) as? [String: String])
            #expect(header == ["alg": "ES256", "kid": key.id, "typ": "otpd-assertion+jwt"])
            #expect(try Array(decode(parts[1])) == payload)
            let signature = try Array(decode(parts[2]))
            #expect(signature.count == 64)
            let message = Array("\(parts[0]).\(parts[1])".utf8)
            #expect(signer.verify(signature: signature, message: message))
            #expect(!signer.verify(signature: signature, message: message + [0]))
            #expect(!signer.verify(signature: Array(signature.reversed()), message: message))
            if round < 3 { try verifyOutside(signature, message: message, keySet: signer.keySet()) }
        }
    }

    /// Verifies with the openssl program, from the published coordinates alone.
    private func verifyOutside(_ signature: [UInt8], message: [UInt8], keySet: [UInt8]) throws {
        let keys = try #require(
            try JSONSerialization.jsonObject(with: Data(keySet)) as? [String: [[String: String]]])
        let jwk = try #require(keys["keys"]?.first)
        // SubjectPublicKeyInfo of an uncompressed P-256 point (RFC 5480).
        let prefix = hex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")
        let point = try decode(#require(jwk["x"])) + decode(#require(jwk["y"]))
        try withTemporaryDirectory { directory in
            let files = ["key", "signature", "message"].map { directory.appendingPathComponent($0) }
            try Data(prefix + point).write(to: files[0])
            try Data(der(signature)).write(to: files[1])
            try Data(message).write(to: files[2])
            let answer = try ExternalTool.run(
                "openssl",
                [
                    "dgst", "-sha256", "-keyform", "DER", "-verify", files[0].path, "-signature", files[1].path,
                    files[2].path,
                ])
            #expect(answer == "Verified OK\n")
        }
    }

    private func der(_ signature: [UInt8]) -> [UInt8] {
        func integer(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
            var digits = Array(bytes.drop { $0 == 0 })
            if digits.first.map({ $0 >= 0x80 }) ?? true { digits.insert(0, at: 0) }
            return [2, UInt8(digits.count)] + digits
        }
        let body = integer(signature[..<32]) + integer(signature[32...])
        return [0x30, UInt8(body.count)] + body
    }

    @Test("The key set holds what verifiers need and nothing private")
    func keySet() throws {
        let box = try box()
        let signer = ES256TokenSigner(box: box)
        #expect(signer.keySet() == Array("{\"keys\":[]}".utf8))
        let made = [ES256KeyMaker().makeKey(), ES256KeyMaker().makeKey()]
        let records = [record(made[0], in: box, from: now), record(made[1], in: box, from: now + .seconds(60))]
        #expect(signer.load(records: records, now: now) == [])
        let object = try JSONSerialization.jsonObject(with: Data(signer.keySet()))
        let keys = try #require((object as? [String: [[String: String]]])?["keys"])
        #expect(keys.map { $0["kid"] } == made.map(\.id))
        for key in keys {
            #expect(Set(key.keys) == ["kty", "crv", "x", "y", "use", "alg", "kid"])
            #expect(key["kty"] == "EC" && key["crv"] == "P-256" && key["use"] == "sig" && key["alg"] == "ES256")
        }
    }

    @Test("RFC 7638: the thumbprint of the key in RFC 9449")
    func thumbprint() {
        let thumbprint = ES256Key.thumbprint(
            x: "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs", y: "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA")
        #expect(thumbprint == "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I")
    }

    @Test("R-JWT-1: the newest key that has begun signs; the published one to come does not yet")
    func turns() throws {
        let box = try box()
        let signer = ES256TokenSigner(box: box)
        let made = [ES256KeyMaker().makeKey(), ES256KeyMaker().makeKey()]
        let records = [record(made[0], in: box, from: now), record(made[1], in: box, from: now + .seconds(60))]
        func signingKey(at instant: WallInstant) throws -> String? {
            #expect(signer.load(records: records, now: instant) == [])
            let token = try signer.sign(payload: [], type: "t")
            let header = try decode(try #require(token.split(separator: ".").first))
            return (try JSONSerialization.jsonObject(with: header) as? [String: String])?["kid"]
        }
        #expect(try signingKey(at: now) == made[0].id)
        #expect(try signingKey(at: now + .milliseconds(59_999)) == made[0].id)
        #expect(try signingKey(at: now + .seconds(60)) == made[1].id)
        #expect(try signingKey(at: now - .seconds(60)) == made[0].id)
    }

    @Test("Without a key nothing is signed; a key that does not open or is another's is named")
    func unusable() throws {
        let box = try box()
        let signer = ES256TokenSigner(box: box)
        #expect(throws: StoreUnavailable.self) { try signer.sign(payload: [], type: "t") }
        let made = [ES256KeyMaker().makeKey(), ES256KeyMaker().makeKey()]
        let swapped = NewSigningKey(id: made[0].id, secret: made[1].secret)
        let rubbish = NewSigningKey(id: "rac", secret: SecretBytes([UInt8](repeating: 0x30, count: 138)))
        let moved = SigningKeyRecord(
            id: "khac", sealedKey: record(made[0], in: box, from: now).sealedKey, createdAt: now, signsFrom: now)
        let records = [record(swapped, in: box, from: now), record(rubbish, in: box, from: now), moved]
        #expect(signer.load(records: records, now: now) == [made[0].id, "rac", "khac"])
        #expect(throws: StoreUnavailable.self) { try signer.sign(payload: [], type: "t") }
        #expect(signer.keySet() == Array("{\"keys\":[]}".utf8))
    }

    @Test("A key on another curve is none")
    func otherCurve() throws {
        try withTemporaryDirectory { directory in
            let file = directory.appendingPathComponent("key").path
            let curve = [
                "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1", "-outform", "DER", "-out", file,
            ]
            _ = try ExternalTool.run("openssl", ["genpkey"] + curve)
            let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
            #expect(ES256Key(pkcs8: SecretBytes(bytes)) == nil)
        }
    }
}
