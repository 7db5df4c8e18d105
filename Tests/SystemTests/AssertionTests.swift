import AuthDomain
import Foundation
import TestKit
import Testing

@Suite("Assertions can be verified by anyone")
struct AssertionTests {
    @Test("R-JWT-1: the assertion verifies with the published key, by OpenSSL; two instances publish the same keys")
    func verifies() async throws {
        let scenario = try Scenario(redis: try RedisServer(), instances: 2)
        let owner = try await scenario.owner("signed_sotttt@hanoi.gov.vn")
        try scenario.setClock(Scenario.start + .seconds(60))
        let id = try #require(await scenario.begin(owner.address, owner.password, on: 0)["id"])
        // Begun on one instance, proven on the other.
        let proven = await scenario.prove(id, "totp", owner.code(at: Scenario.start + .seconds(60)), on: 1)
        let token = try #require(proven["assertion"])
        let sets = [
            await scenario.instances[0].service(nil).send("GET", "/.well-known/jwks.json"),
            await scenario.instances[1].service(nil).send("GET", "/.well-known/jwks.json"),
        ]
        #expect(sets.map(\.status) == [200, 200])
        #expect(sets[0].body == sets[1].body)
        let keys = try #require(sets[0].json["keys"] as? [[String: Any]])
        let parts = token.split(separator: ".").map(String.init)
        try #require(parts.count == 3)
        let header = try #require(try JSONSerialization.jsonObject(with: Self.decoded(parts[0])) as? [String: Any])
        #expect(header["alg"] as? String == "ES256" && header["typ"] as? String == "otpd-assertion+jwt")
        let key = try #require(keys.first { $0["kid"] as? String == header["kid"] as? String })
        #expect(key["d"] == nil)
        #expect(try Self.opensslAccepts(parts[0] + "." + parts[1], signature: parts[2], key: key))
        #expect(try !Self.opensslAccepts(parts[0] + "." + parts[1] + "A", signature: parts[2], key: key))
    }

    /// Verifies with the `openssl` command alone: the key from x and y, the signature turned into DER.
    private static func opensslAccepts(_ message: String, signature: String, key: [String: Any]) throws -> Bool {
        let x = try decoded(try #require(key["x"] as? String))
        let y = try decoded(try #require(key["y"] as? String))
        let raw = try decoded(signature)
        try #require(x.count == 32 && y.count == 32 && raw.count == 64)
        // SubjectPublicKeyInfo of P-256 (RFC 5480): a constant head and the uncompressed point.
        let head: [UInt8] = [
            0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x86,
            0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
        ]
        let folder = try TemporaryDirectory()
        func put(_ data: Data, _ name: String) throws { try data.write(to: folder.url.appendingPathComponent(name)) }
        try put(Data(head) + x + y, "key.der")
        let numbers = integer(raw.prefix(32)) + integer(raw.suffix(32))
        try put(Data([0x30, UInt8(numbers.count)]) + numbers, "signature")
        try put(Data(message.utf8), "message")
        let result = try Command.run(
            "openssl",
            [
                "dgst", "-sha256", "-verify", folder.path("key.der"), "-keyform", "DER", "-signature",
                folder.path("signature"), folder.path("message"),
            ])
        return result.status == 0 && result.output.contains("Verified OK")
    }

    /// A DER INTEGER without needless zeros.
    private static func integer(_ bytes: Data) -> Data {
        var digits = Array(bytes.drop { $0 == 0 })
        if digits.isEmpty || digits[0] >= 0x80 { digits.insert(0, at: 0) }
        return Data([0x02, UInt8(digits.count)] + digits)
    }

    private static func decoded(_ text: String) throws -> Data {
        var base64 = text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        base64 += String(repeating: "=", count: (4 - base64.count % 4) % 4)
        return try #require(Data(base64Encoded: base64))
    }
}
