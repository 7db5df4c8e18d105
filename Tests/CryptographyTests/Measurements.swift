import AuthDomain
import AuthService
import Cryptography
import Foundation
import QRCode
import Testing

/// Times of single operations; run with `OTPD_MEASURE=1 swift test -c release --filter Measurements`.
@Suite("Measurements", .serialized, .enabled(if: ProcessInfo.processInfo.environment["OTPD_MEASURE"] != nil))
struct Measurements {
    private func report(_ name: String, times: Int, _ body: () throws -> Void) rethrows {
        let clock = ContinuousClock()
        // The median of five rounds: other work on the machine disturbs single ones.
        let rounds = try (0..<5).map { _ in try clock.measure { for _ in 0..<times { try body() } } }.sorted()
        let nanoseconds = rounds[2] / .nanoseconds(1) / Double(times)
        print(name, (nanoseconds / 10).rounded() / 100, "µs")
    }

    @Test("Single operations")
    func operations() throws {
        let ring = try Rings.ring(1)
        let mac = OpenSSLOneTimeCodeMAC()
        let message: [UInt8] = [0, 0, 0, 0, 1, 2, 3, 4]
        for algorithm in HashAlgorithm.allCases {
            let key = SecretBytes([UInt8](repeating: 7, count: algorithm.outputByteCount))
            report("mac \(algorithm)", times: 20_000) { _ = mac.mac(algorithm, key: key, message: message) }
        }
        let digest = OpenSSLKeyedDigest(ring: ring)
        let made = digest.digest(message, purpose: .clientKey)
        report("keyed digest", times: 20_000) { _ = digest.digest(message, purpose: .clientKey) }
        report("keyed digest verify", times: 20_000) {
            _ = digest.verify(made, message: message, purpose: .clientKey)
        }
        let box = RingSecretBox(ring: ring, random: SystemRandom())
        let secret = SecretBytes([UInt8](repeating: 7, count: 20))
        let sealed = box.seal(secret, row: "au_abcdefghijklmnop", purpose: .totpSecret)
        report("seal", times: 20_000) { _ = box.seal(secret, row: "au_abcdefghijklmnop", purpose: .totpSecret) }
        report("open", times: 20_000) { _ = box.open(sealed, row: "au_abcdefghijklmnop", purpose: .totpSecret) }
        let random = SystemRandom()
        report("random 16 bytes", times: 20_000) { _ = random.bytes(count: 16) }
        let signer = ES256TokenSigner(box: box)
        let key = ES256KeyMaker().makeKey()
        let now = WallInstant(seconds: 0)
        let record = SigningKeyRecord(
            id: key.id, sealedKey: box.seal(key.secret, row: key.id, purpose: .signingKey), createdAt: now,
            signsFrom: now)
        #expect(signer.load(records: [record], now: now) == [])
        let payload = [UInt8](repeating: 0x20, count: 300)
        try report("sign an assertion", times: 2000) { _ = try signer.sign(payload: payload, type: "t") }
        let text = QRSymbolTests.texts[0]
        try report("QR symbol as SVG", times: 100) { _ = try QRSymbol(text: text).svg() }
        let client = ClientKeyMint(random: random, digest: digest).mint(name: "a", scopes: [], now: now)
        report("client key: read and compare", times: 20_000) {
            _ = ClientKey(parsing: Array(client.key.text.utf8)[...])?.fits(client.record, digest: digest)
        }
    }

    @Test("Hashes in a second on two threads, at the standard cost")
    func hashes() async throws {
        let hasher = try Argon2PasswordHasher(
            cost: .standard, threads: 2, queueLimit: 512, niceness: 0, random: SystemRandom())
        defer { hasher.shutdown() }
        let password = SecretBytes(text: "Mật khẩu@1")
        let record = try await hasher.hash(password)
        for _ in 0..<3 {
            let processor = clock()
            let elapsed = try await ContinuousClock().measure {
                try await withThrowingTaskGroup(of: Bool.self) { group in
                    for _ in 0..<200 { group.addTask { try await hasher.verify(password, record: record) } }
                    for try await isRight in group { #expect(isRight) }
                }
            }
            print(
                "password hashes/s", (200 / (elapsed / .seconds(1))).rounded(), "each", (clock() - processor) / 200,
                "µs of CPU")
        }
    }
}
