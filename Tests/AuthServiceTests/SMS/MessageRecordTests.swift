import AuthDomain
import AuthService
import TestKit
import Testing

@Suite("Every message is a row before it leaves (R-SMS-5)")
struct MessageRecordTests {
    private static let an = "nguyen_an@hanoi.gov.vn"

    private func world() async throws -> (world: World, handset: Handset) {
        let (world, handset) = try await World.messaging()
        _ = try await world.provision(Self.an, phone: World.phone)
        return (world, handset)
    }

    @Test(
        "What a gateway answers, the caller learns and the row says",
        arguments: [
            (GatewayOutcome.accepted(providerID: "x1"), "done", "accepted"),
            (.queued(providerID: nil), "done", "queued"),
            (.ambiguous(reason: "no answer in time"), "done", "unknown"),
            (.refused(.permanent, reason: "bad number"), "no gateway", "refused"),
            (.refused(.configuration, reason: "no credit"), "no gateway", "refused"),
            (.refused(.retryable, reason: "no gateway available"), "no gateway", "refused"),
        ])
    func answers(outcomeOfGateway: GatewayOutcome, word: String, state: String) async throws {
        let (world, handset) = try await world()
        handset.answer(outcomeOfGateway)
        #expect(await outcome { try await world.requestCode(Self.an) } == word)
        #expect(try world.states() == [state])
    }

    @Test("No gateway: the quota is given back, the next try is not held up, and TOTP signs in")
    func outage() async throws {
        let (world, handset) = try await World.messaging()
        let password = try await world.phoneOwner(Self.an, handset: handset)
        let owner = try await world.owner("le_chi@hanoi.gov.vn")
        handset.answerAll(.refused(.retryable, reason: "no gateway available"))
        let id = try await world.begin(Self.an, password).id
        for _ in 0..<8 { #expect(await outcome { try await world.sendCode(id) } == "no gateway") }
        #expect(try await world.signIn(owner).status == .complete)
        handset.answerAll(nil)
        _ = try await world.sendCode(id)
        #expect(try await world.prove(id, .sms, handset.code()).status == .complete)
        #expect(try world.sql("SELECT sum(used) FROM sms_counts WHERE scope LIKE 'all:%'") == "2\n")
    }

    @Test("An ambiguous answer never leads to another code")
    func ambiguous() async throws {
        let (world, handset) = try await world()
        handset.answer(.ambiguous(reason: "no answer in time"))
        _ = try await world.requestCode(Self.an)
        let code = handset.code()
        #expect(await outcome { try await world.requestCode(Self.an) } == "send refused")
        world.clock.advance(by: .seconds(60))
        _ = try await world.requestCode(Self.an)
        #expect(handset.code() == code)
    }

    @Test("A crash before any gateway was asked loses nothing: the row says never left, the quota is free again")
    func crashBefore() async throws {
        let (world, handset) = try await world()
        let sms = try #require(world.ports.sms)
        let account = try await world.account(Self.an)
        let index = try #require(account.phone?.index)
        let fingerprint = PhoneFingerprint(
            index: index, candidates: [index], masked: "******678", prefix: try #require(PhonePrefix("+8491")))
        let row = Provenance(client: "sso", entry: "api")
        func admit(_ reference: String) async throws -> SMSAdmissionVerdict {
            try await sms.ledger.admit(
                SMSAdmission(
                    reference: reference, issue: "iss_" + reference, transaction: "t-" + reference,
                    account: account.id, purpose: .check, phone: fingerprint, alone: SMSPrice(parts: 1, cost: 500),
                    shared: SMSPrice(parts: 1, cost: 500), clientNetwork: nil, budget: world.policy.sms.budget,
                    conversion: world.policy.sms.conversion, rules: .standard, now: world.clock.now(),
                    event: AuditEvent(
                        time: world.clock.now(), code: .messageSent, result: .success, account: account.id,
                        provenance: row)))
        }
        guard case .admitted = try await admit("a"), case .admitted = try await admit("b") else {
            Issue.record("not admitted")
            return
        }
        #expect(try await sms.ledger.begin("b", gateway: "first", now: world.clock.now()))
        // The instance is gone here: nothing was concluded.
        #expect(try await world.settle() == SMSRecovery())
        world.clock.advance(by: .seconds(121))
        var expected = SMSRecovery()
        expected.neverLeft = 1
        expected.unknown = 1
        #expect(try await world.settle() == expected)
        #expect(try world.states() == ["refused", "unknown"])
        #expect(try await sms.ledger.begin("a", gateway: "first", now: world.clock.now()) == false)
        #expect(try await sms.ledger.begin("b", gateway: "first", now: world.clock.now()) == false)
        #expect(handset.deliveries.isEmpty)
        let used = try world.sql("SELECT used FROM sms_counts WHERE scope LIKE 'money:%'")
        #expect(used.split(separator: "\n").last == "500")
        #expect(try await world.settle() == SMSRecovery())
        world.clock.advance(by: .seconds(800))
        #expect(try await world.settle().expired == 1)
    }

    @Test("Reports move a row once and forwards only; forged and misdirected ones change nothing")
    func reports() async throws {
        let (world, handset) = try await world()
        _ = try await world.requestCode(Self.an)
        let reference = try #require(handset.deliveries.first?.reference)
        #expect(try await world.report(.delivered, .reference("sms_x")) == .unknown)
        #expect(try await world.report(.delivered, .reference(reference), gateway: "second") == .unknown)
        #expect(try await world.report(.buffered, .reference(reference)) == .applied(.ignored(.outOfOrder)))
        #expect(try await world.report(.delivered, .providerID("p-1")) == .applied(.moved(.delivered)))
        #expect(try await world.report(.delivered, .reference(reference)) == .applied(.ignored(.repeated)))
        #expect(try await world.report(.failed, .reference(reference)) == .applied(.ignored(.outOfOrder)))
        #expect(try world.states() == ["delivered"])
        #expect(try await world.audit(.messageUndelivered).isEmpty)
    }

    @Test("T-20: a message that the carrier gave up is on record for operators, with the number masked")
    func undelivered() async throws {
        let (world, handset) = try await world()
        _ = try await world.requestCode(Self.an)
        let reference = try #require(handset.deliveries.first?.reference)
        #expect(try await world.report(.rejected, .reference(reference)) == .applied(.moved(.failed)))
        let row = try #require(try await world.audit(.messageUndelivered).first)
        #expect(row.detail == "******678 rejected by first" && row.account != nil)
    }

    @Test("A destroyed mailbox leaves no number behind in its messages (R-PDP-3)")
    func destroyed() async throws {
        let (world, _) = try await world()
        _ = try await world.requestCode(Self.an)
        try await KeepAccounts(ports: world.ports, policy: world.policy).destroy(Self.an, provenance: world.desk)
        #expect(try world.sql("SELECT phone_masked || hex(phone_digest) FROM sms_sends").allSatisfy(\.isWhitespace))
    }
}
