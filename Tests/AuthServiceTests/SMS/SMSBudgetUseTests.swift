import AuthDomain
import AuthService
import RedisCounters
import TestKit
import Testing

@Suite("What the budget for messages holds against")
struct SMSBudgetUseTests {
    private static let an = "nguyen_an@hanoi.gov.vn"

    @Test("R-LOCK-5: 1,000 sign-ins with one guess each: five guesses judged, no more messages than the quota")
    func manyTransactions() async throws {
        let redis = try RedisServer()
        let (world, handset) = try await World.messaging(redis: redis)
        let password = try await world.phoneOwner(Self.an, handset: handset)
        let before = handset.deliveries.count
        var begun: [String] = []
        for _ in 0..<1000 { begun.append(try await world.begin(Self.an, password).id) }
        let ids = begun
        let sends = await world.together(1000) { _ = try await world.sendCode(ids[$0]) }
        #expect(sends.count { $0 == "done" } == 4 && sends.count { $0 == "send refused" } == 996)
        #expect(handset.deliveries.count - before == 4)
        let codes = Set(handset.deliveries.compactMap(\.code))
        let guesses = await world.together(1000) { index in
            var guess = "\(100_000 + index)"
            while codes.contains(guess) { guess = "\(900_000 + index)" }
            _ = try await world.prove(ids[index], .sms, guess)
        }
        #expect(guesses.count { $0 == "code" } == 5)
        #expect(world.observer.judged(.oneTimeCode) == 5)
        #expect(try await world.account(Self.an).locks.map(\.cause) == [.badOTP5])
        #expect(guesses.allSatisfy { ["code", "locked -", "locked bad_otp_5", "unavailable"].contains($0) })
    }

    @Test("R-SMSOTP-1: 300 messages to 300 numbers of one prefix: paused within 20, other prefixes open")
    func prefixPaused() async throws {
        let (world, handset) = try await World.messaging()
        for index in 0..<300 {
            let number = "0912" + String(format6: index)
            _ = try await world.provision("can_bo\(index)@hanoi.gov.vn", phone: number)
        }
        _ = try await world.provision(Self.an, phone: "0987654321")
        var refused = 0
        for index in 0..<300 {
            if await outcome({ try await world.requestCode("can_bo\(index)") }) == "send refused" { refused += 1 }
        }
        #expect(handset.deliveries.count == 15 && refused == 285 && handset.paused == 285)
        #expect(try await world.requestCode(Self.an).phone == "******321")
        #expect(try await world.audit(.prefixPaused).count == 1)
        // A code that comes back ends the pause.
        #expect(try await world.verify("can_bo3", .sms, handset.code("+84912000003")) == .sms)
        #expect(try await world.requestCode("can_bo299").phone == "******299")
    }

    @Test("Running out refuses messages alone: authenticator and recovery codes go on, and Redis gives no fresh quota")
    func quotaUsedUp() async throws {
        let redis = try RedisServer()
        let (world, handset) = try await World.messaging(redis: redis)
        let password = try await world.phoneOwner(Self.an, handset: handset)
        world.clock.advance(by: .seconds(61))
        let id = try await world.begin(Self.an, password).id
        _ = try await world.sendCode(id)
        _ = try await world.prove(id, .sms, handset.code())
        let offer = try await world.offer(id)
        let codes = try await world.confirm(id, offer).recoveryCodes ?? []
        for _ in 0..<3 {
            world.clock.advance(by: .seconds(61))
            _ = try await world.requestCode(Self.an)
        }
        world.clock.advance(by: .seconds(61))
        #expect(await outcome { try await world.requestCode(Self.an) } == "send refused")
        #expect(handset.limited.last == .account && handset.deliveries.count == 5)
        try redis.flushAll()
        #expect(await outcome { try await world.requestCode(Self.an) } == "send refused")
        let fresh = try await world.begin(Self.an, password).id
        #expect(await outcome { try await world.sendCode(fresh) } == "send refused")
        let secret = SecretBytes(Base32.decode(offer.secret) ?? [])
        #expect(try await world.prove(fresh, .totp, world.code(secret)).status == .complete)
        let third = try await world.begin(Self.an, password).id
        #expect(try await world.prove(third, .recovery, codes[0]).status == .complete)
        world.clock.advance(by: .seconds(3600))
        #expect(try await world.requestCode(Self.an).phone == "******678")
    }

