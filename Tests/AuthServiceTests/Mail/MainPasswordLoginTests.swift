import AuthDomain
import AuthService
import TestKit
import Testing

@Suite("Mail logins with the main password, where it is allowed (R-LOCK-9)")
struct MainPasswordLoginTests {
    private func prepared() async throws -> (World, Owner) {
        let world = try await World { $0.mail.mainPassword = .allow }
        return (world, try await world.owner("an_sotttt@hanoi.gov.vn"))
    }

    @Test("R-LOCK-9: a stale password counts once, however often it comes")
    func stale() async throws {
        let (world, owner) = try await prepared()
        for _ in 0..<100 { #expect(await world.word(owner.address, "Sai rồi 1!A") == "refused wrong_secret") }
        #expect(try await world.failures(owner) == 1)
        #expect(await world.word(owner.address, owner.password) == "ok")
        for round in 0..<3 { _ = await world.word(owner.address, "Sai \(round)!Abc") }
        #expect(try await world.failures(owner) == 4)
        #expect(await world.word(owner.address, "Sai lần năm 5!A") == "refused wrong_secret")
        #expect(try await world.account(owner.address).locks.map(\.cause) == [.badPassword5])
        // Locked and unproven: no oracle, and nothing is evaluated.
        let before = world.observer.evaluated(.password)
        #expect(await world.word(owner.address, owner.password) == "refused locked")
        #expect(world.observer.evaluated(.password) == before)
    }

    @Test("R-LOCK-9: fifty mail programs with one stale password at once count once")
    func storm() async throws {
        let (world, owner) = try await prepared()
        let words = await withTaskGroup(of: String.self) { group in
            for _ in 0..<50 { group.addTask { await world.word(owner.address, "Sai rồi 1!A") } }
            return await group.reduce(into: [String]()) { $0.append($1) }
        }
        #expect(words.allSatisfy { $0 == "refused wrong_secret" || $0 == "unavailable" })
        #expect(try await world.failures(owner) == 1)
    }

    @Test("R-LOCK-9: the password before the present one is free; the one before that counts")
    func previous() async throws {
        let (world, owner) = try await prepared()
        let signIn = try await world.signIn(owner)
        _ = try await world.choose(signIn.id, "Chim sẻ 8 con!", current: owner.password)
        for _ in 0..<20 { #expect(await world.word(owner.address, owner.password) == "refused wrong_secret") }
        #expect(try await world.failures(owner) == 0)
        #expect(await world.word(owner.address, "Chim sẻ 8 con!") == "ok")
        _ = try await world.choose(signIn.id, "Cò trắng 9 con!", current: "Chim sẻ 8 con!")
        #expect(await world.word(owner.address, "Chim sẻ 8 con!") == "refused wrong_secret")
        #expect(try await world.failures(owner) == 0)
        #expect(await world.word(owner.address, owner.password) == "refused wrong_secret")
        #expect(try await world.failures(owner) == 1)
    }

    @Test("A11: a temporary password opens nothing on mail protocols, and hashing that is full is temporary")
    func states() async throws {
        let (world, owner) = try await prepared()
        let made = try await world.provision("moi_sotttt@hanoi.gov.vn")
        #expect(await world.word("moi_sotttt", made.temporaryPassword ?? "") == "denied must_change")
        world.faults.breaking(.hasher)
        #expect(await world.word(owner.address, owner.password) == "unavailable")
        world.faults.breaking(.budget)
        #expect(await world.word(owner.address, owner.password) == "unavailable")
        world.faults.breaking()
        #expect(try await world.failures(owner) == 0)
        #expect(await world.word(owner.address, owner.password) == "ok")
    }
}
