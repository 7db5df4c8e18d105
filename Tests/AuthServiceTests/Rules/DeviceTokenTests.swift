import AuthDomain
import TestKit
import Testing

@testable import AuthService

@Suite("Tokens of devices that signed in before (T-3)")
struct DeviceTokenTests {
    @Test("T-3: a token names its device for its own account and password alone; any damage ends it")
    func tokens() async throws {
        let world = try await World()
        _ = try await world.provision("an_device@hanoi.gov.vn")
        _ = try await world.provision("binh_device@hanoi.gov.vn")
        let an = try await world.account("an_device@hanoi.gov.vn")
        let binh = try await world.account("binh_device@hanoi.gov.vn")
        let tokens = DeviceTokens(digest: world.ports.digest)
        let token = tokens.issue(device: "abc234", account: an)
        #expect(tokens.device(in: token, account: an) == "abc234")
        #expect(token.utf8.count <= 200)
        #expect(tokens.device(in: token, account: binh) == nil)
        #expect(tokens.device(in: nil, account: an) == nil)
        for index in token.indices {
            var damaged = token
            damaged.replaceSubrange(index...index, with: token[index] == "x" ? "y" : "x")
            #expect(tokens.device(in: damaged, account: an) == nil)
        }
        for count in 0..<token.count { #expect(tokens.device(in: String(token.prefix(count)), account: an) == nil) }
        _ = try await world.resetPassword("an_device@hanoi.gov.vn")
        #expect(tokens.device(in: token, account: try await world.account("an_device@hanoi.gov.vn")) == nil)
    }

    @Test("rubbish is no token")
    func rubbish() async throws {
        let world = try await World()
        _ = try await world.provision("an_device@hanoi.gov.vn")
        let an = try await world.account("an_device@hanoi.gov.vn")
        let tokens = DeviceTokens(digest: world.ports.digest)
        let random = SeededRandom(seed: 3)
        for text in [
            "", "otpd_dev_", "otpd_dev__", "otpd_dev_a_", "otpd_dev_a_zz", "otpd_dev_a_+1", "otpd_dev_a_\u{663}\u{663}",
        ] {
            #expect(tokens.device(in: text, account: an) == nil)
        }
        for _ in 0..<2000 {
            let noise = String(decoding: random.bytes(count: 60), as: UTF8.self)
            #expect(tokens.device(in: "otpd_dev_" + noise, account: an) == nil)
        }
        #expect(tokens.device(in: "otpd_dev_" + String(repeating: "a", count: 10_000), account: an) == nil)
    }
}
