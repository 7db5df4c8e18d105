import AuthDomain
import AuthService
import SQLStore
import TestKit
import Testing

/// A world with a handset in which forms are imported with passwords by SMS.
private struct OrderingWorld {
    let world: World
    let handset: Handset
    let sender: SendOrders
    var options = FormOptions()

    init(_ adjust: (inout ServicePolicy) -> Void = { _ in }) async throws {
        (world, handset) = try await World.messaging(adjust)
        sender = try Self.sender(world)
        options.passwords = .sms(othersInFiles: false)
        options.confirmsNumbers = true
    }

    /// One instance's sender.
    static func sender(_ world: World) throws -> SendOrders {
        let sms = try #require(world.ports.sms)
        return SendOrders(ports: world.ports, policy: world.policy, sms: sms, book: world.store)
    }

    /// Imports rows for new persons.
    func imports(_ entries: [FormEntry], _ form: FormKind = .person) async throws -> FormImportResult {
        let rows = try await world.judge(form, entries, options: options)
        return try await world.carryOut(form, rows, to: MemoryDelivery(), options: options)
    }

    /// The password in the latest message.
    func password(_ index: Int? = nil) throws -> String {
        let texts = handset.deliveries.map(\.text).filter { $0.hasPrefix("Mat khau tam thoi") }
        let text = try #require(index.map { texts[$0] } ?? texts.last)
        return try Self.password(in: text)
    }

    static func password(in text: String) throws -> String {
        let line = try #require(text.split(separator: "\n").first)
        return try #require(line.split(separator: " ").last.map(String.init))
    }
}

private func person(_ number: Int, phone: String? = nil) -> FormEntry {
    newPerson(number, "p\(number)_sotttt@hanoi.gov.vn", phone: phone ?? "09\(12_000_000 + number)")
}

@Suite("Temporary passwords and codes that imports order by SMS (R-PW-8, R-PHONE-5, R-SMSOTP-1)")
struct OrderedMessagesTests {
    private static let first = "p1_sotttt@hanoi.gov.vn"

    @Test("Import, message, first sign-in with a code by SMS, change; the password lies nowhere afterwards")
    func wholeWay() async throws {
        let test = try await OrderingWorld()
        let world = test.world
        let result = try await test.imports([person(1)])
        #expect(result.carriedOut == 1 && result.messages == 1 && result.deliveries.isEmpty)
        #expect(try world.sql("SELECT count(*) FROM enrolment_codes") == "0\n")
        #expect(try world.sql("SELECT length(password_sealed) > 29 FROM sms_orders") == "1\n")
        world.clock.advance(by: .seconds(30))
        #expect(try await test.sender() == SendOrders.Result(sent: 1, lost: 0))
        let delivery = try #require(test.handset.deliveries.last)
        #expect(delivery.phone == "+84912000001" && delivery.text.contains("hop thu p1_sotttt: "))
        #expect(SMSParts(delivery.text).encoding == .gsm7 && SMSParts(delivery.text).parts == 1)
        let password = try test.password()
        let row = try world.sql(
            "SELECT password_sealed IS NULL, outcome FROM sms_orders; SELECT purpose, phone_masked FROM sms_sends")
        #expect(row == "1|sent\ntemporary_password|******001\n")
        // The message is the notice from which the 05 days run (R-FIRST-2).
        #expect(try await world.account("p1_sotttt").notifiedAt == World.start + .seconds(30))
        for statement in ["SELECT quote(password_sealed) FROM sms_orders", "SELECT * FROM sms_sends", ".dump"] {
            #expect(!(try world.sql(statement)).contains(password))
        }
        let id = try await world.begin("p1_sotttt", password).id
        _ = try await world.sendCode(id)
        #expect(try await world.prove(id, .sms, test.handset.code()).status == .passwordChangeRequired)
        _ = try await world.choose(id, "Bồ câu 7 con!")
        #expect(try await test.sender() == SendOrders.Result())
    }

