import AuthDomain
import AuthService
import SQLStore
import TestKit
import Testing

private func hanoi(_ text: String) throws -> WallInstant {
    try #require(RFC3339.parse(text + "+07:00"))
}

extension World {
    fileprivate var restorationDesk: RestorationDesk { RestorationDesk(ports: ports, policy: policy) }
    fileprivate var breakGlass: BreakGlass { BreakGlass(ports: ports, policy: policy) }
    fileprivate var locking: LockAccount { LockAccount(ports: ports, policy: policy) }

    fileprivate func acting(_ name: String) -> Provenance { Provenance(client: "desk", actor: name, entry: "api") }

    fileprivate func petition(_ at: WallInstant? = nil) -> RestorationPetition {
        RestorationPetition(
            organisation: "Sở TT&TT", document: "Số 46/STTTT-VP", requestedBy: "Trần Bình", channel: nil,
            receivedAt: at)
    }
}

@Suite("The restoration desk (Đ8.3)")
struct DeskTests {
    private let address = "tran_tu@hanoi.gov.vn"

    @Test("R-REST-1, 2: a request is due in two working days, listed by urgency, overdue when they are over")
    func requests() async throws {
        let world = try await World()
        world.clock.step(to: try hanoi("2026-12-25T16:00:00"))
        for name in ["an", "ba"] {
            _ = try await world.provision("\(name)@hanoi.gov.vn")
            try await world.lock("\(name)@hanoi.gov.vn", .credentialLeak)
        }
        let first = try await world.restorationDesk.record(
            "an@hanoi.gov.vn", world.petition(), provenance: world.desk)
        #expect(first.dueAt == (try hanoi("2026-12-30T00:00:00")) && first.channel == DenialText.supportMailbox)
        let second = try await world.restorationDesk.record(
            "ba@hanoi.gov.vn", world.petition(try hanoi("2026-12-23T10:00:00")), provenance: world.desk)
        #expect(second.dueAt == (try hanoi("2026-12-26T00:00:00")))
        #expect(
            await outcome {
                try await world.restorationDesk.record("an@hanoi.gov.vn", world.petition(), provenance: world.desk)
            } == "request open")
        func listed(_ filter: RequestFilter) async throws -> [String] {
            try await world.restorationDesk.list(filter, after: nil, limit: 10).rows.map(\.address)
        }
        #expect(try await listed(.open) == ["ba@hanoi.gov.vn", "an@hanoi.gov.vn"])
        #expect(try await listed(.overdue).isEmpty)
        world.clock.step(to: try hanoi("2026-12-29T23:59:59"))
        #expect(try await listed(.overdue) == ["ba@hanoi.gov.vn"])
        world.clock.step(to: try hanoi("2026-12-30T00:00:00"))
        #expect(try await listed(.overdue).count == 2)
        #expect(try await world.store.deadlineCounts(now: world.clock.now()).overdueRestorations == 2)
        let page = try await world.restorationDesk.list(.open, after: nil, limit: 1)
        let rest = try await world.restorationDesk.list(.open, after: page.next, limit: 1)
        #expect(page.rows.map(\.id) == [second.id] && rest.rows.map(\.id) == [first.id] && rest.next == nil)
        _ = try await world.restorationDesk.reject(first.id, note: "không đủ căn cứ", provenance: world.desk)
        #expect(try await listed(.closed) == ["an@hanoi.gov.vn"])
        #expect(
            await outcome {
                try await world.restorationDesk.reject(first.id, note: "lại", provenance: world.desk)
            } == "closed")
    }

    @Test("R-REST-3, 4, 5: executing a request asks for what the cause needs, and the restoration closes it")
    func execution() async throws {
        let world = try await World()
        let owner = try await world.owner(address)
        #expect(
            await outcome {
                try await world.restorationDesk.record(address, world.petition(), provenance: world.desk)
            } == "not locked")
        try await world.lock(address, .credentialLeak)
        let request = try await world.restorationDesk.record(address, world.petition(), provenance: world.desk)
        #expect(
            await outcome {
                try await world.restorationDesk.execute(
                    request.id, remediation: nil, decision: nil, provenance: world.desk)
            } == "missing remediation")
        let done = try await world.restorationDesk.execute(
            request.id, remediation: "đã đổi mật khẩu", decision: nil, provenance: world.desk)
        #expect(done.request.closing?.outcome == .executed && done.request.closing?.restoration != nil)
        #expect(done.restored.cleared == [.credentialLeak])
        let account = try await world.account(address)
        #expect(account.locks.isEmpty && account.password.mustChange && account.authenticators.isEmpty)
        let temporary = try #require(done.restored.temporaryPassword)
        #expect(await outcome { try await world.begin(address, owner.password) } == "credentials")
        #expect(await outcome { try await world.begin(address, temporary) } == "factor_required")
        #expect(
            await outcome {
                try await world.restorationDesk.execute(
                    request.id, remediation: "lại", decision: nil, provenance: world.desk)
            } == "closed")
        let row = try #require(try await world.audit(.accountRestored).first)
        #expect(row.document == "Số 46/STTTT-VP")
    }

    @Test("R-REST-3: a prohibited act needs the city office's decision beside the request")
    func decision() async throws {
        let world = try await World()
        _ = try await world.owner(address)
        try await world.lock(address, .prohibitedAct)
        let request = try await world.restorationDesk.record(address, world.petition(), provenance: world.desk)
        #expect(
            await outcome {
                try await world.restorationDesk.execute(
                    request.id, remediation: "đã xử lý", decision: nil, provenance: world.desk)
            } == "missing decision")
        _ = try await world.restorationDesk.execute(
            request.id, remediation: nil, decision: "Số 7/QĐ-VP", provenance: world.desk)
        #expect(try await world.audit(.accountRestored).map(\.document) == ["Số 7/QĐ-VP"])
    }

    @Test("A restoration by the direct route closes the open request too")
    func directRoute() async throws {
        let world = try await World()
        _ = try await world.owner(address)
        try await world.lock(address, .inactive3Months)
        let request = try await world.restorationDesk.record(address, world.petition(), provenance: world.desk)
        _ = try await world.restore(address, remediation: nil)
        let closed = try await world.restorationDesk.list(.closed, after: nil, limit: 10).rows
        #expect(closed.map(\.id) == [request.id] && closed.first?.closing?.actor == "Trần Thị B")
    }

    @Test("R-REST-7: break-glass is for the listed mailbox and a named person, and another person reviews it in time")
    func breakGlass() async throws {
        let world = try await World()
        _ = try await world.owner("kythuat@hanoi.gov.vn")
        _ = try await world.owner(address)
        for name in [address, "kythuat@hanoi.gov.vn"] { try await world.lock(name, .badPassword5) }
        func act(_ name: String, _ provenance: Provenance) async -> String {
            await outcome {
                try await world.breakGlass.act(
                    name, reason: "bị dò mật khẩu", remediation: "đã chặn", provenance: provenance)
            }
        }
        #expect(await act(address, world.acting("An")) == "not break-glass")
        #expect(await act("kythuat@hanoi.gov.vn", Provenance(client: "desk", entry: "api")) == "request X-Actor")
        #expect(await act("kythuat@hanoi.gov.vn", world.acting("An")) == "done")
        let review = try #require(try await world.breakGlass.owed(after: nil, limit: 10).rows.first)
        #expect(review.actedBy == "An" && review.address == "kythuat@hanoi.gov.vn")
        func conclude(_ provenance: Provenance) async -> String {
            await outcome {
                try await world.breakGlass.review(
                    review.restoration, document: "Biên bản 3", finding: "đúng", provenance: provenance)
            }
        }
        #expect(await conclude(world.acting("An")) == "same actor")
        world.clock.step(to: review.dueAt)
        #expect(try await world.store.deadlineCounts(now: world.clock.now()).overdueReviews == 1)
        #expect(await conclude(world.acting("Bình")) == "done")
        #expect(await conclude(world.acting("Cường")) == "closed")
        #expect(try await world.breakGlass.owed(after: nil, limit: 10).rows.isEmpty)
        #expect(try await world.store.deadlineCounts(now: world.clock.now()).overdueReviews == 0)
        try await world.lock("kythuat@hanoi.gov.vn", .prohibitedAct)
        #expect(await act("kythuat@hanoi.gov.vn", world.acting("An")) == "missing decision")
    }
}

