import AuthDomain
import AuthService
import Cryptography
import Testing

@Suite("Client keys")
struct ClientKeyTests {
    private let now = WallInstant(seconds: 1_800_000_000)

    @Test("A minted key reads back, is found by its prefix and fits its record alone")
    func mint() throws {
        let digest = OpenSSLKeyedDigest(ring: try Rings.ring(1))
        let mint = ClientKeyMint(random: SystemRandom(), digest: digest)
        let (key, record) = mint.mint(name: "sso", scopes: [.signIn], now: now)
        let other = mint.mint(name: "khac", scopes: [.signIn], now: now)
        #expect(key.text.hasPrefix("otpd_"))
        #expect(key.text.utf8.count == 66)
        #expect(key.text.contains(/^otpd_[a-z2-7]{8}_[a-z2-7]{52}$/))
        let read = try #require(ClientKey(parsing: Array(key.text.utf8)[...]))
        #expect(read.prefix == record.prefix)
        #expect(read.fits(record, digest: digest))
        #expect(!other.key.fits(record, digest: digest))
        #expect(key.text != other.key.text)
        #expect(record.name == "sso" && record.scopes == [.signIn] && record.createdAt == now)
    }

    @Test("Neither key nor record shows the secret")
    func redacted() throws {
        let mint = ClientKeyMint(random: SystemRandom(), digest: OpenSSLKeyedDigest(ring: try Rings.ring(1)))
        let (key, _) = mint.mint(name: "sso", scopes: [], now: now)
        var dumped = "\(key) \(String(reflecting: key))"
        dump(key, to: &dumped)
        #expect(!dumped.contains(key.text.suffix(52)))
    }

    @Test(
        "What is no key is refused",
        arguments: [
            "", "otpd_", "otpd", String(repeating: "a", count: 66), String(repeating: "a", count: 1_000_000),
            "otpd_abcdefgh_" + String(repeating: "a", count: 51), "otpd_abcdefgh_" + String(repeating: "a", count: 53),
            "otpd_abcdefgh-" + String(repeating: "a", count: 52), "otpd_abcdefg1_" + String(repeating: "a", count: 52),
            "OTPD_abcdefgh_" + String(repeating: "a", count: 52), "otpd_abcdefgh_" + String(repeating: "A", count: 52),
            "otpd_abcdefgh_" + String(repeating: "a", count: 50) + "é",
            " otpd_abcdefgh_" + String(repeating: "a", count: 51),
        ])
    func rubbish(text: String) {
        #expect(ClientKey(parsing: Array(text.utf8)[...]) == nil)
    }
}