    @Test("Several instances at once: every owner has one message")
    func together() async throws {
        let test = try await OrderingWorld()
        _ = try await test.imports((1...100).map { person($0) })
        let senders = try (0..<4).map { _ in try OrderingWorld.sender(test.world) }
        let said = await test.world.together(4) { _ = try await senders[$0]() }
        #expect(said == Array(repeating: "done", count: 4))
        #expect(test.handset.deliveries.count == 100 && Set(test.handset.deliveries.map(\.phone)).count == 100)
        #expect(try test.world.sql("SELECT count(*) FROM sms_orders WHERE outcome = 'sent'") == "100\n")
    }

    @Test("Rate and money: half is left to sign-ins, the rest goes out later, none is lost")
    func budgets() async throws {
        let test = try await OrderingWorld { policy in
            var limits = SMSBudget.standardLimits
            limits[.all] = SMSBudgetLimit(most: 20, window: .seconds(60))
            limits[.money] = SMSBudgetLimit(most: 40 * 500, window: .seconds(86_400))
            policy.sms.budget = SMSBudget(limits: limits)
            policy.sms.costPerPart = ["first": 500]
        }
        let (world, handset) = (test.world, test.handset)
        _ = try await world.provision("nguyen_an@hanoi.gov.vn", phone: World.phone)
        _ = try await test.imports((1...30).map { person($0) })
        _ = try await test.sender()
        #expect(handset.deliveries.count == 10)
        // Whoever waits at the sign-in page is served at once.
        _ = try await world.requestCode("nguyen_an@hanoi.gov.vn")
        #expect(handset.deliveries.count == 11)
        for _ in 0..<10 {
            world.clock.advance(by: .seconds(65))
            _ = try await test.sender()
        }
        #expect(handset.deliveries.count == 20, "half of the day's money and the one code")
        for _ in 0..<30 {
            world.clock.advance(by: .seconds(3600))
            for _ in 0..<5 {
                _ = try await test.sender()
                world.clock.advance(by: .seconds(65))
            }
        }
        #expect(handset.deliveries.count == 31)
        #expect(Set(handset.deliveries.map(\.phone)).count == 31)
    }

    @Test("No gateway: tried again with pauses, without a flood of tries, and sent once one is back")
    func outage() async throws {
        let test = try await OrderingWorld()
        let (world, handset) = (test.world, test.handset)
        _ = try await test.imports((1...40).map { person($0) })
        handset.answerAll(.refused(.retryable, reason: "no gateway available"))
        for _ in 0..<1800 {
            _ = try await test.sender()
            world.clock.advance(by: .seconds(1))
        }
        let tries = try world.sql("SELECT count(*) FROM sms_sends")
        #expect((Int(tries.dropLast()) ?? 0) < 250)
        #expect(try world.sql("SELECT count(*) FROM sms_orders WHERE ended_at IS NULL") == "40\n")
        handset.answerAll(nil)
        for _ in 0..<20 {
            world.clock.advance(by: .seconds(60))
            _ = try await test.sender()
        }
        #expect(handset.deliveries.count == 40 && Set(handset.deliveries.map(\.phone)).count == 40)
    }

    @Test("A crash after the claim, or after the row and before a gateway: the message leaves once, later")
    func crashBeforeGateway() async throws {
        let test = try await OrderingWorld()
        let (world, handset) = (test.world, test.handset)
        _ = try await test.imports([person(1)])
        let claimed = try await world.store.claim(
            references: ["sms_dead"], lease: world.clock.now() + .seconds(180), now: world.clock.now())
        #expect(claimed.count == 1)
        #expect(try await test.sender() == SendOrders.Result(), "the claim stands")
        // The row of the message was written, and then the instance was gone.
        _ = try world.sql(
            """
            INSERT INTO sms_sends (reference, issue, transaction_id, account_id, purpose, phone_digest, phone_masked,
                prefix, lane, parts, cost, state, created_at, updated_at, expires_at)
            SELECT 'sms_dead', 'i', 't', account_id, purpose, x'00', '', '+8491', 'none', 1, 0, 'created',
                \(world.clock.now().milliseconds), \(world.clock.now().milliseconds),
                \((world.clock.now() + .seconds(300)).milliseconds) FROM sms_orders
            """)
        world.clock.advance(by: .seconds(181))
        #expect(try await test.sender().sent == 0, "somebody might still be at it")
        try await world.settle()
        world.clock.advance(by: .seconds(181))
        #expect(try await test.sender().sent == 1)
        #expect(handset.deliveries.count == 1)
    }

