import AuthDomain
import AuthService
import TestKit
import Testing

@Suite("Lanes by device (T-3, lockout.lanes = device)")
struct DeviceLaneTests {
    private func prepared() async throws -> (World, Owner, String) {
        let world = try await World { $0.lanes = .device }
        let owner = try await world.owner("lanh_dao@hanoi.gov.vn")
        let device = try #require(try await world.signIn(owner).device)
        return (world, owner, device)
    }

    private func exhaust(_ world: World, _ owner: Owner, device: String? = nil) async {
        for round in 0..<5 {
            #expect(
                await outcome { try await world.begin(owner.address, "Sai \(round)!Abc", device: device) }
                    == "credentials")
        }
    }

    @Test("T-3: strangers exhaust the shared lane without a lock, and the known device still signs in")
    func strangersExhaustShared() async throws {
        let (world, owner, device) = try await prepared()
        await exhaust(world, owner)
        #expect(await outcome { try await world.begin(owner.address, owner.password) } == "locked -")
        #expect(try await world.account(owner.address).locks.isEmpty)
        #expect(try await world.audit(.laneExhausted).count == 1)
        let again = try await world.signIn(owner, device: device)
        #expect(again.status == .complete && again.device == device)
        // Its completion resets its own lane, not the strangers'.
        #expect(await outcome { try await world.begin(owner.address, owner.password) } == "locked -")
    }

    @Test("T-3: an exhausted device falls back to the shared lane, five tries more and no others")
    func deviceFallsBack() async throws {
        let (world, owner, device) = try await prepared()
        await exhaust(world, owner, device: device)
        #expect(try await world.account(owner.address).budgets[.password]?.failures == 0)
        #expect(
            await outcome { try await world.begin(owner.address, owner.password, device: device) } == "factor_required")
        await exhaust(world, owner, device: device)
        #expect(await outcome { try await world.begin(owner.address, owner.password, device: device) } == "locked -")
    }

    @Test("T-3, R-REST-4: a restoration opens the exhausted shared lane and the devices' lanes")
    func restorationOpens() async throws {
        let (world, owner, device) = try await prepared()
        #expect(await outcome { try await world.restore(owner.address) } == "not locked")
        await exhaust(world, owner, device: device)
        await exhaust(world, owner)
        let restored = try await world.restore(owner.address, remediation: nil)
        #expect(restored.cleared.isEmpty && restored.temporaryPassword == nil)
        #expect(try await world.account(owner.address).password.mustChange)
        #expect(await outcome { try await world.begin(owner.address, owner.password) } == "factor_required")
        #expect(
            await outcome { try await world.begin(owner.address, owner.password, device: device) } == "factor_required")
    }

    @Test("T-3: a change of password ends the device's token")
    func passwordChangeEndsTokens() async throws {
        let (world, owner, device) = try await prepared()
        let id = try await world.signIn(owner, device: device).id
        let changed = try await world.choose(id, "Mưa rào 4 giờ!", current: owner.password)
        let renewed = try #require(changed.device)
        #expect(renewed != device)
        await exhaust(world, owner)
        var next = owner
        next.password = "Mưa rào 4 giờ!"
        #expect(await outcome { try await world.begin(owner.address, next.password, device: device) } == "locked -")
        #expect(
            await outcome { try await world.begin(owner.address, next.password, device: renewed) } == "factor_required")
    }

    @Test("Đ8.2.b: with a single lane no token is given and none is believed")
    func singleLane() async throws {
        let world = try await World()
        let owner = try await world.owner("lanh_dao@hanoi.gov.vn")
        #expect(try await world.signIn(owner).device == nil)
        for round in 0..<5 { _ = await outcome { try await world.begin(owner.address, "Sai \(round)!Abc") } }
        #expect(
            await outcome { try await world.begin(owner.address, owner.password, device: "otpd_dev_a_00") }
                == "locked -")
        #expect(try await world.account(owner.address).locks.map(\.cause) == [.badPassword5])
    }
}
