import AuthDomain
import AuthService
import TestKit
import Testing

@Suite("Changing the number that codes go to (R-OTP-6, R-PHONE-5, R-PHONE-6)")
struct PhoneChangeTests {
    private static let an = "nguyen_an@hanoi.gov.vn"
    private static let new = "0987654321"

    @Test("The number becomes active once its code came back; the old one is told; the record has both masked")
    func change() async throws {
        let (world, handset) = try await World.messaging()
        _ = try await world.provision(Self.an, phone: World.phone)
        let proposed = try await world.propose(Self.an, Self.new)
        #expect(proposed.sent.phone == "******321" && handset.deliveries.last?.phone == "+84987654321")
        var account = try await world.account(Self.an)
        #expect(account.maskedPhone == "******678" && account.pendingPhone == "******321")
        let code = handset.code()
        _ = try await world.requestCode(Self.an)
        #expect(handset.deliveries.last?.phone == "+84912345678")
        #expect(await outcome { try await world.confirmPhone(Self.an, handset.code()) } == "code")
        account = try await world.confirmPhone(Self.an, code).account
        #expect(account.maskedPhone == "******321" && account.pendingPhone == nil)
        #expect(account.phone?.confirmedAt == world.clock.now() && account.budgets[.oneTimeCode]?.failures == 0)
        let word = try #require(handset.deliveries.last)
        #expect(word.phone == "+84912345678" && word.code == nil && word.text.contains("da duoc doi"))
        #expect(try await world.audit(.phoneChanged).first?.detail == "******678 to ******321")
        #expect(try await world.audit(.phoneProposed).first?.document == "Mẫu 04 số 7")
        #expect(await outcome { try await world.confirmPhone(Self.an, code) } == "no pending phone")
    }

    @Test("The same call again sends the same code once more, after the gap; another number has another")
    func again() async throws {
        let (world, handset) = try await World.messaging()
        _ = try await world.provision(Self.an, phone: World.phone)
        _ = try await world.propose(Self.an, Self.new)
        let code = handset.code()
        #expect(await outcome { try await world.propose(Self.an, "+84 987 654 321") } == "send refused")
        world.clock.advance(by: .seconds(60))
        #expect(try await world.propose(Self.an, Self.new).sent.expiresIn == .seconds(240))
        #expect(handset.code() == code)
        _ = try await world.propose(Self.an, "0966554433")
        #expect(await outcome { try await world.confirmPhone(Self.an, code) } == "code")
        _ = try await world.confirmPhone(Self.an, handset.code("+84966554433"))
        #expect(try await world.account(Self.an).maskedPhone == "******433")
    }

    @Test("Five wrong codes lock the mailbox; a code that ran out is refused")
    func wrongCodes() async throws {
        let (world, handset) = try await World.messaging()
        _ = try await world.provision(Self.an, phone: World.phone)
        _ = try await world.propose(Self.an, Self.new)
        world.clock.advance(by: .seconds(300))
        #expect(await outcome { try await world.confirmPhone(Self.an, handset.code()) } == "code")
        _ = try await world.propose(Self.an, Self.new)
        for _ in 0..<4 {
            let wrong = other(than: handset.code())
            #expect(await outcome { try await world.confirmPhone(Self.an, wrong) } == "code")
        }
        #expect(await outcome { try await world.confirmPhone(Self.an, handset.code()) } == "stands locked")
        #expect(try await world.account(Self.an).locks.map(\.cause) == [.badOTP5])
        #expect(await outcome { try await world.propose(Self.an, Self.new) } == "stands locked")
    }

    @Test("Mẫu 02: with a hand-over authenticators and codes of the one before end, and a temporary password is issued")
    func handOver() async throws {
        let (world, handset) = try await World.messaging()
        let owner = try await world.owner("so_tttt@hanoi.gov.vn", kind: .organisation)
        _ = try await world.propose("so_tttt", Self.new, handsOver: true)
        let done = try await world.confirmPhone("so_tttt", handset.code())
        #expect(done.account.authenticators.isEmpty && done.account.recoveryCodesLeft == 0)
        #expect(await outcome { try await world.begin("so_tttt", owner.password) } == "credentials")
        let begun = try await world.begin("so_tttt", try #require(done.temporaryPassword))
        #expect(begun.factors.map(\.kind) == [.sms])
        _ = try await world.sendCode(begun.id)
        #expect(try await world.prove(begun.id, .sms, handset.code()).status == .passwordChangeRequired)
    }

    @Test("T-20: a mailbox that never had a right number gets one, and then signs in for the first time")
    func firstNumber() async throws {
        let (world, handset) = try await World.messaging()
        let made = try await world.provision(Self.an, phone: "024 3825 3536")
        #expect(await outcome { try await world.propose(Self.an, "024 3825 3537") } == "no SMS")
        _ = try await world.propose(Self.an, Self.new)
        _ = try await world.confirmPhone(Self.an, handset.code())
        let begun = try await world.begin(Self.an, made.temporaryPassword ?? "")
        _ = try await world.sendCode(begun.id)
        #expect(try await world.prove(begun.id, .sms, handset.code()).status == .passwordChangeRequired)
    }

    @Test("A number is not set past its confirmation, but may be cleared")
    func patched() async throws {
        let (world, handset) = try await World.messaging()
        _ = try await world.provision(Self.an, phone: World.phone)
        _ = try await world.propose(Self.an, Self.new)
        let code = handset.code()
        let keep = KeepAccounts(ports: world.ports, policy: world.policy)
        var request = AccountChangeRequest()
        request.phone = .some("0966554433")
        let setting = request
        #expect(
            await outcome { try await keep.change(Self.an, setting, provenance: world.desk) } == "needs confirmation")
        request.phone = .some(nil)
        let clearing = request
        let account = try await keep.change(Self.an, clearing, provenance: world.desk)
        #expect(account.maskedPhone == nil && account.phone == nil && account.pendingPhone == nil)
        #expect(await outcome { try await world.confirmPhone(Self.an, code) } == "no pending phone")
    }
}
