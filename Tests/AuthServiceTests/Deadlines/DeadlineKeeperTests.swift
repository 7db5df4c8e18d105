import AuthDomain
import AuthService
import SQLStore
import TestKit
import Testing

private func hanoi(_ text: String) throws -> WallInstant {
    try #require(RFC3339.parse(text + "+07:00"))
}

@Suite("Deadlines at every decision, without a sweeper")
struct DeadlineKeeperTests {
    /// A mailbox provisioned on Thursday 24/12/2026, its owner told on Friday.
    private func told(_ world: World) async throws -> ProvisionedAccount {
        world.clock.step(to: try hanoi("2026-12-24T10:00:00"))
        let made = try await world.provision("tran_tu@hanoi.gov.vn")
        var change = AccountChangeRequest()
        change.notifiedAt = try hanoi("2026-12-25T09:00:00")
        _ = try await KeepAccounts(ports: world.ports, policy: world.policy)
            .change("tran_tu@hanoi.gov.vn", change, provenance: world.desk)
        return made
    }

    @Test("R-FIRST-3: the default password works until 31/12 00:00 to the millisecond, then the mailbox is locked")
    func defaultPassword() async throws {
        let world = try await World()
        let made = try await told(world)
        let password = try #require(made.temporaryPassword)
        let end = try hanoi("2026-12-31T00:00:00")
        world.clock.step(to: end - .milliseconds(1))
        let id = try await world.begin("tran_tu@hanoi.gov.vn", password).id
        world.clock.step(to: end)
        #expect(await outcome { try await world.read(id) } == "locked default_not_changed")
        #expect(await outcome { try await world.begin("tran_tu@hanoi.gov.vn", password) } == "locked -")
        let locks = try await world.account("tran_tu@hanoi.gov.vn").locks
        #expect(locks.map(\.cause) == [.defaultNotChanged] && locks.map(\.lockedAt) == [end])
        #expect(try await world.audit(.signInLocked).map(\.clause) == ["Điều 8.2.d"])
        #expect(world.observer.locks == [.defaultNotChanged])
    }

