import AuthDomain
import AuthService
import TestKit
import Testing

@Suite("The first sign-in and the ones after it")
struct FirstTimeTests {
    @Test("R-FIRST-1, R-OTP-3: temporary password, enrolment code, new password, authenticator, recovery codes")
    func wholePath() async throws {
        let world = try await World()
        let made = try await world.provision("nguyen_an@hanoi.gov.vn")
        let begun = try await world.begin("nguyen_an", try #require(made.temporaryPassword))
        #expect(begun.status == .factorRequired && begun.assertion == nil)
        #expect(begun.factors.map(\.kind) == [.enrolmentCode])
        let id = begun.id
        #expect(await outcome { try await world.choose(id, "Bồ câu 7 con!") } == "owes factor_required")
        #expect(await outcome { try await world.offer(id) } == "owes factor_required")
        let proven = try await world.prove(id, .enrolmentCode, try #require(made.enrolmentCode))
        #expect(proven.status == .passwordChangeRequired && proven.assertion == nil)
        #expect(await outcome { try await world.offer(id) } == "owes password_change_required")
        #expect(await outcome { try await world.prove(id, .totp, "123456") } == "owes password_change_required")
        #expect(try await world.choose(id, "Bồ câu 7 con!").status == .enrolmentRequired)
        let offer = try await world.offer(id, label: "điện thoại")
        #expect(try await world.read(id).assertion == nil)
        let done = try await world.confirm(id, offer)
        #expect(done.status == .complete && done.assertion != nil && done.recoveryCodes?.count == 10)
        #expect(try await world.read(id).recoveryCodes == nil)
        let account = try await world.account("nguyen_an")
        #expect(account.lastSignInAt == world.clock.now() && account.enrolmentCode == nil)
        #expect(!account.password.mustChange && !account.password.isIssued && account.password.version == 2)
    }

    @Test("R-LOG-3: the rows of a whole first sign-in name client, person, machine and request")
    func auditRows() async throws {
        let world = try await World()
        let owner = try await world.owner("nguyen_an@hanoi.gov.vn")
        let rows = try await world.audit().filter { $0.account != nil && $0.code != .accountProvisioned }
        let expected: [AuditCode] = [
            .factorAccepted, .passwordChanged, .authenticatorEnrolled, .recoveryCodesIssued, .signInCompleted,
        ]
        #expect(rows.map(\.code) == expected)
        for row in rows {
            #expect(row.provenance.client == "sso" && row.provenance.requestID == "r-1")
            #expect(row.provenance.clientAddress == World.stranger && row.provenance.userAgent == "test")
            #expect(row.address == owner.address && row.factor != nil)
        }
        #expect(rows[2].authenticator == owner.authenticator)
    }

    @Test("R-LOG-3: every row keeps the address that was used, also where an alias leads to the mailbox")
    func addressAsUsed() async throws {
        let world = try await World()
        var request = ProvisioningRequest(address: "goc_so@hanoi.gov.vn", kind: .personal)
        request.aliases = ["bidanh_so@thudo.gov.vn"]
        let made = try await ProvisionAccount(ports: world.ports, policy: world.policy)(
            request, provenance: world.desk)
        let id = try await world.begin("bidanh_so@thudo.gov.vn", made.temporaryPassword ?? "").id
        _ = await outcome { try await world.prove(id, .enrolmentCode, "AAAA-AAAA-AAAA") }
        _ = try await world.prove(id, .enrolmentCode, made.enrolmentCode ?? "")
        _ = try await world.choose(id, "Bồ câu 7 con!")
        _ = try await world.confirm(id, try await world.offer(id))
        let rows = try await world.audit().filter { $0.account != nil && $0.code != .accountProvisioned }
        #expect(rows.count == 6)
        #expect(Set(rows.map(\.address)) == ["bidanh_so@thudo.gov.vn"])
    }

    @Test("R-LOG-3: what is no address may be a password typed into the wrong field and is not kept")
    func mistypedPassword() async throws {
        let world = try await World()
        for typed in ["Bồ câu 7 con!", "Hanoi@2026", "Abc 123!xyz"] {
            #expect(await outcome { try await world.begin(typed, "Sai 1!Abc") } == "credentials")
        }
        #expect(await outcome { try await world.begin("ai_do@example.org", "Sai 1!Abc") } == "credentials")
        let rows = try await world.audit(.signInPasswordFailed)
        #expect(rows.count == 4)
        #expect(rows.prefix(3).allSatisfy { $0.address == nil })
        #expect(rows.last?.address == "ai_do@example.org")
    }

    @Test("api.md: a sign-in belongs to its client, ends after ten minutes, and its id is opaque")
    func belongsToClient() async throws {
        let world = try await World()
        let owner = try await world.owner("nguyen_an@hanoi.gov.vn")
        let id = try await world.begin(owner.address, owner.password).id
        let other = Provenance(client: "other", entry: "web")
        #expect(
            await outcome {
                try await ReadSignIn(ports: world.ports, policy: world.policy)(signIn: id, provenance: other)
            } == "not found")
        for rubbish in ["", "sin_", id + "a", String(repeating: "a", count: 10_000), "\u{0}"] {
            #expect(await outcome { try await world.read(rubbish) } == "not found")
        }
        world.clock.advance(by: .seconds(599))
        #expect(await outcome { try await world.read(id) } == "factor_required")
        world.clock.advance(by: .seconds(1))
        #expect(await outcome { try await world.read(id) } == "not found")
    }

    @Test("R-TOTP-5: a used code and the steps before it are refused and not counted")
    func replay() async throws {
        let world = try await World()
        let owner = try await world.owner("nguyen_an@hanoi.gov.vn")
        _ = try await world.signIn(owner)
        let id = try await world.begin(owner.address, owner.password).id
        for steps in [Int64(0), -1] {
            #expect(
                await outcome { try await world.prove(id, .totp, world.code(owner.secret, steps: steps)) } == "code")
        }
        #expect(try await world.account(owner.address).budgets[.oneTimeCode]?.failures == 0)
        #expect(world.observer.count(.replayedCode) == 2)
    }

