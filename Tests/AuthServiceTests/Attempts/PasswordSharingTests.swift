import AuthDomain
import AuthService
import TestKit
import Testing

@Suite("Passwords tried together")
struct PasswordSharingTests {
    private func together(_ world: World, _ passwords: [String], address: String) async -> [String] {
        let gate = Gate()
        world.faults.resetCalls()
        world.faults.holdingVerifications(at: gate)
        let results = await withTaskGroup(of: String.self) { group in
            for password in passwords {
                group.addTask { await outcome { try await world.begin(address, password) } }
            }
            while world.faults.calls("accounts.at") < passwords.count { await Task.yield() }
            for _ in 0..<2000 { await Task.yield() }
            await gate.open()
            return await group.reduce(into: []) { $0.append($1) }
        }
        world.faults.holdingVerifications(at: nil)
        return results
    }

    @Test("R-LOCK-6: fifty right passwords pass with four failures standing, on few evaluations")
    func rightOnesShare() async throws {
        let world = try await World()
        let owner = try await world.owner("share_right@hanoi.gov.vn")
        for round in 0..<4 {
            #expect(await outcome { try await world.begin(owner.address, "Sai \(round)!Abc") } == "credentials")
        }
        let before = world.observer.evaluated(.password)
        let results = await together(world, Array(repeating: owner.password, count: 50), address: owner.address)
        #expect(results == Array(repeating: "factor_required", count: 50))
        #expect(world.observer.evaluated(.password) - before <= 5)
        #expect(try await world.account(owner.address).budgets[.password]?.failures == 4)
    }

    @Test("R-LOCK-4: a wrong password is never shared: each is judged until the lock")
    func wrongOnesCount() async throws {
        let world = try await World()
        let owner = try await world.owner("share_wrong@hanoi.gov.vn")
        let results = await together(world, Array(repeating: "Sai rồi 1!A", count: 20), address: owner.address)
        #expect(results.count { $0 == "credentials" } == 5)
        #expect(results.count { $0 == "locked -" } == 15)
        #expect(world.observer.judged(.password) == 5)
        #expect(world.observer.locks == [.badPassword5])
    }

    @Test("R-LOCK-8: an unknown address counts alike")
    func unknownCountsAlike() async throws {
        let world = try await World()
        let results = await together(world, Array(repeating: "Sai rồi 1!A", count: 20), address: "ai_do@hanoi.gov.vn")
        #expect(results.count { $0 == "credentials" } == 5)
        #expect(results.count { $0 == "locked -" } == 15)
    }

    @Test("R-LOCK-6: different passwords do not share: each takes a place, and no more than five are evaluated")
    func differentOnes() async throws {
        let world = try await World()
        let owner = try await world.owner("share_other@hanoi.gov.vn")
        let before = world.observer.evaluated(.password)
        let results = await together(world, (0..<20).map { "Sai rồi \($0)!A" }, address: owner.address)
        #expect(results.count { $0 == "credentials" } == 5)
        #expect(results.count { $0 == "locked -" } == 15)
        #expect(world.observer.evaluated(.password) - before == 5)
    }

    @Test("principle 3: when the one that verifies fails, those who wait for it fail alike and none is counted")
    func leaderFails() async throws {
        let world = try await World()
        let owner = try await world.owner("share_fail@hanoi.gov.vn")
        world.faults.breaking(.hasher)
        var results = await together(world, Array(repeating: owner.password, count: 20), address: owner.address)
        #expect(results == Array(repeating: "unavailable", count: 20))
        world.faults.breaking(.budget)
        results = await together(world, Array(repeating: owner.password, count: 20), address: owner.address)
        #expect(results == Array(repeating: "unavailable", count: 20))
        world.faults.breaking()
        #expect(await outcome { try await world.begin(owner.address, owner.password) } == "factor_required")
        #expect(try await world.account(owner.address).budgets[.password]?.failures == 0)
    }

    @Test("principle 2: a lock set while the right password was being verified refuses all who shared it")
    func lockMeanwhile() async throws {
        let world = try await World()
        let owner = try await world.owner("share_lock@hanoi.gov.vn")
        let gate = Gate()
        world.faults.holdingVerifications(at: gate)
        world.faults.resetCalls()
        let results = await withTaskGroup(of: String.self) { group in
            for _ in 0..<10 {
                group.addTask { await outcome { try await world.begin(owner.address, owner.password) } }
            }
            while world.faults.calls("hasher.verify") < 1 { await Task.yield() }
            try? await world.lock(owner.address, .compromised)
            await gate.open()
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results == Array(repeating: "locked -", count: 10))
    }
}
