import AuthDomain
import AuthService
import TestKit
import Testing

private func hanoi(_ text: String) throws -> WallInstant {
    try #require(RFC3339.parse(text + "+07:00"))
}

@Suite("Owners are reminded by short message, once for each warning (R-FIRST-10, R-LOCK-15)")
struct ReminderTests {
    private static let address = "tran_tu@hanoi.gov.vn"
    private let world: World
    private let handset: Handset

    init() async throws {
        (world, handset) = try await World.messaging { policy in
            // Two messages a minute for the whole city, so that a test sees the budget at work.
            policy.sms.budget = SMSBudget(limits: [.all: SMSBudgetLimit(most: 2, window: .seconds(60))])
        }
    }

    /// Sweeps and sends as housekeeping does; how many messages left.
    @discardableResult
    private func tick(_ time: String? = nil) async throws -> Int {
        if let time { world.clock.step(to: try hanoi(time)) }
        _ = try await world.keeper.sweep(SweepTurn(holder: "test", lease: .seconds(60), batch: 8)) {}
        return try await remind()
    }

    private func remind() async throws -> Int {
        try await RemindOwners(ports: world.ports, policy: world.policy, queue: world.store)()
    }

    private func told(_ address: String = Self.address, phone: String? = World.phone) async throws {
        _ = try await world.provision(address, phone: phone)
        try await notify(address)
    }

    private func notify(_ address: String) async throws {
        var change = AccountChangeRequest()
        change.notifiedAt = try hanoi("2026-12-25T09:00:00")
        _ = try await KeepAccounts(ports: world.ports, policy: world.policy)
            .change(address, change, provenance: world.desk)
    }

    /// One who has signed in and whose mail system reports; messages of the sign-in itself are counted already.
    private func user() async throws -> Int {
        _ = try await world.phoneOwner(Self.address, handset: handset)
        _ = try world.sql(
            "INSERT INTO feed_coverage (kind, unbroken_since, heard_at) VALUES ('mail', 0, 4102444800000)")
        return handset.deliveries.count
    }

    private func move(_ stage: Lifecycle) async throws {
        _ = try await KeepLifecycle(ports: world.ports, policy: world.policy)(
            Self.address,
            LifecycleOrder(
                stage: stage, decidedOn: try #require(CivilDate(parsing: "2026-11-23")), document: "Số 88/QĐ",
                isHead: false), provenance: world.desk)
    }

    /// The text is one part of plain letters: no gateway splits it and no phone shows boxes.
    private func expectPlain(_ text: String, _ words: String) {
        #expect(text.contains(words), "\(text)")
        #expect(text.utf8.allSatisfy { (0x20...0x7E).contains($0) } && text.utf8.count <= 160, "\(text)")
    }

    @Test("R-FIRST-10: a default password is reminded of at T-2 and T-1 at 08:00, however often anybody looks")
    func defaultPassword() async throws {
        world.clock.step(to: try hanoi("2026-12-25T09:00:00"))
        try await told()
        var sent: [Int] = []
        for time in [
            "2026-12-29T07:59:59", "2026-12-29T08:00:00", "2026-12-29T08:00:05", "2026-12-30T08:00:00",
            "2026-12-30T20:00:00", "2026-12-31T00:00:00",
        ] { sent.append(try await tick(time)) }
        #expect(sent == [0, 1, 0, 1, 0, 0])
        for delivery in handset.deliveries { expectPlain(delivery.text, "sap bi tam khoa") }
        #expect(handset.deliveries.map(\.phone) == ["+84912345678", "+84912345678"])
        #expect(try await world.audit(.deadlineWarned).count == 2)
    }

