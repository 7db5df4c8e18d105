import AuthDomain
import Foundation
import TestKit
import Testing

@Suite("Ring keys are exchanged while the service runs (architecture, secrets)", .serialized)
struct KeyExchangeTests {
    /// A scenario with owners, and a second ring key beside the first.
    private func withOwners(_ body: (Scenario, [Owner], _ old: String, _ new: String) async throws -> Void) async throws
    {
        let redis = try RedisServer()
        let scenario = try Scenario(redis: redis)
        var owners: [Owner] = []
        for index in 0..<6 { owners.append(try await scenario.owner("ring_\(index)_sotttt@hanoi.gov.vn")) }
        scenario.instances[0].terminate()
        let site = scenario.site
        let ring = try Command.run(OTPDSite.binary, ["keys", "new"])
        try site.folder.write(ring.output, to: "ring-2.key")
        try await body(scenario, owners, site.folder.path("ring.key"), site.folder.path("ring-2.key"))
    }

    private func verify(_ owner: Owner, at now: WallInstant, _ instance: OTPDInstance, _ key: String) async -> Int {
        await instance.service(key).send(
            "POST", "/v1/otp/verify",
            ["account": owner.address, "code": owner.code(at: now), "client": Scenario.person]
        ).status
    }

    @Test("codes verify all the while, and the old key can go afterwards")
    func exchange() async throws {
        try await withOwners { scenario, owners, old, new in
            let site = scenario.site
            let both = try site.start("b", overrides: ["keys": [new, old]])
            let now = Scenario.start + .seconds(3600)
            try scenario.setClock(now)
            async let rotation = Task.detached { try site.run(["keys", "rotate"], as: "b") }.value
            var statuses: [Int] = []
            for owner in owners { statuses.append(await verify(owner, at: now, both, scenario.keys.vpn)) }
            #expect(statuses == owners.map { _ in 200 })
            let result = try await rotation
            #expect(result.status == 0, "\(result.error)")
            let list = try site.run(["keys", "list"], as: "b")
            #expect(list.status == 0)
            #expect(list.output.contains("\topens\tnothing"), "\(list.output)")
            #expect(try site.run(["keys", "rotate"], as: "b").output.hasPrefix("0 secrets"))
            both.terminate()

            // The old key is gone: secrets, client keys, recovery codes and the record are as good as before.
            let alone = try site.start("c", overrides: ["keys": [new]])
            let later = now + .seconds(60)
            try scenario.setClock(later)
            #expect(await verify(owners[0], at: later, alone, scenario.keys.vpn) == 200)
            let recovery = await alone.service(scenario.keys.vpn).send(
                "POST", "/v1/otp/verify",
                [
                    "account": owners[1].address, "code": owners[1].recoveryCodes[0], "kind": "recovery",
                    "client": Scenario.person,
                ])
            #expect(recovery.status == 200)
            #expect(try site.run(["audit", "verify"], as: "c").status == 0)
        }
    }

    @Test("without the key that seals its digest key, the service does not start and says which is missing")
    func missingKey() async throws {
        try await withOwners { scenario, _, old, new in
            try scenario.site.configure("b", overrides: ["keys": [new]])
            let result = try scenario.site.run(["audit", "verify"], as: "b")
            #expect(result.status == 69)
            #expect(result.error.contains("put its file back"), "\(result.error)")
            try scenario.site.configure("c", overrides: ["keys": [old]])
            #expect(try scenario.site.run(["audit", "verify"], as: "c").status == 0)
        }
    }
}