    @Test("A message that may have left is sent again with a word on record, the same password, at most three times")
    func ambiguous() async throws {
        let test = try await OrderingWorld()
        let (world, handset) = (test.world, test.handset)
        _ = try await test.imports([person(1)])
        handset.answerAll(.ambiguous(reason: "no answer in time"))
        var lost = 0
        for _ in 0..<6 {
            lost += try await test.sender().lost
            world.clock.advance(by: .seconds(601))
        }
        #expect(handset.deliveries.count == 3 && Set(handset.deliveries.map(\.text)).count == 1)
        let repeated = "SELECT count(*) FROM audit WHERE code = 'sms_sent' AND detail LIKE '%may have arrived%'"
        #expect(try world.sql(repeated) == "2\n")
        #expect(lost == 1)
        #expect(try world.sql("SELECT outcome, password_sealed IS NULL FROM sms_orders") == "unknown|1\n")
        let standing = try await world.store.standingOrders(limit: 10)
        #expect(standing.map(\.end) == [.unknown] && standing.map(\.address) == [Self.first])
    }

    @Test("A report that the handset has it settles a message without an answer")
    func reported() async throws {
        let test = try await OrderingWorld()
        let (world, handset) = (test.world, test.handset)
        _ = try await test.imports([person(1)])
        handset.answer(.ambiguous(reason: "no answer in time"))
        _ = try await test.sender()
        let reference = try #require(handset.deliveries.first?.reference)
        _ = try await world.report(.delivered, .reference(reference))
        world.clock.advance(by: .seconds(601))
        _ = try await test.sender()
        #expect(handset.deliveries.count == 1)
        #expect(try world.sql("SELECT outcome FROM sms_orders") == "sent\n")
    }

    @Test("A number that gateways never take is given up, on record, for an operator to look after")
    func refused() async throws {
        let test = try await OrderingWorld()
        let (world, handset) = (test.world, test.handset)
        _ = try await test.imports([person(1)])
        handset.answer(.refused(.permanent, reason: "bad number"))
        #expect(try await test.sender() == SendOrders.Result(sent: 0, lost: 1))
        let standing = try await world.store.standingOrders(limit: 10)
        #expect(standing.first?.end == .refused && standing.first?.reason == "bad number")
        #expect(standing.first?.maskedPhone == "******001")
        #expect(try world.sql("SELECT count(*) FROM audit WHERE code = 'sms_undelivered'") == "1\n")
    }

    @Test("A password that was issued anew meanwhile never leaves; one of a locked mailbox waits for the lock's end")
    func outdated() async throws {
        let test = try await OrderingWorld()
        let (world, handset) = (test.world, test.handset)
        _ = try await test.imports([person(1), person(2)])
        _ = try world.sql("UPDATE accounts SET password_version = 2 WHERE phone_masked = '******001'")
        try await world.lock("p2_sotttt", .compromised)
        #expect(try await test.sender() == SendOrders.Result())
        #expect(handset.deliveries.isEmpty)
        #expect(try world.sql("SELECT count(*) FROM sms_orders WHERE outcome = 'outdated'") == "1\n")
        _ = try world.sql("UPDATE locks SET cleared_at = 1")
        world.clock.advance(by: .seconds(601))
        #expect(try await test.sender().sent == 1)
    }

