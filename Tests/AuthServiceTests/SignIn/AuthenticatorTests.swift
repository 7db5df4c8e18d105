import AuthDomain
import AuthService
import TestKit
import Testing

@Suite("Several authenticators and recovery codes (T-6, R-NIST-4)")
struct AuthenticatorTests {
    /// A complete sign-in in which several holders enrolled.
    private func holders(
        _ world: World, _ labels: [String]
    ) async throws -> (owner: Owner, secrets: [(AuthenticatorID, SecretBytes)]) {
        let owner = try await world.owner("vanthu_sotttt@hanoi.gov.vn", kind: .clerical, label: "Chị Hoa")
        let id = try await world.signIn(owner).id
        var secrets = [(owner.authenticator, owner.secret)]
        for label in labels {
            let offer = try await world.offer(id, label: label)
            #expect(try await world.confirm(id, offer).status == .complete)
            secrets.append((offer.id, SecretBytes(Base32.decode(offer.secret) ?? [])))
        }
        return (owner, secrets)
    }

    @Test("T-6: six holders each sign in with their own; the record tells which")
    func sixHolders() async throws {
        let world = try await World()
        let (owner, secrets) = try await holders(world, ["Anh Ba", "Anh Tư", "Chị Năm", "Chị Sáu", "Anh Bảy"])
        #expect(try await world.account(owner.address).authenticators.count == 6)
        for (authenticator, secret) in secrets {
            world.clock.advance(by: .seconds(60))
            let begun = try await world.begin(owner.address, owner.password)
            #expect(begun.factors.count { $0.kind == .totp } == 6)
            #expect(try await world.prove(begun.id, .totp, world.code(secret)).status == .complete)
            #expect(try await world.audit(.factorAccepted).last?.authenticator == authenticator)
        }
    }

    @Test("T-6, R-URI-4: the same label replaces; the maximum holds, but a replacement still fits")
    func replacingAndMaximum() async throws {
        let world = try await World { $0.maximumAuthenticators = 3 }
        let (owner, secrets) = try await holders(world, ["Anh Ba", "Anh Tư"])
        let id = try await world.signIn(owner).id
        #expect(await outcome { try await world.offer(id, label: "Chị Năm") } == "at most 3")
        let offer = try await world.offer(id, label: "Anh Ba")
        #expect(try await world.confirm(id, offer).status == .complete)
        let account = try await world.account(owner.address)
        #expect(account.authenticators.map(\.label).sorted() == ["Anh Ba", "Anh Tư", "Chị Hoa"])
        world.clock.advance(by: .seconds(60))
        let next = try await world.begin(owner.address, owner.password).id
        #expect(await outcome { try await world.prove(next, .totp, world.code(secrets[1].1)) } == "code")
    }

    @Test("T-6: the maximum holds also for offers made before others were confirmed")
    func maximumAtConfirmation() async throws {
        let world = try await World { $0.maximumAuthenticators = 2 }
        let owner = try await world.owner("vanthu_sotttt@hanoi.gov.vn")
        let id = try await world.signIn(owner).id
        let one = try await world.offer(id, label: "một")
        let two = try await world.offer(id, label: "hai")
        #expect(await outcome { try await world.confirm(id, one) } == "complete")
        #expect(await outcome { try await world.confirm(id, two) } == "at most 2")
    }

    @Test("R-URI-4: replacing the authenticator that this sign-in was proven with keeps the sign-in")
    func replacingOwn() async throws {
        let world = try await World()
        let owner = try await world.owner("le_ba@hanoi.gov.vn")
        let id = try await world.signIn(owner).id
        let offer = try await world.offer(id, label: "điện thoại")
        #expect(try await world.confirm(id, offer).status == .complete)
        #expect(try await world.read(id).status == .complete)
    }

