import AuthDomain
import Foundation
import TestKit
import Testing

@Suite("One-time codes are used once", .serialized)
struct ReplayTests {
    @Test("100 parallel copies of one code over two processes: one passes (R-TOTP-5)")
    func parallelCopies() async throws {
        let redis = try RedisServer()
        let scenario = try Scenario(redis: redis, instances: 2)
        let owner = try await scenario.owner("replay_one_sotttt@hanoi.gov.vn")
        let later = Scenario.start + .seconds(90)
        try scenario.setClock(later)
        let code = owner.code(at: later)
        let body: @Sendable (Int) -> [String: Any] = { _ in
            ["account": owner.address, "code": code, "client": Scenario.person]
        }
        async let left = scenario.vpn(0).sendTogether(50, "POST", "/v1/otp/verify", body)
        async let right = scenario.vpn(1).sendTogether(50, "POST", "/v1/otp/verify", body)
        let answers = await left + right
        #expect(answers.count { $0.status == 200 } == 1)
        #expect(answers.count { $0.status == 401 || $0.status == 503 } == 99)
        #expect(await verify(scenario, owner, code) == 401)
        #expect(await verify(scenario, owner, owner.code(at: later, steps: -1)) == 401)
        try redis.flushAll()
        #expect(await verify(scenario, owner, code) == 401)
        try scenario.setClock(later - .seconds(60))
        #expect(await verify(scenario, owner, code) == 401)
        #expect(await verify(scenario, owner, owner.code(at: later, steps: -2)) == 401)
        // None of the replays was counted: the account is open.
        try scenario.setClock(later + .seconds(60))
        #expect(await verify(scenario, owner, owner.code(at: later, steps: 2)) == 200)
    }

    @Test("A used code stays used over a restart; codes outside the window are wrong (R-TOTP-5, R-TOTP-6)")
    func restartAndWindow() async throws {
        let scenario = try Scenario(redis: nil)
        let owner = try await scenario.owner("replay_two_sotttt@hanoi.gov.vn")
        let later = Scenario.start + .seconds(300)
        try scenario.setClock(later)
        let code = owner.code(at: later)
        #expect(await verify(scenario, owner, code) == 200)
        scenario.instances[0].kill9()
        let restarted = try scenario.site.start("b")
        let vpn = restarted.service(scenario.keys.vpn)
        func again(_ code: String) async -> Int {
            await vpn.send(
                "POST", "/v1/otp/verify", ["account": owner.address, "code": code, "client": Scenario.person]
            ).status
        }
        #expect(await again(code) == 401)
        #expect(await again(owner.code(at: later, steps: -1)) == 401)
        #expect(await again(owner.code(at: later, steps: -5)) == 401)
        #expect(await again(owner.code(at: later, steps: 2)) == 401)
        #expect(await again(owner.code(at: later, steps: 1)) == 200)
    }

    @Test("Two sign-ins race with one code: one of them completes (R-TOTP-5)")
    func twoSignIns() async throws {
        let scenario = try Scenario(redis: try RedisServer(), instances: 2)
        let owner = try await scenario.owner("replay_three_sotttt@hanoi.gov.vn")
        let later = Scenario.start + .seconds(60)
        try scenario.setClock(later)
        var ids: [String] = []
        for index in 0..<10 {
            ids.append(await scenario.begin(owner.address, owner.password, on: index % 2)["id"] ?? "")
        }
        let code = owner.code(at: later)
        let answers = await withTaskGroup(of: HTTPTestAnswer.self) { group in
            for (index, id) in ids.enumerated() {
                group.addTask { await scenario.prove(id, "totp", code, on: index % 2) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.count { $0["status"] == "complete" } == 1)
    }

    private func verify(_ scenario: Scenario, _ owner: Owner, _ code: String) async -> Int {
        await scenario.vpn(1 % scenario.instances.count).send(
            "POST", "/v1/otp/verify", ["account": owner.address, "code": code, "client": Scenario.person]
        ).status
    }
}
