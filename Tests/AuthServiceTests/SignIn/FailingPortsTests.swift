import AuthDomain
import AuthService
import TestKit
import Testing

@Suite("Something needed fails (principle 3)")
struct FailingPortsTests {
    private static let beginning: [Faults.Part] = [.accounts, .budget, .signIns, .throttle, .hasher]

    @Test("a failing part makes the first step unavailable, counts nothing and grants nothing", arguments: beginning)
    func firstStep(_ part: Faults.Part) async throws {
        let world = try await World { $0.throttle = ThrottlePolicy() }
        let owner = try await world.owner("vu_sau@hanoi.gov.vn")
        world.faults.breaking(part)
        for address in [owner.address, "khong_co@hanoi.gov.vn"] where part != .signIns {
            #expect(await outcome { try await world.begin(address, "Sai 1!Abc") } == "unavailable")
        }
        #expect(await outcome { try await world.begin(owner.address, owner.password) } == "unavailable")
        world.faults.breaking()
        #expect(try await world.account(owner.address).budgets[.password]?.failures == 0)
        #expect(try await world.audit(.signInPasswordFailed).isEmpty)
        #expect(await outcome { try await world.begin(owner.address, owner.password) } == "factor_required")
    }

    @Test("a failing part makes the factor unavailable, and the code stays unused where nothing was committed")
    func factor() async throws {
        for part in [Faults.Part.accounts, .budget, .signIns, .ledger] {
            let world = try await World()
            let owner = try await world.owner("vu_sau@hanoi.gov.vn")
            world.clock.advance(by: .seconds(60))
            let id = try await world.begin(owner.address, owner.password).id
            world.faults.breaking(part)
            #expect(await outcome { try await world.prove(id, .totp, world.code(owner.secret)) } == "unavailable")
            world.faults.breaking()
            #expect(await outcome { try await world.prove(id, .totp, world.code(owner.secret)) } == "complete")
        }
    }

    @Test("without a signing key nothing is complete; the sign-in can be read again once there is one")
    func signer() async throws {
        let world = try await World()
        let owner = try await world.owner("vu_sau@hanoi.gov.vn")
        world.clock.advance(by: .seconds(60))
        let id = try await world.begin(owner.address, owner.password).id
        world.faults.breaking(.signer)
        #expect(await outcome { try await world.prove(id, .totp, world.code(owner.secret)) } == "unavailable")
        world.faults.breaking()
        #expect(try await world.read(id).assertion != nil)
    }

    @Test("a failing part leaves the password and the enrolment as they were")
    func passwordAndEnrolment() async throws {
        for part in [Faults.Part.accounts, .signIns, .ledger, .hasher] {
            let world = try await World()
            let made = try await world.provision("vu_sau@hanoi.gov.vn")
            let id = try await world.begin("vu_sau", made.temporaryPassword ?? "").id
            _ = try await world.prove(id, .enrolmentCode, made.enrolmentCode ?? "")
            world.faults.breaking(part)
            #expect(await outcome { try await world.choose(id, "Bồ câu 7 con!") } == "unavailable")
            world.faults.breaking()
            #expect(try await world.account("vu_sau").password.mustChange)
            _ = try await world.choose(id, "Bồ câu 7 con!")
            let offer = try await world.offer(id)
            world.faults.breaking(part)
            #expect(await outcome { try await world.confirm(id, offer) } == "unavailable")
            world.faults.breaking()
            #expect(try await world.account("vu_sau").authenticators.isEmpty)
            #expect(await outcome { try await world.confirm(id, offer) } == "complete")
        }
    }

    @Test("principle 2: a wrong entry that cannot be judged keeps its place, so that a full disk buys no free guesses")
    func unjudgedKeepsItsPlace() async throws {
        let world = try await World()
        let owner = try await world.owner("vu_sau@hanoi.gov.vn")
        world.faults.breaking(.judge)
        let before = world.observer.evaluated(.password)
        for round in 0..<5 {
            #expect(await outcome { try await world.begin(owner.address, "Sai \(round)!Abc") } == "unavailable")
        }
        // Every place is held: not even the right password is told apart now.
        async let right = outcome { try await world.begin(owner.address, owner.password) }
        for _ in 0..<400 {
            world.clock.advance(by: .milliseconds(10))
            try await Task.sleep(for: .milliseconds(1))
        }
        #expect(await right == "unavailable")
        #expect(world.observer.evaluated(.password) - before == 5)
        world.faults.breaking()
        world.clock.advance(by: .seconds(20))
        #expect(await outcome { try await world.begin(owner.address, owner.password) } == "factor_required")
        #expect(try await world.account(owner.address).budgets[.password]?.failures == 0)
    }

    @Test("a sign-in store that lost everything means beginning again, nothing else")
    func lostSignIns() async throws {
        let world = try await World()
        let owner = try await world.owner("vu_sau@hanoi.gov.vn")
        let id = try await world.begin(owner.address, owner.password).id
        try await world.ports.signIns.remove(id: id)
        #expect(await outcome { try await world.prove(id, .totp, world.code(owner.secret)) } == "not found")
        #expect(try await world.signIn(owner).status == .complete)
    }

    @Test("a record that was not written for its id opens nothing: whoever can write to Redis proves nothing")
    func forgedSignIns() async throws {
        let world = try await World()
        let owner = try await world.owner("vu_sau@hanoi.gov.vn")
        let proven = try await world.signIn(owner).id
        let stored = try #require(try await world.ports.signIns.find(id: proven))
        let fresh = try await world.begin(owner.address, owner.password).id
        let version = try #require(try await world.ports.signIns.find(id: fresh)).version
        let isReplaced = try await world.ports.signIns.replace(
            id: fresh, version: version, record: stored.record, lifetime: .seconds(60))
        try #require(isReplaced)
        #expect(await outcome { try await world.offer(fresh, label: "hai") } == "not found")
        #expect(await outcome { try await world.offer(proven, label: "hai") } == "done")
    }

    @Test("another call on the same sign-in at the same moment wins once")
    func conflicts() async throws {
        let world = try await World()
        let owner = try await world.owner("vu_sau@hanoi.gov.vn")
        let id = try await world.signIn(owner).id
        world.faults.losingReplacements(true)
        #expect(await outcome { try await world.offer(id, label: "hai") } == "concurrent")
        world.faults.losingReplacements(false)
        #expect(await outcome { try await world.offer(id, label: "hai") } == "done")
    }

    @Test("operators are told, and nothing is half written")
    func operators() async throws {
        let world = try await World()
        let owner = try await world.owner("vu_sau@hanoi.gov.vn")
        try await world.lock(owner.address, .compromised)
        for part in [Faults.Part.operators, .accounts, .hasher] {
            world.faults.breaking(part)
            #expect(await outcome { try await world.restore(owner.address) } == "unavailable")
            if part != .accounts {
                #expect(await outcome { try await world.provision("moi@hanoi.gov.vn") } == "unavailable")
            }
            if part != .hasher { #expect(await outcome { try await world.issueCode(owner.address) } == "unavailable") }
        }
        world.faults.breaking()
        #expect(try await world.account(owner.address).locks.count == 1)
        #expect(await outcome { try await world.account("moi@hanoi.gov.vn") } == "not found")
        #expect(try await world.audit(.accountRestored).isEmpty)
    }
}
