import AuthDomain
import AuthService
import TestKit
import Testing

@Suite("Access tokens for mail (T-4)")
struct AccessTokenTests {
    private func standing(_ world: World, _ token: String) async -> String {
        switch await AccessTokens(mail: world.mail, policy: world.policy).introspect(token) {
        case .active(let token): token.maySend ? "active" : "reading"
        case .inactive: "inactive"
        case .unavailable: "unavailable"
        }
    }

    private func prepared() async throws -> (World, Owner, SignInView, String) {
        let world = try await World()
        let owner = try await world.owner("an_sotttt@hanoi.gov.vn")
        let signIn = try await world.signIn(owner)
        let token = try await AccessTokens(mail: world.mail, policy: world.policy).issue(
            signIn: signIn.id, provenance: world.provenance)
        return (world, owner, signIn, token.text)
    }

    @Test("T-4, R-LOCK-10: a lock ends a token at once, and the restoration does not bring it back")
    func lock() async throws {
        let (world, owner, _, token) = try await prepared()
        #expect(await standing(world, token) == "active")
        try await world.lock(owner.address, .spamMalware)
        #expect(await standing(world, token) == "inactive")
        _ = try await world.restore(owner.address)
        #expect(await standing(world, token) == "inactive")
    }

    @Test("T-4: a change of the password ends a token, and so does its time")
    func change() async throws {
        let (world, owner, signIn, token) = try await prepared()
        _ = try await world.choose(signIn.id, "Chim sẻ 8 con!", current: owner.password)
        #expect(await standing(world, token) == "inactive")
        let second = try await AccessTokens(mail: world.mail, policy: world.policy).issue(
            signIn: signIn.id, provenance: world.provenance)
        #expect(await standing(world, second.text) == "active")
        world.clock.advance(by: second.lifetime - .milliseconds(1))
        #expect(await standing(world, second.text) == "active")
        world.clock.advance(by: .milliseconds(1))
        #expect(await standing(world, second.text) == "inactive")
    }

    @Test("T-4: a token that was changed, cut or made elsewhere is nothing; the database down is temporary")
    func foreign() async throws {
        let (world, _, _, token) = try await prepared()
        let other = try await World(seed: 99)
        #expect(await standing(other, token) == "inactive")
        for rubbish in [
            "", "otpd_at_", "otpd_at_.", String(token.dropLast()), token + "A", "x" + token,
            token.replacing("otpd_at_", with: "otpd_at_A"), String(repeating: "A", count: 100_000),
        ] {
            #expect(await standing(world, rubbish) == "inactive")
        }
        world.faults.breaking(.accounts)
        #expect(await standing(world, token) == "unavailable")
    }

    @Test("T-4: an unfinished sign-in gets none")
    func unfinished() async throws {
        let world = try await World()
        let owner = try await world.owner("an_sotttt@hanoi.gov.vn")
        let open = try await world.begin(owner.address, owner.password)
        #expect(
            await outcome {
                try await AccessTokens(mail: world.mail, policy: world.policy).issue(
                    signIn: open.id, provenance: world.provenance)
            } == "owes factor_required")
    }
}
