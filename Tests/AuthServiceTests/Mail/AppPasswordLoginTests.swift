import AuthDomain
import AuthService
import SQLStore
import TestKit
import Testing

@Suite("Mail logins with app passwords (T-4)")
struct AppPasswordLoginTests {
    private func prepared(
        _ adjust: (inout ServicePolicy) -> Void = { _ in }
    ) async throws -> (World, Owner) {
        let world = try await World(adjust)
        return (world, try await world.owner("an_sotttt@hanoi.gov.vn"))
    }

    @Test("T-4: it opens its services for every spelling of name and password, and notes its last use")
    func opens() async throws {
        let (world, owner) = try await prepared()
        let made = try await world.appPassword(owner)
        for user in ["an_sotttt", "an_sotttt@hanoi.gov.vn", "AN_SOTTTT@Hanoi.gov.vn"] {
            guard case .accepted(let login) = await world.login(user, made.password) else {
                Issue.record("\(user)")
                continue
            }
            #expect(login.address.text == owner.address && login.service == .imap)
        }
        #expect(await world.word("an_sotttt", made.password.uppercased().replacing("-", with: " "), "smtp") == "ok")
        #expect(await world.word("an_sotttt", made.password, "submission", from: "198.51.100.4") == "ok")
        try await world.mail.uses.flush()
        let use = try #require(try await world.store.appPasswords(of: made.record.account).first?.lastUse)
        #expect(use.service == .smtp && use.address == "198.51.100.4" && use.time == world.clock.now())
        #expect(try await world.failures(owner) == 0)
    }

    @Test("T-4: a wrong scope, network, expired or revoked one is refused like a wrong one")
    func bounded() async throws {
        let (world, owner) = try await prepared()
        let made = try await world.appPassword(
            owner, [.imap], networks: ["10.0.0.0/8"], expiresAt: world.clock.now() + .seconds(3600))
        #expect(await world.word("an_sotttt", made.password, from: "10.1.1.1") == "ok")
        #expect(await world.word("an_sotttt", made.password, "smtp", from: "10.1.1.1") == "refused scope")
        #expect(await world.word("an_sotttt", made.password, "sieve", from: "10.1.1.1") == "refused scope")
        #expect(await world.word("an_sotttt", made.password) == "refused network")
        #expect(await world.word("an_sotttt", made.password, from: nil) == "refused network")
        #expect(await world.word("an_sotttt", made.password, "doveadm") == "refused unknown_service")
        world.clock.advance(by: .seconds(3600))
        #expect(await world.word("an_sotttt", made.password, from: "10.1.1.1") == "refused expired")
        let other = try await world.appPassword(owner, [.imap])
        #expect(await world.word("an_sotttt", other.password) == "ok")
        let signIn = try await world.signIn(owner)
        try await AppPasswordDesk(mail: world.mail, policy: world.policy).revoke(
            signIn: signIn.id, other.record.id, provenance: world.provenance)
        #expect(await world.word("an_sotttt", other.password) == "refused wrong_secret")
        #expect(try await world.audit(.appPasswordRevoked).count == 1)
    }

    @Test("T-4: the main password is refused unseen: 100 tries evaluate nothing and touch no budget")
    func mainPasswordRefused() async throws {
        let (world, owner) = try await prepared()
        world.faults.resetCalls()
        let before = world.observer.evaluated(.password)
        for round in 0..<100 {
            let tried = round % 2 == 0 ? owner.password : "Sai \(round)!Abc"
            #expect(await world.word(owner.address, tried) == "refused main_password")
        }
        #expect(world.observer.evaluated(.password) == before)
        for call in ["accounts.mailLogin", "hasher.verify", "throttle.wait", "throttle.take", "budget.reserve"] {
            #expect(world.faults.calls(call) == 0, "\(call)")
        }
        #expect(try await world.failures(owner) == 0)
        #expect(try await world.account(owner.address).locks.isEmpty)
    }