    @Test("R-TOTP-8: while the clock cannot be trusted TOTP is unavailable, nothing counts, recovery codes work")
    func untrustworthyClock() async throws {
        let world = try await World()
        let owner = try await world.owner("nguyen_an@hanoi.gov.vn")
        world.health.trust(false)
        let id = try await world.begin(owner.address, owner.password).id
        #expect(await outcome { try await world.prove(id, .totp, "123456") } == "unavailable")
        #expect(await outcome { try await world.verify(owner.address, .totp, "123456") } == "unavailable")
        #expect(world.observer.evaluated(.oneTimeCode) == 1)  // the enrolment code of the first sign-in
        let proven = try await world.prove(id, .recovery, owner.recoveryCodes[0])
        #expect(proven.status == .complete && proven.notices.contains(.recoveryCodeUsed))
        let offer = try await world.offer(id, label: "khác")
        #expect(await outcome { try await world.confirm(id, offer) } == "unavailable")
    }

    @Test("R-OTP-2, RFC 6238 §5.2: an enrolment code serves many times, so it is no one-time code for other systems")
    func enrolmentCodeIsNoOneTimeCode() async throws {
        let world = try await World()
        let made = try await world.provision("nguyen_an@hanoi.gov.vn")
        let code = try #require(made.enrolmentCode)
        #expect(await outcome { try await world.verify("nguyen_an", .enrolmentCode, code) } == "request kind")
        #expect(await outcome { try await world.verify("ai_do", .enrolmentCode, code) } == "request kind")
        #expect(world.observer.evaluated(.oneTimeCode) == 0)
    }

    @Test("R-LOCK-8: an unknown address costs as many writes, is locked after five, and is forgotten after 24 hours")
    func unknownAddress() async throws {
        let world = try await World()
        _ = try await world.provision("co_that@hanoi.gov.vn")
        for address in ["co_that@hanoi.gov.vn", "khong_co@hanoi.gov.vn"] {
            world.faults.resetCalls()
            for round in 0..<7 {
                let expected = round < 5 ? "credentials" : "locked -"
                #expect(await outcome { try await world.begin(address, "Sai \(round)!Abc") } == expected)
            }
            #expect(world.faults.calls("judge.judge") == 5)
            #expect(world.faults.calls("hasher.verify") == 5)
            #expect(world.faults.calls("budget.reserve") == 5)
        }
        #expect(world.observer.count(.unknownAddress) == 5 && world.observer.count(.wrongPassword) == 5)
        world.clock.advance(by: .seconds(86_399))
        #expect(await outcome { try await world.begin("khong_co", "Sai 9!Abc") } == "locked -")
        world.clock.advance(by: .seconds(1))
        #expect(await outcome { try await world.begin("khong_co", "Sai 9!Abc") } == "credentials")
        #expect(await outcome { try await world.begin("co_that", "Sai 9!Abc") } == "locked -")
    }

    @Test(
        "R-ADDR-6, R-SCOPE-7: addresses without a login act as unknown ones",
        arguments: [AccountKind.group, .system, .service])
    func withoutLogin(_ kind: AccountKind) async throws {
        let world = try await World()
        let made = try await world.provision("nhom_so@hanoi.gov.vn", kind: kind)
        #expect(made.temporaryPassword == nil && made.enrolmentCode == nil)
        for round in 0..<6 {
            let expected = round < 5 ? "credentials" : "locked -"
            #expect(await outcome { try await world.begin("nhom_so", "Sai \(round)!Abc") } == expected)
        }
        #expect(await outcome { try await world.verify("nhom_so", .totp, "123456") } == "code")
        #expect(try await world.account("nhom_so").locks.isEmpty)
        #expect(await outcome { try await world.issueCode("nhom_so") } == "no login")
        #expect(await outcome { try await world.resetPassword("nhom_so") } == "no login")
    }
}