@Suite("Locks from outside, stages of life, exemptions")
struct OutsideTests {
    private let address = "tran_tu@hanoi.gov.vn"
    private let turn = SweepTurn(holder: "test", lease: .seconds(60), batch: 8)

    @Test("R-LOCK-16: a watching system locks for what it can see, with evidence")
    func watching() async throws {
        let world = try await World()
        _ = try await world.owner(address)
        func lock(_ cause: LockCause, _ document: String?) async -> String {
            await outcome {
                try await world.lockingFromOutside(address, cause, document)
            }
        }
        #expect(await lock(.prohibitedAct, "Cảnh báo 7") == "request cause")
        #expect(await lock(.spamMalware, nil) == "request document")
        #expect(await lock(.spamMalware, "Cảnh báo 7") == "done")
        #expect(await lock(.spamMalware, "Cảnh báo 7") == "locked spam_malware")
        #expect(try await world.account(address).locks.map(\.source) == [.monitoring])
    }

    @Test("R-LOCK-16: a batch tells what became of each address")
    func batch() async throws {
        let world = try await World()
        for name in ["an", "ba"] { _ = try await world.provision("\(name)@hanoi.gov.vn") }
        let many = LockAccounts(ports: world.ports, policy: world.policy)
        func run(_ addresses: [String]) async throws -> [String] {
            try await many(
                addresses, cause: .compromised, note: "thử", document: "Số 1", source: .operator,
                provenance: world.desk
            ).map(\.outcome.rawValue)
        }
        #expect(
            try await run(["an@hanoi.gov.vn", "nobody@hanoi.gov.vn", "ba@hanoi.gov.vn", "an@hanoi.gov.vn"])
                == ["locked", "not_found", "locked", "already_locked"])
        #expect(await outcome { try await run([]) } == "request accounts")
        #expect(await outcome { try await run(Array(repeating: "x", count: 101)) } == "request accounts")
    }

    @Test("R-API-4: a named call is carried out once; another body, a call in flight and a dead one are told apart")
    func namedCalls() async throws {
        let world = try await World()
        let (store, now) = (world.store, world.clock.now())
        func begin(_ digest: UInt8, at instant: WallInstant, client: String = "siem") async throws -> CallBeginning {
            try await store.begin(
                client: client, key: "k", digest: [digest], row: "\(client) \(instant.milliseconds)", now: instant)
        }
        let row = "siem \(now.milliseconds)"
        #expect(try await begin(1, at: now) == .new(row: row))
        #expect(try await begin(1, at: now + .seconds(59)) == .inFlight)
        #expect(try await begin(2, at: now + .seconds(59)) == .different)
        #expect(try await begin(1, at: now, client: "other") == .new(row: "other \(now.milliseconds)"))
        #expect(try await begin(1, at: now + .seconds(60)) == .new(row: row))
        try await store.finish(row: row, sealed: [7])
        #expect(try await begin(1, at: now + .seconds(86_400)) == .answered(sealed: [7], row: row))
        try await store.forget(row: row)
        #expect(try await begin(1, at: now + .seconds(86_400)) == .answered(sealed: [7], row: row))
        try await store.forget(row: "other \(now.milliseconds)")
        #expect(try await begin(2, at: now + .seconds(1), client: "other") != .different)
        func prune(at instant: WallInstant) async throws {
            _ = try await store.prune(.namedCalls, before: instant - Prunable.namedCallsAge, limit: 500)
        }
        try await prune(at: now + .seconds(2 * 86_400))
        #expect(try world.sql("SELECT count(*) FROM idempotent_calls") == "2\n")
        try await prune(at: now + .seconds(3 * 86_400))
        #expect(try world.sql("SELECT count(*) FROM idempotent_calls") == "0\n")
        let later = now + .seconds(3 * 86_400)
        #expect(try await begin(2, at: later) == .new(row: "siem \(later.milliseconds)"))
    }

    @Test("R-LIFE-5, 6, 8: recalled for 30 days, or 60 for heads; then destroyed, to the millisecond")
    func recall() async throws {
        for (isHead, end) in [(false, "2026-12-24T00:00:00"), (true, "2027-01-23T00:00:00")] {
            let world = try await World()
            let owner = try await world.owner(address)
            let changed = try await KeepLifecycle(ports: world.ports, policy: world.policy)(
                address,
                LifecycleOrder(
                    stage: .recalled, decidedOn: try #require(CivilDate(parsing: "2026-11-23")),
                    document: "Số 88/QĐ", isHead: isHead), provenance: world.desk)
            #expect(changed.account.lifecycle == .recalled && !changed.wasOver)
            let over = try hanoi(end)
            #expect(changed.account.deadlines.first { $0.kind == .recallEnd }?.dueAt == over)
            world.clock.step(to: over - .milliseconds(1))
            #expect(await outcome { try await world.begin(address, owner.password) } == "factor_required")
            world.clock.step(to: over)
            #expect(await outcome { try await world.begin(address, owner.password) } == "credentials")
            #expect(try await world.audit(.accountDestroyed).map(\.clause) == ["Điều 7.4.d"])
        }
    }

    @Test(
        "R-LIFE-4, 7: a transferred mailbox ends after 15 days; one filed too late ends at once; it can be taken back")
    func transfer() async throws {
        let world = try await World()
        let owner = try await world.owner(address)
        let lifecycle = KeepLifecycle(ports: world.ports, policy: world.policy)
        func order(_ stage: Lifecycle, _ day: String) throws -> LifecycleOrder {
            LifecycleOrder(
                stage: stage, decidedOn: try #require(CivilDate(parsing: day)), document: "Số 88/QĐ", isHead: false)
        }
        let late = try await lifecycle(address, try order(.transferred, "2026-10-23"), provenance: world.desk)
        #expect(late.wasOver && late.account.lifecycle == .transferEnded)
        #expect(await outcome { try await world.begin(address, owner.password) } == "credentials")
        let back = try await lifecycle(address, try order(.active, "2026-11-23"), provenance: world.desk)
        #expect(back.account.lifecycle == .active)
        #expect(await outcome { try await world.begin(address, owner.password) } == "factor_required")
        _ = try await lifecycle(address, try order(.transferred, "2026-11-23"), provenance: world.desk)
        // The 15th day is 08/12/2026, a Tuesday.
        world.clock.step(to: try hanoi("2026-12-08T23:59:59"))
        #expect(await outcome { try await world.begin(address, owner.password) } == "factor_required")
        world.clock.step(to: try hanoi("2026-12-09T00:00:00"))
        #expect(await outcome { try await world.begin(address, owner.password) } == "credentials")
        #expect(
            await outcome {
                try await lifecycle(address, try order(.recalled, "2027-11-23"), provenance: world.desk)
            } == "request decided_on")
    }

    @Test("R-LOCK-14: an exemption holds the lock for inactivity off until it ends, and ending it early lets it fall")
    func exemption() async throws {
        let world = try await World()
        _ = try await world.owner(address)
        _ = try world.sql(
            """
            INSERT INTO feed_coverage (kind, unbroken_since, heard_at) VALUES ('mail', 0, 4102444800000)
            """)
        let exemptions = KeepExemptions(ports: world.ports, policy: world.policy)
        #expect(
            await outcome {
                try await exemptions.record(
                    address, reason: "Nghỉ", document: "Số 1", from: World.start, until: World.start,
                    provenance: world.desk)
            } == "request until")
        let exemption = try await exemptions.record(
            address, reason: "Nghỉ thai sản", document: "Số 12/QĐ", from: World.start,
            until: try hanoi("2027-06-01T00:00:00"), provenance: world.desk)
        // Last seen on 23/11/2026, so due on 24/02/2027 but for the exemption.
        world.clock.step(to: try hanoi("2027-03-10T00:00:00"))
        _ = try await world.keeper.sweep(turn) {}
        #expect(try await world.account(address).locks.isEmpty)
        try await exemptions.end(address, exemption.id, provenance: world.desk)
        #expect(
            await outcome { try await exemptions.end(address, exemption.id, provenance: world.desk) } == "not found")
        world.clock.step(to: try hanoi("2027-06-10T23:59:59"))
        #expect(try await world.account(address).locks.isEmpty)
        world.clock.step(to: try hanoi("2027-06-11T00:00:00"))
        #expect(try await world.account(address).locks.map(\.cause) == [.inactive3Months])
        #expect(try await exemptions.list(address).map(\.id) == [exemption.id])
    }
}

extension World {
    fileprivate func lockingFromOutside(
        _ address: String, _ cause: LockCause, _ document: String?
    ) async throws(OperatorFailure) -> Account {
        try await locking(
            address, cause: cause, note: "thử", document: document, source: .monitoring, provenance: desk)
    }
}