    @Test("R-LOCK-9: wrong app passwords never lock the mailbox, whatever their number")
    func wrongOnes() async throws {
        let (world, owner) = try await prepared()
        let made = try await world.appPassword(owner)
        for index in 0..<200 {
            let wrong = AppPassword(random: (0..<10).map { UInt8(($0 * 7 + index) & 255) }).text
            #expect(await world.word(owner.address, wrong) == "refused wrong_secret")
        }
        #expect(try await world.failures(owner) == 0)
        #expect(await world.word(owner.address, made.password) == "ok")
        #expect(await world.word("nobody_here", made.password) == "refused wrong_secret")
        #expect(await world.word("an@example.org", made.password) == "refused unknown_address")
    }

    @Test("R-LOCK-1, R-LOCK-17: locked: the right secret learns why, a wrong one nothing")
    func locked() async throws {
        let (world, owner) = try await prepared()
        let made = try await world.appPassword(owner)
        try await world.lock(owner.address, .spamMalware)
        for service in ["imap", "smtp"] {
            #expect(await world.word(owner.address, made.password, service) == "denied locked")
        }
        #expect(await world.word(owner.address, "aaaa-aaaa-aaaa-aaaa") == "refused wrong_secret")
        #expect(await world.word(owner.address, owner.password) == "refused main_password")
        _ = try await world.restore(owner.address)
        #expect(await world.word(owner.address, made.password) == "denied must_change")
    }

    @Test("R-LOCK-10, R-REST-5: a lock for a leaked secret ends app passwords for good")
    func ended() async throws {
        let (world, owner) = try await prepared()
        let made = try await world.appPassword(owner)
        try await world.lock(owner.address, .credentialLeak)
        #expect(await world.word(owner.address, made.password) == "refused wrong_secret")
        _ = try await world.restore(owner.address)
        #expect(await world.word(owner.address, made.password) == "refused wrong_secret")
    }

    @Test("R-AVAIL: database or counters down: temporary, and nothing is counted", arguments: [true, false])
    func faults(throttled: Bool) async throws {
        let (world, owner) = try await prepared { $0.throttle = throttled ? ThrottlePolicy() : nil }
        let made = try await world.appPassword(owner)
        for part in [Faults.Part.accounts, .throttle] {
            world.faults.breaking(part)
            #expect(await world.word(owner.address, made.password) == "unavailable")
            #expect(await world.word(owner.address, "aaaa-aaaa-aaaa-aaaa") == "unavailable")
        }
        world.faults.breaking()
        #expect(await world.word(owner.address, made.password) == "ok")
        try await world.mail.refusals.flush(now: world.clock.now(), all: true)
        #expect(try await world.audit(.mailLoginsRefused).isEmpty)
    }