    @Test("A phone's quota holds over all its mailboxes, and a client address has its own (R-OTP-7)")
    func perPhoneAndClient() async throws {
        let (world, handset) = try await World.messaging {
            $0.sms.budget = SMSBudget(limits: [
                .phone: SMSBudgetLimit(most: 3, window: .seconds(3600)),
                .client: SMSBudgetLimit(most: 4, window: .seconds(600)),
            ])
        }
        for index in 0..<6 { _ = try await world.provision("hop_thu\(index)@hanoi.gov.vn", phone: World.phone) }
        _ = try await world.provision(Self.an, phone: "0987654321")
        _ = try await world.provision("tran_dung@hanoi.gov.vn", phone: "0966554433")
        var outcomes: [String] = []
        for index in 0..<6 { outcomes.append(await outcome { try await world.requestCode("hop_thu\(index)") }) }
        #expect(outcomes == ["done", "done", "done", "send refused", "send refused", "send refused"])
        #expect(handset.limited == [.phone, .phone, .phone])
        #expect(await outcome { try await world.requestCode(Self.an) } == "done")
        #expect(await outcome { try await world.requestCode("tran_dung") } == "send refused")
        #expect(handset.limited.last == .client)
        #expect(await outcome { try await world.requestCode("tran_dung", from: "198.51.100.1") } == "done")
    }

    @Test("The money of a day has an alarm and an end; what surely was not sent costs nothing")
    func money() async throws {
        let (world, handset) = try await World.messaging {
            $0.sms.costPerPart = ["first": 500]
            $0.sms.budget = SMSBudget(
                limits: [.money: SMSBudgetLimit(most: 2000, window: .seconds(86_400))], alarmPercent: 75)
        }
        for index in 0..<6 {
            _ = try await world.provision("hop_thu\(index)@hanoi.gov.vn", phone: "09\(index)2345678")
        }
        handset.answer(.refused(.permanent, reason: "no"))
        #expect(await outcome { try await world.requestCode("hop_thu0") } == "no gateway")
        for index in 0..<2 { _ = try await world.requestCode("hop_thu\(index)") }
        #expect(handset.alarms == 0)
        _ = try await world.requestCode("hop_thu2")
        #expect(handset.alarms == 1)
        _ = try await world.requestCode("hop_thu3")
        #expect(await outcome { try await world.requestCode("hop_thu4") } == "send refused")
        #expect(handset.limited == [.money] && handset.alarms == 1)
        #expect(try await world.audit(.messageAlarm).count == 1)
        world.clock.advance(by: .seconds(86_400 * 13 / 12))
        #expect(await outcome { try await world.requestCode("hop_thu4") } == "done")
    }

    @Test("Observed budgets tell and let pass")
    func observing() async throws {
        let (world, handset) = try await World.messaging {
            $0.sms.budget = SMSBudget(
                limits: [.account: SMSBudgetLimit(most: 1, window: .seconds(3600))], mode: .observe)
            $0.sms.conversion = PrefixConversionRule(runLimit: 5)
        }
        _ = try await world.provision(Self.an, phone: World.phone)
        for _ in 0..<8 {
            _ = try await world.requestCode(Self.an)
            world.clock.advance(by: .seconds(61))
        }
        #expect(handset.deliveries.count == 8 && handset.limited.isEmpty)
        #expect(handset.observed == Array(repeating: .account, count: 7) && handset.paused == 3)
    }
}

extension String {
    /// A number in six digits.
    fileprivate init(format6 number: Int) {
        let digits = String(number)
        self = String(repeating: "0", count: 6 - digits.count) + digits
    }
}
