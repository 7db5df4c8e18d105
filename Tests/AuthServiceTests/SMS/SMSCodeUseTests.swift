import AuthDomain
import AuthService
import RedisCounters
import TestKit
import Testing

@Suite("What a code by SMS is good for (R-SMSOTP-1)")
struct SMSCodeUseTests {
    private static let an = "nguyen_an@hanoi.gov.vn"

    /// Two mailboxes on one phone.
    private func shared(redis: RedisServer? = nil) async throws -> (world: World, handset: Handset) {
        let (world, handset) = try await World.messaging(redis: redis)
        _ = try await world.provision(Self.an, phone: World.phone)
        _ = try await world.provision("vanthu_so@hanoi.gov.vn", phone: World.phone, kind: .clerical)
        return (world, handset)
    }

    @Test("R-OTP-7: a code for one mailbox is refused for another on the same phone, and the text names each")
    func otherMailbox() async throws {
        let (world, handset) = try await shared()
        _ = try await world.requestCode(Self.an)
        let code = handset.code()
        #expect(handset.deliveries.last?.text.contains("nguyen_an") == true)
        _ = try await world.requestCode("vanthu_so")
        #expect(handset.deliveries.last?.text.contains("vanthu_so") == true)
        #expect(await outcome { try await world.verify("vanthu_so", .sms, code) } == "code")
        #expect(try await world.verify(Self.an, .sms, code) == .sms)
    }

    @Test("A code is refused for another purpose, another transaction and another calling system")
    func otherPurpose() async throws {
        let (world, handset) = try await World.messaging()
        let made = try await world.provision(Self.an, phone: World.phone)
        let first = try await world.begin(Self.an, made.temporaryPassword ?? "").id
        let second = try await world.begin(Self.an, made.temporaryPassword ?? "").id
        _ = try await world.sendCode(first)
        let login = handset.code()
        #expect(await outcome { try await world.prove(second, .sms, login) } == "code")
        #expect(await outcome { try await world.verify(Self.an, .sms, login) } == "code")
        _ = try await world.requestCode(Self.an)
        let check = handset.code()
        #expect(await outcome { try await world.prove(first, .sms, check) } == "code")
        let stranger = Provenance(client: "other", entry: "api")
        let person = PersonalClient(address: .loopback, userAgent: nil, device: nil)
        let elsewhere = await outcome {
            try await VerifyOneTimeCode(ports: world.ports, policy: world.policy)(
                address: Self.an, code: check, kind: .sms, person: person, provenance: stranger)
        }
        #expect(elsewhere == "code")
        #expect(world.observer.judged(.oneTimeCode) == 4)
        #expect(try await world.verify(Self.an, .sms, check) == .sms)
    }

    @Test("A code opens once: of 50 parallel uses one passes, the rest are refused and not counted")
    func onlyOnce() async throws {
        let (world, handset) = try await shared()
        _ = try await world.requestCode(Self.an)
        let code = handset.code()
        let outcomes = await world.together(50) { _ in _ = try await world.verify(Self.an, .sms, code) }
        #expect(outcomes.count { $0 == "done" } == 1 && outcomes.count { $0 == "code" } == 49)
        #expect(world.observer.judged(.oneTimeCode) == 0)
        world.clock.advance(by: .seconds(61))
        _ = try await world.requestCode(Self.an)
        #expect(handset.code() != code)
        #expect(await outcome { try await world.verify(Self.an, .sms, code) } == "code")
    }

    @Test("A used code stays used when the fast store is put back to before (T-17)")
    func putBack() async throws {
        let (world, handset) = try await shared()
        _ = try await world.requestCode(Self.an)
        let code = handset.code()
        let slot = "sms:otp:sso/" + (try await world.account(Self.an)).id.text
        let before = try #require(try await world.ports.signIns.find(id: slot))
        _ = try await world.verify(Self.an, .sms, code)
        try await world.ports.signIns.create(id: slot, record: before.record, lifetime: .seconds(300))
        #expect(await outcome { try await world.verify(Self.an, .sms, code) } == "code")
    }

    @Test("A code ends five minutes after it was drawn, sent again or not", arguments: [false, true])
    func expiry(resent: Bool) async throws {
        let (world, handset) = try await shared()
        let first = try await world.requestCode(Self.an)
        let code = handset.code()
        #expect(first.expiresIn == .seconds(300))
        world.clock.advance(by: .seconds(200))
        if resent {
            #expect(try await world.requestCode(Self.an).expiresIn == .seconds(100))
            #expect(handset.code() == code && handset.deliveries.count == 2)
        }
        world.clock.advance(by: .milliseconds(99_999))
        #expect(await outcome { try await world.verify("vanthu_so", .sms, code) } == "code")
        world.clock.advance(by: .milliseconds(1))
        #expect(await outcome { try await world.verify(Self.an, .sms, code) } == "code")
        _ = try await world.requestCode(Self.an)
        #expect(try await world.verify(Self.an, .sms, handset.code()) == .sms)
    }