    @Test("T-6, R-OTP-6: revoking an authenticator ends the sign-ins it proved, so that a thief enrols no other")
    func revokedMidway() async throws {
        let world = try await World()
        let (owner, secrets) = try await holders(world, ["Anh Ba"])
        world.clock.advance(by: .seconds(60))
        let thief = try await world.begin(owner.address, owner.password).id
        #expect(try await world.prove(thief, .totp, world.code(secrets[1].1)).status == .complete)
        let honest = try await world.signIn(owner).id
        try await world.revoke(owner.address, secrets[1].0)
        #expect(await outcome { try await world.read(thief) } == "overtaken")
        #expect(await outcome { try await world.offer(thief, label: "trộm") } == "overtaken")
        #expect(
            await outcome { try await world.choose(thief, "Mưa rào 4 giờ!", current: owner.password) } == "overtaken")
        #expect(await outcome { try await world.read(honest) } == "complete")
    }

    @Test("T-6: the budget of one-time codes is one per account, whoever holds the authenticator")
    func oneBudget() async throws {
        let world = try await World()
        let (owner, secrets) = try await holders(world, ["Anh Ba", "Anh Tư"])
        world.clock.advance(by: .seconds(60))
        let id = try await world.begin(owner.address, owner.password).id
        let wrong = world.wrongCode(secrets[0].1, secrets[1].1, secrets[2].1)
        for _ in 0..<5 { #expect(await outcome { try await world.prove(id, .totp, wrong) } == "code") }
        #expect(await outcome { try await world.prove(id, .totp, world.code(secrets[2].1)) } == "locked bad_otp_5")
        #expect(world.observer.evaluated(.oneTimeCode) >= 5 && world.observer.locks == [.badOTP5])
    }

    @Test("principle 3: a secret that cannot be opened is unavailable, not a wrong code, while none other can be tried")
    func unreadableSecret() async throws {
        let world = try await World()
        let (owner, secrets) = try await holders(world, ["Anh Ba"])
        world.clock.advance(by: .seconds(60))
        let id = try await world.begin(owner.address, owner.password).id
        _ = try world.sql("UPDATE authenticators SET secret_sealed = x'00' WHERE id = '\(secrets[0].0.text)'")
        // One can still be guessed at: a wrong code counts.
        #expect(await outcome { try await world.prove(id, .totp, world.wrongCode(secrets[1].1)) } == "code")
        _ = try world.sql("UPDATE authenticators SET secret_sealed = x'00'")
        #expect(await outcome { try await world.prove(id, .totp, world.code(secrets[0].1)) } == "unavailable")
        #expect(try await world.account(owner.address).budgets[.oneTimeCode]?.failures == 1)
        #expect(world.observer.unreadable == 3)
    }

    @Test("R-OTP-3: five wrong first codes end an enrolment and count on no budget; ten minutes end it too")
    func wrongFirstCodes() async throws {
        let world = try await World()
        let owner = try await world.owner("le_ba@hanoi.gov.vn")
        let id = try await world.signIn(owner).id
        let offer = try await world.offer(id, label: "mới")
        let secret = SecretBytes(Base32.decode(offer.secret) ?? [])
        for _ in 0..<5 {
            #expect(await outcome { try await world.confirm(id, offer, code: world.wrongCode(secret)) } == "code")
        }
        #expect(await outcome { try await world.confirm(id, offer) } == "not found")
        #expect(try await world.account(owner.address).budgets[.oneTimeCode]?.failures == 0)
        let late = try await world.offer(id, label: "mới")
        world.clock.advance(by: .seconds(599))
        #expect(await outcome { try await world.confirm(id, late) } == "complete")
    }

    @Test("R-OTP-3: a pending enrolment ends at ten minutes, at most three wait")
    func pendingEnds() async throws {
        let world = try await World { $0.afterCompletion = .seconds(3600) }
        let owner = try await world.owner("le_ba@hanoi.gov.vn")
        let id = try await world.signIn(owner).id
        let late = try await world.offer(id, label: "muộn")
        world.clock.advance(by: .seconds(600))
        #expect(await outcome { try await world.confirm(id, late) } == "not found")
        var offers: [EnrolmentOffer] = []
        for label in ["a", "b", "c", "d"] { offers.append(try await world.offer(id, label: label)) }
        #expect(await outcome { try await world.confirm(id, offers[0]) } == "not found")
        #expect(await outcome { try await world.confirm(id, offers[1]) } == "complete")
    }

    @Test(
        "R-URI-3: labels are one to 64 printable characters",
        arguments: [
            "", "\u{7}", "a\nb", String(repeating: "a", count: 65), "e" + String(repeating: "\u{301}", count: 300),
        ])
    func labels(_ label: String) async throws {
        let world = try await World()
        let owner = try await world.owner("le_ba@hanoi.gov.vn")
        let id = try await world.signIn(owner).id
        #expect(await outcome { try await world.offer(id, label: label) } == "request label")
    }

    @Test("R-NIST-4: each recovery code serves once; five wrong ones lock on a budget of their own")
    func recoveryCodes() async throws {
        let world = try await World()
        let owner = try await world.owner("le_ba@hanoi.gov.vn")
        for (number, code) in owner.recoveryCodes.enumerated() {
            var id = try await world.begin(owner.address, owner.password).id
            let spelled = number == 0 ? code.lowercased().replacing("-", with: " ") : code
            #expect(try await world.prove(id, .recovery, spelled).status == .complete)
            #expect(try await world.account(owner.address).recoveryCodesLeft == 9 - number)
            guard number < 4 else { continue }
            id = try await world.begin(owner.address, owner.password).id
            #expect(await outcome { try await world.prove(id, .recovery, code) } == "code")
        }
        let account = try await world.account(owner.address)
        #expect(account.budgets[.oneTimeCode]?.failures == 0 && account.locks.isEmpty)
    }

    @Test("R-LOCK-5: five wrong recovery codes lock by bad_otp_5")
    func wrongRecoveryCodes() async throws {
        let world = try await World()
        let owner = try await world.owner("le_ba@hanoi.gov.vn")
        let id = try await world.begin(owner.address, owner.password).id
        for slot in 0..<5 {
            #expect(await outcome { try await world.prove(id, .recovery, "\(slot)AAA-AAAA-AAAA") } == "code")
        }
        #expect(await outcome { try await world.prove(id, .recovery, owner.recoveryCodes[0]) } == "locked bad_otp_5")
        let account = try await world.account(owner.address)
        #expect(account.budgets[.recoveryCode]?.failures == 5 && account.budgets[.oneTimeCode]?.failures == 0)
    }

    @Test("R-NIST-4, R-OTP-6: the operator's code brings new recovery codes, and the old ones die")
    func regenerated() async throws {
        let world = try await World()
        let owner = try await world.owner("le_ba@hanoi.gov.vn")
        let code = try await world.issueCode(owner.address)
        let id = try await world.begin(owner.address, owner.password).id
        #expect(try await world.prove(id, .enrolmentCode, code).status == .enrolmentRequired)
        let done = try await world.confirm(id, try await world.offer(id, label: "máy mới"))
        #expect(done.recoveryCodes?.count == 10)
        let next = try await world.begin(owner.address, owner.password).id
        #expect(await outcome { try await world.prove(next, .recovery, owner.recoveryCodes[5]) } == "code")
        #expect(try await world.prove(next, .recovery, done.recoveryCodes?[5] ?? "").status == .complete)
    }

    @Test("R-FIRST-5: an enrolment code that was spent or replaced meanwhile ends the sign-in it proved")
    func spentMeanwhile() async throws {
        let world = try await World()
        let owner = try await world.owner("le_ba@hanoi.gov.vn")
        let code = try await world.issueCode(owner.address)
        var ids: [String] = []
        for _ in 0..<2 {
            let id = try await world.begin(owner.address, owner.password).id
            #expect(try await world.prove(id, .enrolmentCode, code).status == .enrolmentRequired)
            ids.append(id)
        }
        _ = try await world.confirm(ids[0], try await world.offer(ids[0], label: "một"))
        let second = try await world.offer(ids[1], label: "hai")
        #expect(await outcome { try await world.confirm(ids[1], second) } == "overtaken")
        #expect(try await world.account(owner.address).authenticators.count == 2)
    }

    @Test("api.md: a sign-in whose last step another one took begins anew: complete never comes without an assertion")
    func lastStepTakenByAnother() async throws {
        let world = try await World()
        let owner = try await world.owner("le_ba@hanoi.gov.vn")
        try await world.revoke(owner.address, owner.authenticator)
        var ids: [String] = []
        for number in 0..<2 {
            let id = try await world.begin(owner.address, owner.password).id
            #expect(try await world.prove(id, .recovery, owner.recoveryCodes[number]).status == .enrolmentRequired)
            ids.append(id)
        }
        #expect(try await world.confirm(ids[0], try await world.offer(ids[0])).assertion != nil)
        #expect(await outcome { try await world.read(ids[1]) } == "overtaken")
    }

    @Test("R-OTP-3: an enrolment code ends at its exact instant and counts as a wrong code afterwards")
    func enrolmentCodeExpiry() async throws {
        let world = try await World()
        let made = try await world.provision("le_ba@hanoi.gov.vn")
        world.clock.advance(by: .seconds(7 * 86_400 - 1))
        let id = try await world.begin("le_ba", made.temporaryPassword ?? "").id
        #expect(
            await outcome { try await world.prove(id, .enrolmentCode, made.enrolmentCode ?? "") }
                == "password_change_required")
        let next = try await world.begin("le_ba", made.temporaryPassword ?? "").id
        world.clock.advance(by: .seconds(1))
        #expect(try await world.read(next).notices == [.noUsableFactor])
        #expect(await outcome { try await world.prove(next, .enrolmentCode, made.enrolmentCode ?? "") } == "code")
        #expect(try await world.account("le_ba").budgets[.oneTimeCode]?.failures == 1)
    }
}