    @Test("R-LOCK-15: inactivity is reminded of at T-14 and T-3, and not during an exemption (R-LOCK-14)")
    func inactivity() async throws {
        let before = try await user()
        // Last seen on 23/11/2026: the lock is at 24/02/2027.
        var sent: [Int] = []
        for time in ["2027-02-10T07:59:59", "2027-02-10T08:00:00", "2027-02-21T08:00:00", "2027-02-23T23:59:59"] {
            sent.append(try await tick(time))
        }
        #expect(sent == [0, 1, 1, 0])
        expectPlain(try #require(handset.deliveries.last).text, "sap bi tam khoa")
        #expect(handset.deliveries.count == before + 2)
    }

    @Test("R-LOCK-14, 15: an exempt mailbox, a group address and one without a phone are not written to")
    func nobody() async throws {
        let before = try await user()
        _ = try await KeepExemptions(ports: world.ports, policy: world.policy).record(
            Self.address, reason: "Nghỉ thai sản", document: "Số 12/QĐ", from: World.start,
            until: try hanoi("2027-06-01T00:00:00"), provenance: world.desk)
        _ = try await world.provision("nhom_tu@hanoi.gov.vn", phone: World.phone, kind: .group)
        _ = try await told("khong_so@hanoi.gov.vn", phone: nil)
        for address in ["nhom_tu@hanoi.gov.vn"] { try? await notify(address) }
        for time in ["2026-12-29T08:00:00", "2026-12-30T08:00:00", "2027-02-10T08:00:00", "2027-02-21T08:00:00"] {
            #expect(try await tick(time) == 0)
        }
        #expect(handset.deliveries.count == before)
        #expect(try world.sql("SELECT count(*) FROM deadline_warnings WHERE reminded_at IS NULL") == "0\n")
    }

    @Test("R-FIRST-8: a temporary password is reminded of at T-2 and T-1")
    func temporaryPassword() async throws {
        let before = try await user()
        _ = try await world.resetPassword(Self.address)
        let end = try #require(try await world.account(Self.address).password.expiresAt)
        var sent = 0
        while world.clock.now() < end {
            sent += try await tick()
            world.clock.advance(by: .seconds(3600))
        }
        #expect(sent == 2 && handset.deliveries.count == before + 2)
        expectPlain(try #require(handset.deliveries.last).text, "sap bi tam khoa")
    }

    @Test(
        "Đ7.4.c, d: the end of a transferred and of a recalled mailbox is reminded of once, three days ahead",
        arguments: [
            (Lifecycle.transferred, "2026-12-06T08:00:00", "2026-12-09T00:00:00"),
            (.recalled, "2026-12-21T08:00:00", "2026-12-24T00:00:00"),
        ])
    func stageEnd(_ stage: Lifecycle, _ warned: String, _ over: String) async throws {
        let before = try await user()
        try await move(stage)
        #expect(try await tick() == 0)
        world.clock.step(to: try hanoi(warned) - .milliseconds(1))
        #expect(try await tick() == 0)
        #expect(try await tick(warned) == 1)
        #expect(try await tick() == 0)
        #expect(try await tick(over) == 0)
        #expect(handset.deliveries.count == before + 1)
        expectPlain(try #require(handset.deliveries.last).text, "sap het thoi han duy tri")
    }

    @Test("A budget that is used up and a gateway that is down put reminders off; none is lost and none goes out twice")
    func putOff() async throws {
        world.clock.step(to: try hanoi("2026-12-25T09:00:00"))
        for index in 0..<5 { try await told("can_bo\(index)@hanoi.gov.vn", phone: "091234000\(index)") }
        handset.answerAll(.refused(.retryable, reason: "down"))
        #expect(try await tick("2026-12-29T08:00:00") == 0)
        #expect(handset.deliveries.isEmpty)
        handset.answerAll(nil)
        var sent: [Int] = []
        for _ in 0..<10 {
            world.clock.advance(by: .seconds(61))
            sent.append(try await remind())
        }
        #expect(sent.reduce(0, +) == 5 && sent.max() == 2)
        #expect(Set(handset.deliveries.map(\.phone)).count == 5)
    }

    @Test("What is settled before its message leaves is not written about")
    func overtaken() async throws {
        world.clock.step(to: try hanoi("2026-12-25T09:00:00"))
        try await told()
        world.clock.step(to: try hanoi("2026-12-29T08:00:00"))
        _ = try await world.keeper.sweep(SweepTurn(holder: "test", lease: .seconds(60), batch: 8)) {}
        try await world.lock(Self.address, .compromised)
        #expect(try await remind() == 0)
        #expect(handset.deliveries.isEmpty)
    }

    @Test("Eight that send at once send each reminder once")
    func together() async throws {
        let (world, handset) = try await World.messaging()
        world.clock.step(to: try hanoi("2026-12-25T09:00:00"))
        for index in 0..<10 {
            _ = try await world.provision("can_bo\(index)@hanoi.gov.vn", phone: "091234000\(index)")
            var change = AccountChangeRequest()
            change.notifiedAt = try hanoi("2026-12-25T09:00:00")
            _ = try await KeepAccounts(ports: world.ports, policy: world.policy)
                .change("can_bo\(index)@hanoi.gov.vn", change, provenance: world.desk)
        }
        world.clock.step(to: try hanoi("2026-12-29T08:00:00"))
        _ = try await world.keeper.sweep(SweepTurn(holder: "test", lease: .seconds(60), batch: 100)) {}
        let outcomes = await world.together(8) { _ in
            _ = try await RemindOwners(ports: world.ports, policy: world.policy, queue: world.store)()
        }
        #expect(outcomes.allSatisfy { $0 == "done" }, "\(outcomes)")
        #expect(handset.deliveries.count == 10 && Set(handset.deliveries.map(\.phone)).count == 10)
    }
}