    @Test("A code is accepted to the last millisecond of its life")
    func lastMoment() async throws {
        let (world, handset) = try await shared()
        _ = try await world.requestCode(Self.an)
        world.clock.advance(by: .milliseconds(299_999))
        #expect(try await world.verify(Self.an, .sms, handset.code()) == .sms)
    }

    @Test("After a new number the code that went to the old one is refused")
    func newNumber() async throws {
        let (world, handset) = try await World.messaging()
        _ = try await world.provision(Self.an, phone: World.phone)
        _ = try await world.requestCode(Self.an)
        let code = handset.code()
        _ = try await world.propose(Self.an, "0987654321")
        _ = try await world.confirmPhone(Self.an, handset.code("+84987654321"))
        #expect(await outcome { try await world.verify(Self.an, .sms, code) } == "code")
    }

    @Test("20 parallel requests send one message, and 20 parallel repetitions one more with the same code")
    func parallelRequests() async throws {
        let redis = try RedisServer()
        let (world, handset) = try await shared(redis: redis)
        let first = await world.together(20) { _ in _ = try await world.requestCode(Self.an) }
        #expect(first.count { $0 == "done" } == 1 && first.count { $0 == "send refused" } == 19)
        #expect(handset.deliveries.count == 1)
        let code = handset.code()
        world.clock.advance(by: .seconds(60))
        let again = await world.together(20) { _ in _ = try await world.requestCode(Self.an) }
        #expect(again.count { $0 == "done" } == 1 && again.count { $0 == "send refused" } == 19)
        #expect(handset.deliveries.count == 2 && handset.code() == code)
        #expect(try await world.verify(Self.an, .sms, code) == .sms)
    }

    @Test("A message that is asked for again after Redis lost everything carries the same code")
    func sameCodeAfterFlush() async throws {
        let redis = try RedisServer()
        let (world, handset) = try await shared(redis: redis)
        _ = try await world.requestCode(Self.an)
        let code = handset.code()
        try redis.flushAll()
        #expect(await outcome { try await world.requestCode(Self.an) } == "send refused")
        world.clock.advance(by: .seconds(60))
        #expect(try await world.requestCode(Self.an).expiresIn == .seconds(240))
        #expect(handset.code() == code)
        #expect(try await world.verify(Self.an, .sms, code) == .sms)
    }

    @Test("Whoever can write to Redis makes no code right: not by a later end, nor by another issue")
    func forgedRecord() async throws {
        let (world, handset) = try await shared()
        _ = try await world.requestCode(Self.an)
        let code = handset.code()
        let slot = "sms:otp:sso/" + (try await world.account(Self.an)).id.text
        let kept = try #require(try await world.ports.signIns.find(id: slot)).record
        // A byte of the digest, of the issue and of the end.
        for index in [20, 60, kept.count - 6] {
            var forged = kept
            forged[index] ^= 1
            try await world.ports.signIns.create(id: slot, record: forged, lifetime: .seconds(3000))
            #expect(await outcome { try await world.verify(Self.an, .sms, code) } == "code")
        }
        world.clock.advance(by: .seconds(301))
        try await world.ports.signIns.create(id: slot, record: kept, lifetime: .seconds(3000))
        #expect(await outcome { try await world.verify(Self.an, .sms, code) } == "code")
    }

    @Test("R-LOCK-17: nobody's address and one without a phone are answered in the same form and at the same pace")
    func nobody() async throws {
        let (world, handset) = try await World.messaging()
        _ = try await world.provision(Self.an, phone: World.phone)
        _ = try await world.provision("tran_dung@hanoi.gov.vn", phone: nil)
        let known = try await world.requestCode(Self.an)
        for address in ["khong_co@hanoi.gov.vn", "tran_dung@hanoi.gov.vn"] {
            let sent = try await world.requestCode(address)
            #expect(sent.phone.count == known.phone.count && sent.phone.hasPrefix("******"))
            #expect(sent.resendAfter == known.resendAfter && sent.expiresIn == known.expiresIn)
            #expect(await outcome { try await world.requestCode(address) } == "send refused")
            world.clock.advance(by: .seconds(60))
            #expect(try await world.requestCode(address).phone == sent.phone)
            #expect(await outcome { try await world.verify(address, .sms, "123456") } == "code")
        }
        #expect(handset.deliveries.count == 1)
    }
}