    @Test("T-3: new wrong values use up the bucket of their client, repeated ones and right ones do not")
    func bucket() async throws {
        let (world, owner) = try await prepared { policy in
            policy.throttle = ThrottlePolicy()
            policy.mail.wrongValues = AttemptRate(burst: 5, refill: .seconds(60))
        }
        let made = try await world.appPassword(owner)
        for _ in 0..<50 { #expect(await world.word(owner.address, "aaaa-aaaa-aaaa-aaaa") == "refused wrong_secret") }
        for index in 0..<4 {
            let wrong = "aaaa-aaaa-aaaa-aaa" + ["b", "c", "d", "e"][index]
            #expect(await world.word(owner.address, wrong) == "refused wrong_secret")
        }
        #expect(await world.word(owner.address, "aaaa-aaaa-aaaa-aaaf") == "unavailable")
        #expect(await world.word(owner.address, made.password) == "unavailable")
        #expect(await world.word(owner.address, made.password, from: "198.51.100.4") == "ok")
        world.clock.advance(by: .seconds(60))
        #expect(await world.word(owner.address, made.password) == "ok")
    }

    @Test("R-LOG-3: refusals become one row for each account, client address and hour")
    func record() async throws {
        let (world, owner) = try await prepared()
        for _ in 0..<30 { _ = await world.login(owner.address, owner.password) }
        _ = await world.login(owner.address, "aaaa-aaaa-aaaa-aaaa", "smtp")
        _ = await world.login(owner.address, owner.password, from: "198.51.100.4")
        try await world.mail.refusals.flush(now: world.clock.now())
        #expect(try await world.audit(.mailLoginsRefused).isEmpty)
        world.clock.advance(by: .seconds(3600))
        _ = await world.login(owner.address, owner.password)
        try await world.mail.refusals.flush(now: world.clock.now())
        let rows = try await world.audit(.mailLoginsRefused)
        #expect(rows.count == 2)
        let row = try #require(rows.first { $0.provenance.clientAddress == World.stranger })
        #expect(row.detail?.contains("31 refused") == true && row.detail?.contains("2 values") == true)
        #expect(row.detail?.contains("main_password=30 wrong_secret=1 services=imap,smtp") == true)
        #expect(row.account != nil && row.address == owner.address)
        #expect(!(row.detail ?? "").contains(owner.password))
        try await world.mail.refusals.flush(now: world.clock.now(), all: true)
        #expect(try await world.audit(.mailLoginsRefused).count == 3)
    }

    @Test("R-LIFE-9: refusals of an address that was issued anew since are not put on its new owner's record")
    func reissued() async throws {
        let (world, owner) = try await prepared()
        for _ in 0..<3 { _ = await world.login(owner.address, owner.password) }
        let old = try await world.account(owner.address)
        try await world.store.destroy(
            old.id, now: world.clock.now(),
            event: AuditEvent(
                time: world.clock.now(), code: .accountDestroyed, result: .success, account: old.id,
                provenance: Provenance(client: "desk", entry: "api")))
        world.clock.advance(by: .seconds(60))
        _ = try await world.owner(owner.address)
        try await world.mail.refusals.flush(now: world.clock.now(), all: true)
        let rows = try await world.audit(.mailLoginsRefused)
        #expect(rows.count == 1 && rows[0].account == nil && rows[0].address == owner.address)
    }

    @Test("R-SCOPE-7: an application gets its own from an operator, with the paper; a person never does")
    func application() async throws {
        let (world, owner) = try await prepared()
        _ = try await world.provision("cong_dvc@hanoi.gov.vn", kind: .service)
        let manage = ManageAppPasswords(mail: world.mail, policy: world.policy)
        let request = AppPasswordRequest(label: "Cổng", services: [.smtp])
        let made = try await manage.issue(
            "cong_dvc@hanoi.gov.vn", request, document: "Số 12/UBND", provenance: world.desk)
        #expect(made.record.document == "Số 12/UBND")
        #expect(await world.word("cong_dvc", made.password, "smtp") == "ok")
        #expect(await world.word("cong_dvc", made.password, "imap") == "refused scope")
        #expect(
            await outcome {
                try await manage.issue(owner.address, request, document: "Số 12/UBND", provenance: world.desk)
            } == "request account")
        try await manage.revoke("cong_dvc@hanoi.gov.vn", made.record.id, provenance: world.desk)
        #expect(await world.word("cong_dvc", made.password, "smtp") == "refused wrong_secret")
    }

    @Test("T-4: only a complete sign-in makes one, at most as many as allowed")
    func issuing() async throws {
        let (world, owner) = try await prepared { $0.mail.maximumAppPasswords = 2 }
        let desk = AppPasswordDesk(mail: world.mail, policy: world.policy)
        let request = AppPasswordRequest(label: "x", services: [.imap])
        let open = try await world.begin(owner.address, owner.password)
        await #expect(throws: AppPasswordFailure.self) {
            try await desk.issue(signIn: open.id, request, provenance: world.provenance)
        }
        let done = try await world.signIn(owner)
        for bad in [
            AppPasswordRequest(label: " ", services: [.imap]), AppPasswordRequest(label: "x", services: []),
            AppPasswordRequest(label: "a\u{7}b", services: [.imap]),
            AppPasswordRequest(label: "x", services: [.imap], expiresAt: world.clock.now()),
        ] {
            await #expect(throws: AppPasswordFailure.self) {
                try await desk.issue(signIn: done.id, bad, provenance: world.provenance)
            }
        }
        for _ in 0..<2 { _ = try await desk.issue(signIn: done.id, request, provenance: world.provenance) }
        do {
            _ = try await desk.issue(signIn: done.id, request, provenance: world.provenance)
            Issue.record("a third one")
        } catch {
            guard case .tooMany(maximum: 2) = error else {
                Issue.record("\(error)")
                return
            }
        }
        #expect(try await desk.list(signIn: done.id, provenance: world.provenance).count == 2)
    }
}
