import AuthDomain
import Foundation
import TestKit
import Testing

@Suite("Throttling from outside (T-3)")
struct ThrottleTests {
    private static let rates: [String: any Sendable] = [
        "enabled": true, "address_burst": 3, "address_refill_s": 20, "network_burst": 4, "network_refill_s": 20,
    ]

    private func begin(
        _ scenario: Scenario, _ address: String, _ password: String, from ip: String
    ) async -> HTTPTestAnswer {
        await scenario.sso().send(
            "POST", "/v1/sign-ins", ["account": address, "password": password, "client": ["ip": ip]])
    }

    @Test(
        "T-3, R-API-2: a throttled try is 429 with Retry-After, neither evaluated nor counted",
        arguments: [false, true])
    func throttled(_ usesRedis: Bool) async throws {
        let scenario = try Scenario(
            redis: usesRedis ? try RedisServer() : nil, overrides: ["throttle": Self.rates])
        _ = try await scenario.provision("throttled_sotttt@hanoi.gov.vn")
        for round in 0..<3 {
            let answer = await begin(scenario, "throttled_sotttt", "Sai \(round)!Abc", from: "203.0.113.7")
            #expect(answer.status == 401)
        }
        let before = await scenario.metric("otpd_evaluations_total")
        let refused = await begin(scenario, "throttled_sotttt", "Sai 9!Abc", from: "203.0.113.7")
        #expect(refused.status == 429 && refused["code"] == "too-many-requests")
        let wait = Int(refused.headers["retry-after"] ?? "") ?? 0
        #expect((1...20).contains(wait))
        #expect(await scenario.metric("otpd_evaluations_total") == before)
        // Another machine of the network has one try left, another network all of them.
        #expect(await begin(scenario, "throttled_sotttt", "Sai 3!Abc", from: "203.0.113.8").status == 401)
        #expect(await begin(scenario, "throttled_sotttt", "Sai 4!Abc", from: "203.0.113.9").status == 429)
        #expect(await begin(scenario, "stranger_sotttt", "Sai 4!Abc", from: "198.51.100.7").status == 401)
        let account = await scenario.desk().send("GET", "/v1/accounts/throttled_sotttt@hanoi.gov.vn")
        #expect((account.json["failures"] as? [String: Any])?["password"] as? Int == 4)
    }

    @Test("T-3: a right password gives its try back")
    func successGivesBack() async throws {
        let scenario = try Scenario(redis: nil, overrides: ["throttle": Self.rates])
        let owner = try await scenario.owner("returning_sotttt@hanoi.gov.vn")
        for _ in 0..<12 {
            #expect(await begin(scenario, owner.address, owner.password, from: "203.0.113.7").status == 201)
        }
    }
}