    @Test("R-FIRST-6: a change in flight when the deadline passes is refused; committed before, it stands")
    func inFlight() async throws {
        for early in [true, false] {
            let world = try await World()
            let made = try await told(world)
            let end = try hanoi("2026-12-31T00:00:00")
            world.clock.step(to: end - .seconds(60))
            let id = try await world.begin("tran_tu@hanoi.gov.vn", try #require(made.temporaryPassword)).id
            _ = try await world.prove(id, .enrolmentCode, try #require(made.enrolmentCode))
            let gate = Gate()
            world.faults.holdingVerifications(at: gate)
            world.faults.resetCalls()
            async let result = outcome { try await world.choose(id, "Mưa rào 4 giờ!") }
            while world.faults.calls("hasher.verify") < 1 { await Task.yield() }
            world.clock.step(to: early ? end - .milliseconds(1) : end)
            await gate.open()
            #expect(await result == (early ? "enrolment_required" : "locked default_not_changed"))
            world.clock.step(to: end)
            let isLocked = try await !world.account("tran_tu@hanoi.gov.vn").locks.isEmpty
            #expect(isLocked != early)
        }
    }

    @Test("R-FIRST-4, R-FIRST-5: no notice, no clock; a first sign-in without the change does not stop it")
    func notice() async throws {
        let world = try await World()
        world.clock.step(to: try hanoi("2026-12-24T10:00:00"))
        let made = try await world.provision("tran_tu@hanoi.gov.vn")
        let password = try #require(made.temporaryPassword)
        let id = try await world.begin("tran_tu@hanoi.gov.vn", password).id
        _ = try await world.prove(id, .enrolmentCode, try #require(made.enrolmentCode))
        world.clock.step(to: try hanoi("2027-01-20T10:00:00"))
        #expect(await outcome { try await world.begin("tran_tu@hanoi.gov.vn", password) } == "factor_required")
        var change = AccountChangeRequest()
        change.notifiedAt = try hanoi("2027-01-20T10:00:00")
        _ = try await KeepAccounts(ports: world.ports, policy: world.policy)
            .change("tran_tu@hanoi.gov.vn", change, provenance: world.desk)
        world.clock.step(to: try hanoi("2027-01-25T23:59:59"))
        #expect(await outcome { try await world.begin("tran_tu@hanoi.gov.vn", password) } == "factor_required")
        world.clock.step(to: try hanoi("2027-01-26T00:00:00"))
        #expect(await outcome { try await world.begin("tran_tu@hanoi.gov.vn", password) } == "locked -")
    }

    @Test("R-FIRST-4: a notice sent again buys no time, unless the first is recorded as undelivered")
    func resentNotice() async throws {
        let world = try await World()
        _ = try await told(world)
        let keep = KeepAccounts(ports: world.ports, policy: world.policy)
        func send(_ time: String, _ reason: String?) async -> String {
            await outcome {
                var change = AccountChangeRequest()
                change.notifiedAt = try hanoi(time)
                change.undelivered = reason
                return try await keep.change("tran_tu@hanoi.gov.vn", change, provenance: world.desk)
            }
        }
        #expect(await send("2026-12-28T09:00:00", nil) == "request notice_undelivered")
        #expect(await send("2026-12-25T09:00:00", nil) == "done")
        #expect(await send("2026-12-28T09:00:00", "tin nhắn không đến") == "done")
        // 02/01/2027 is a Saturday.
        let due = try await world.keeper.deadlines(of: world.account("tran_tu@hanoi.gov.vn").id).first
        let monday = try hanoi("2027-01-05T00:00:00")
        #expect(due?.kind == .defaultPassword && due?.dueAt == monday)
        #expect(try await world.audit(.accountChanged).last?.detail?.contains("undelivered: tin nhắn") == true)
    }

    @Test("The sweeper locks without anyone asking, and finds nothing the second time")
    func sweeping() async throws {
        let world = try await World()
        _ = try await told(world)
        let turn = SweepTurn(holder: "test", lease: .seconds(60), batch: 8)
        _ = try await world.keeper.sweep(turn) {}
        #expect(world.observer.locks.isEmpty)
        world.clock.step(to: try hanoi("2026-12-31T00:00:00"))
        #expect(try await world.keeper.sweep(turn) {} == 1)
        #expect(try await world.keeper.sweep(turn) {} == 0)
        #expect(world.observer.locks == [.defaultNotChanged])
        #expect(try await world.keeper.sweep(SweepTurn(holder: "other", lease: .seconds(60), batch: 8)) {} == nil)
    }

    @Test("R-FIRST-10: the warnings ahead are recorded once each")
    func warnings() async throws {
        let world = try await World()
        _ = try await told(world)
        let turn = SweepTurn(holder: "test", lease: .seconds(60), batch: 8)
        for time in ["2026-12-29T07:59:59", "2026-12-29T08:00:00", "2026-12-29T20:00:00", "2026-12-30T09:00:00"] {
            world.clock.step(to: try hanoi(time))
            _ = try await world.keeper.sweep(turn) {}
            _ = try await world.account("tran_tu@hanoi.gov.vn")
        }
        let rows = try await world.audit(.deadlineWarned)
        #expect(rows.map(\.time) == [try hanoi("2026-12-29T08:00:00"), try hanoi("2026-12-30T09:00:00")])
        #expect(rows.allSatisfy { $0.clause == "Điều 8.2.d" })
    }

    @Test("Đ8.2.a: an app password stops at the very instant at which its mailbox falls due, and nobody swept")
    func mailLogin() async throws {
        let world = try await World()
        let owner = try await world.owner("an_sotttt@hanoi.gov.vn")
        let made = try await world.appPassword(owner)
        _ = try world.sql(
            "INSERT INTO feed_coverage (kind, unbroken_since, heard_at) VALUES ('mail', 0, 4102444800000)")
        // Last seen on Monday 23/11/2026: the third month ends with 23/02/2027, a Tuesday.
        let end = try hanoi("2027-02-24T00:00:00")
        world.clock.step(to: end - .milliseconds(1))
        #expect(await world.word("an_sotttt", made.password) == "ok")
        world.clock.step(to: end)
        #expect(await world.word("an_sotttt", made.password) != "ok")
        #expect(try await world.account(owner.address).locks.map(\.cause) == [.inactive3Months])
    }

    @Test("An imported holiday moves the end that was noted before")
    func holidays() async throws {
        let world = try await World()
        let made = try await told(world)
        let turn = SweepTurn(holder: "test", lease: .seconds(60), batch: 8)
        _ = try await world.keeper.sweep(turn) {}
        let day = try #require(CivilDate(parsing: "2026-12-30"))
        try await world.store.replaceHolidays(
            with: [try #require(Holiday(date: day, kind: .off, name: "Nghỉ hoán đổi"))],
            event: AuditEvent(
                time: world.clock.now(), code: .holidaysImported, result: .success, provenance: world.desk))
        _ = try await world.keeper.sweep(turn) {}
        world.clock.step(to: try hanoi("2026-12-31T23:59:59"))
        let password = try #require(made.temporaryPassword)
        #expect(await outcome { try await world.begin("tran_tu@hanoi.gov.vn", password) } == "factor_required")
        // And taking it away brings it back, to an account that nobody was to look at until then.
        let other = try #require(CivilDate(parsing: "2026-09-01"))
        try await world.store.replaceHolidays(
            with: [try #require(Holiday(date: other, kind: .holiday, name: "Quốc khánh"))],
            event: AuditEvent(
                time: world.clock.now(), code: .holidaysImported, result: .success, provenance: world.desk))
        _ = try await world.keeper.sweep(turn) {}
        #expect(try await world.account("tran_tu@hanoi.gov.vn").locks.map(\.cause) == [.defaultNotChanged])
    }
}
