import AuthDomain
import AuthService
import TestKit
import Testing

@Suite("Throttling of client addresses (T-3)")
struct AddressThrottleTests {
    private func world(_ exempt: [AddressBlock] = []) async throws -> World {
        try await World { policy in
            var throttle = ThrottlePolicy()
            throttle.address = AttemptRate(burst: 3, refill: .seconds(20))
            throttle.network = AttemptRate(burst: 5, refill: .seconds(5))
            throttle.exempt = exempt
            policy.throttle = throttle
        }
    }

    @Test("T-3, R-LOCK-8: a throttled try is neither evaluated nor counted; others go on; time gives tries back")
    func refusesUnseen() async throws {
        let world = try await world()
        _ = try await world.provision("throttle_a@hanoi.gov.vn")
        for round in 0..<3 {
            #expect(await outcome { try await world.begin("throttle_a", "Sai \(round)!Abc") } == "credentials")
        }
        let evaluated = world.observer.evaluated(.password)
        #expect(await outcome { try await world.begin("throttle_a", "Sai 9!Abc") } == "throttled")
        #expect(await outcome { try await world.verify("throttle_a", .totp, "123456") } == "throttled")
        #expect(world.observer.evaluated(.password) == evaluated && world.observer.evaluated(.oneTimeCode) == 0)
        #expect(try await world.account("throttle_a").budgets[.password]?.failures == 3)
        #expect(world.observer.count(.throttled) == 2)
        #expect(
            await outcome { try await world.begin("throttle_b", "Sai 9!Abc", from: "198.51.100.1") } == "credentials")
        world.clock.advance(by: .seconds(20))
        #expect(await outcome { try await world.begin("throttle_a", "Sai 9!Abc") } == "credentials")
    }

    @Test("T-3: a network of many addresses has a rate too, in IPv4 and IPv6")
    func networks() async throws {
        let world = try await world()
        for (prefix, end) in [("203.0.113.", 10), ("2001:db8:0:1::", 20)] {
            var results: [String] = []
            for host in 1...7 {
                results.append(
                    await outcome { try await world.begin("net_\(end)_\(host)", "Sai 1!Abc", from: prefix + "\(host)") }
                )
            }
            #expect(results == Array(repeating: "credentials", count: 5) + ["throttled", "throttled"])
        }
    }

    @Test("T-3: successes give their try back; exempt networks have no rate")
    func givenBack() async throws {
        let world = try await world()
        let owner = try await world.owner("throttle_c@hanoi.gov.vn")
        for _ in 0..<10 {
            #expect(await outcome { try await world.begin(owner.address, owner.password) } == "factor_required")
        }
        let open = try await self.world([AddressBlock("203.0.113.0/24")!])  // a literal block parses
        for host in 0..<10 {
            #expect(await outcome { try await open.begin("free_\(host)", "Sai 1!Abc") } == "credentials")
        }
    }
}