    @Test("Mẫu 04: the number that waits gets its code from the service, and is confirmed by it (R-PHONE-5)")
    func pendingNumber() async throws {
        let test = try await OrderingWorld()
        let (world, handset) = (test.world, test.handset)
        _ = try await world.phoneOwner("an_sotttt@hanoi.gov.vn", handset: handset)
        let change = entry(
            5, .change,
            [.address: "an_sotttt@hanoi.gov.vn", .change: "Số điện thoại đăng ký OTP", .value: "0987654321"])
        let result = try await test.imports([change], .personChange)
        #expect(result.carriedOut == 1 && result.messages == 1)
        world.clock.advance(by: .seconds(5))
        #expect(try await test.sender().sent == 1)
        #expect(handset.deliveries.last?.phone == "+84987654321")
        _ = try await world.confirmPhone("an_sotttt@hanoi.gov.vn", handset.code("+84987654321"))
        #expect(try await world.account("an_sotttt").maskedPhone == "******321")
        #expect(handset.deliveries.last?.phone == "+84912345678", "word to the old number")
    }

    @Test("Without a gateway nothing is ordered: the number waits until somebody asks for its code")
    func withoutGateway() async throws {
        var test = try await OrderingWorld()
        _ = try await test.world.phoneOwner("an_sotttt@hanoi.gov.vn", handset: test.handset)
        test.options.confirmsNumbers = false
        let change = entry(
            5, .change,
            [.address: "an_sotttt@hanoi.gov.vn", .change: "Số điện thoại đăng ký OTP", .value: "0987654321"])
        #expect(try await test.imports([change], .personChange).messages == 0)
    }

    @Test("Mẫu 02: a new representative has password and code on the new number, the old one nothing (R-PHONE-6)")
    func representative() async throws {
        let test = try await OrderingWorld()
        let (world, handset) = (test.world, test.handset)
        _ = try await world.provision("sotttt@hanoi.gov.vn", phone: World.phone, kind: .organisation)
        let change = entry(
            5, .change,
            [
                .address: "sotttt@hanoi.gov.vn", .change: "Người đại diện sử dụng Email",
                .value: "Trần Văn Bình 0987654321",
            ])
        let result = try await test.imports([change], .organisationChange)
        #expect(result.carriedOut == 1 && result.messages == 2)
        #expect(try await test.sender().sent == 2)
        #expect(handset.deliveries.allSatisfy { $0.phone == "+84987654321" })
        _ = try await world.confirmPhone("sotttt@hanoi.gov.vn", handset.deliveries.compactMap(\.code).last ?? "")
        let id = try await world.begin("sotttt", try test.password()).id
        world.clock.advance(by: .seconds(61))
        _ = try await world.sendCode(id)
        #expect(try await world.prove(id, .sms, handset.code()).status == .passwordChangeRequired)
    }

    @Test("A landline: wrong where passwords leave by SMS alone, in a sealed file where there is one (R-PHONE-7)")
    func landline() async throws {
        var test = try await OrderingWorld()
        let entries = [person(1), person(2, phone: "024 3825 3536")]
        let judged = try await test.world.judge(.person, entries, options: test.options)
        guard case .wrong(let problems) = judged[1].verdict else {
            Issue.record("a landline takes no password")
            return
        }
        #expect(problems == [.passwordUnsendable])
        test.options.passwords = .sms(othersInFiles: true)
        let delivery = MemoryDelivery()
        let rows = try await test.world.judge(.person, entries, options: test.options)
        let result = try await test.world.carryOut(.person, rows, to: delivery, options: test.options)
        #expect(result.carriedOut == 2 && result.messages == 1 && result.deliveries == [1])
        #expect(delivery.all.map(\.address.text) == ["p2_sotttt@hanoi.gov.vn"])
    }

    @Test("A destroyed mailbox takes its orders along (R-LIFE-9)")
    func destroyed() async throws {
        let test = try await OrderingWorld()
        _ = try await test.imports([person(1)])
        let account = try await test.world.account("p1_sotttt")
        let event = AuditEvent(
            time: test.world.clock.now(), code: .accountDestroyed, result: .success, account: account.id,
            provenance: test.world.desk)
        try await test.world.store.destroy(account.id, now: test.world.clock.now(), event: event)
        #expect(try test.world.sql("SELECT count(*) FROM sms_orders") == "0\n")
    }
}
