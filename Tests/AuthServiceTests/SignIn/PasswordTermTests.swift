import AuthDomain
import AuthService
import TestKit
import Testing

@Suite("Passwords: change, rotation and terms")
struct PasswordTermTests {
    @Test("api.md: after completion the password changes with the present one, for ten minutes")
    func changeAfterCompletion() async throws {
        let world = try await World()
        let owner = try await world.owner("tran_tu@hanoi.gov.vn")
        let id = try await world.signIn(owner).id
        #expect(await outcome { try await world.choose(id, "Mưa rào 4 giờ!") } == "request current_password")
        #expect(
            await outcome { try await world.choose(id, "Mưa rào 4 giờ!", current: "") } == "request current_password")
        #expect(await outcome { try await world.choose(id, "Mưa rào 4 giờ!", current: "Sai 1!Abc") } == "credentials")
        #expect(try await world.account(owner.address).budgets[.password]?.failures == 1)
        #expect(await outcome { try await world.choose(id, "Mưa rào 4 giờ!", current: owner.password) } == "complete")
        #expect(await outcome { try await world.begin(owner.address, owner.password) } == "credentials")
        #expect(await outcome { try await world.begin(owner.address, "Mưa rào 4 giờ!") } == "factor_required")
    }

    @Test("api.md: the ten minutes end exactly")
    func tenMinutes() async throws {
        let world = try await World()
        let owner = try await world.owner("tran_tu@hanoi.gov.vn")
        let id = try await world.signIn(owner).id
        world.clock.advance(by: .seconds(599))
        #expect(await outcome { try await world.read(id) } == "complete")
        world.clock.advance(by: .seconds(1))
        #expect(await outcome { try await world.choose(id, "Mưa rào 4 giờ!", current: owner.password) } == "not found")
    }

    @Test("R-LOCK-8, R-CS-4: wrong present passwords count, lock at five, and are recorded as failed changes")
    func wrongPresentPasswords() async throws {
        let world = try await World()
        let owner = try await world.owner("tran_tu@hanoi.gov.vn")
        let id = try await world.signIn(owner).id
        for round in 0..<5 {
            #expect(
                await outcome { try await world.choose(id, "Mưa rào 4 giờ!", current: "Sai \(round)!Abc") }
                    == "credentials")
        }
        #expect(
            await outcome { try await world.choose(id, "Mưa rào 4 giờ!", current: owner.password) }
                == "locked bad_password_5")
        #expect(try await world.audit(.passwordChangeFailed).count == 5)
        #expect(try await world.audit(.signInPasswordFailed).isEmpty)
        let row = try #require(try await world.audit(.passwordChangeFailed).first)
        #expect(row.provenance.clientAddress == World.stranger && row.result == .failure)
    }

    @Test("R-PW-7: the present, the issued and the last five passwords are refused")
    func history() async throws {
        let world = try await World()
        let owner = try await world.owner("tran_tu@hanoi.gov.vn", password: "Chuỗi số 0!")
        let id = try await world.signIn(owner).id
        #expect(
            await outcome { try await world.choose(id, "Chuỗi số 0!", current: "Chuỗi số 0!") } == "rejected reused")
        for number in 1...6 {
            let (old, new) = ("Chuỗi số \(number - 1)!", "Chuỗi số \(number)!")
            #expect(await outcome { try await world.choose(id, new, current: old) } == "complete")
        }
        #expect(
            await outcome { try await world.choose(id, "Chuỗi số 1!", current: "Chuỗi số 6!") } == "rejected reused")
        #expect(await outcome { try await world.choose(id, "Chuỗi số 0!", current: "Chuỗi số 6!") } == "complete")
    }

    @Test("T-2: at exactly the maximum age a password is reminded of, must change, or is left alone")
    func rotation() async throws {
        for (rotation, young, old, notice) in [
            (PasswordRotation.remind, "complete", "complete", true),
            (.enforce, "complete", "password_change_required", false),
            (.off, "complete", "complete", false),
        ] {
            let world = try await World { $0.rotation = rotation }
            let owner = try await world.owner("tran_tu@hanoi.gov.vn")
            let changed = try await world.account(owner.address).password.changedAt
            world.clock.step(to: changed + .seconds(180 * 86_400) - .seconds(61))
            #expect(try await world.signIn(owner).status.rawValue == young)
            world.clock.step(to: changed + .seconds(180 * 86_400) - .seconds(60))
            let view = try await world.signIn(owner)
            #expect(view.status.rawValue == old && (view.assertion == nil) == (old != "complete"))
            #expect(view.notices.contains(.passwordIsOld(days: 180)) == notice)
            guard rotation == .enforce else { continue }
            #expect(await outcome { try await world.choose(view.id, "Mưa rào 4 giờ!") } == "complete")
        }
    }

    @Test("A11, R-LIFE-10: a recalled mailbox signs in, may not change its password, and is spared the rotation")
    func recalled() async throws {
        for rotation in [PasswordRotation.enforce, .remind] {
            let world = try await World { $0.rotation = rotation }
            let owner = try await world.owner("tran_tu@hanoi.gov.vn")
            _ = try world.sql("UPDATE accounts SET lifecycle = 'recalled'")
            world.clock.advance(by: .seconds(181 * 86_400))
            let view = try await world.signIn(owner)
            #expect(view.status == .complete && view.assertion != nil && view.notices.isEmpty)
            #expect(
                await outcome { try await world.choose(view.id, "Mưa rào 4 giờ!", current: owner.password) }
                    == "owes complete")
        }
    }

    @Test("A11: a transferred mailbox signs in and may change its password; must-change comes first when recalled")
    func transferred() async throws {
        let world = try await World()
        let owner = try await world.owner("tran_tu@hanoi.gov.vn")
        _ = try world.sql("UPDATE accounts SET lifecycle = 'transferred'")
        let id = try await world.signIn(owner).id
        #expect(await outcome { try await world.choose(id, "Mưa rào 4 giờ!", current: owner.password) } == "complete")
        _ = try world.sql("UPDATE accounts SET lifecycle = 'recalled', must_change = 1")
        var changed = owner
        changed.password = "Mưa rào 4 giờ!"
        let again = try await world.signIn(changed)
        #expect(again.status == .passwordChangeRequired)
        #expect(await outcome { try await world.choose(again.id, "Nắng hạn 5 ngày!") } == "complete")
    }

    @Test("R-FIRST-8: a temporary password ends at its exact instant, and whoever asks then finds the mailbox locked")
    func temporaryPasswordEnds() async throws {
        let world = try await World()
        let owner = try await world.owner("tran_tu@hanoi.gov.vn")
        var temporary = try await world.resetPassword(owner.address)
        world.clock.advance(by: .seconds(5 * 86_400) - .milliseconds(1))
        #expect(await outcome { try await world.begin(owner.address, temporary) } == "factor_required")
        #expect(await outcome { try await world.begin(owner.address, "Sai 1!Abc") } == "credentials")
        world.clock.advance(by: .milliseconds(1))
        #expect(await outcome { try await world.begin(owner.address, "Sai 2!Abc") } == "locked -")
        #expect(await outcome { try await world.begin(owner.address, temporary) } == "locked -")
        #expect(try await world.account(owner.address).locks.map(\.cause) == [.temporaryPasswordExpired])
        #expect(try await world.audit(.signInLocked).map(\.cause) == [.temporaryPasswordExpired])
        #expect(world.observer.locks == [.temporaryPasswordExpired])
        temporary = try #require(try await world.restore(owner.address, remediation: nil).temporaryPassword)
        #expect(await outcome { try await world.begin(owner.address, temporary) } == "factor_required")
    }

    @Test("R-FIRST-6: a temporary password that ends in the middle of a sign-in ends it at every step")
    func temporaryPasswordEndsMidway() async throws {
        for steps in 0...1 {
            let world = try await World()
            let owner = try await world.owner("tran_tu@hanoi.gov.vn")
            let temporary = try await world.resetPassword(owner.address)
            world.clock.advance(by: .seconds(5 * 86_400 - 60))
            let id = try await world.begin(owner.address, temporary).id
            if steps > 0 { _ = try await world.prove(id, .totp, world.code(owner.secret)) }
            world.clock.advance(by: .seconds(60))
            let result = await outcome {
                steps > 0
                    ? try await world.choose(id, "Mưa rào 4 giờ!")
                    : try await world.prove(id, .totp, world.code(owner.secret))
            }
            #expect(result == "locked temp_password_expired")
            #expect(try await world.account(owner.address).locks.map(\.cause) == [.temporaryPasswordExpired])
        }
    }

    @Test("R-FIRST-6: the instant of the commit decides, not that of the call")
    func commitDecides() async throws {
        let world = try await World()
        let owner = try await world.owner("tran_tu@hanoi.gov.vn")
        let temporary = try await world.resetPassword(owner.address)
        world.clock.advance(by: .seconds(5 * 86_400 - 60))
        let id = try await world.begin(owner.address, temporary).id
        _ = try await world.prove(id, .totp, world.code(owner.secret))
        let gate = Gate()
        world.faults.holdingVerifications(at: gate)
        world.faults.resetCalls()
        async let result = outcome { try await world.choose(id, "Mưa rào 4 giờ!") }
        while world.faults.calls("hasher.verify") < 1 { await Task.yield() }
        world.clock.advance(by: .seconds(60))
        await gate.open()
        #expect(await result == "locked temp_password_expired")
    }

    @Test("ASVS 6.4: an operator's reset overtakes every open sign-in")
    func overtaken() async throws {
        let world = try await World()
        let owner = try await world.owner("tran_tu@hanoi.gov.vn")
        let open = try await world.begin(owner.address, owner.password).id
        let complete = try await world.signIn(owner).id
        _ = try await world.resetPassword(owner.address)
        for id in [open, complete] {
            #expect(await outcome { try await world.read(id) } == "overtaken")
            #expect(await outcome { try await world.prove(id, .totp, world.code(owner.secret)) } == "overtaken")
            #expect(await outcome { try await world.offer(id) } == "overtaken")
            #expect(await outcome { try await world.choose(id, "Mưa rào 4 giờ!") } == "overtaken")
        }
    }
}
