import AuthDomain
import AuthService
import Callbacks
import SQLStore
import Synchronization
import TestKit
import Testing

@Suite("Delivery of events: at least once, in order for each account and target (R-HOOK-2)")
struct DispatcherTests {
    /// A dispatcher over a real outbox, whose clock moves on whenever everyone sleeps.
    private final class Rig: Sendable {
        let store: SQLiteStore
        let clock = ManualClock(Fixtures.start)
        let died = Notes<OutboxMessage>()
        let stopped = Notes<String>()
        private let dispatchers = Mutex<[TargetDispatcher]>([])
        private let tasks = Mutex<[Task<Void, Never>]>([])

        init(_ folder: TemporaryDirectory, targets: [String] = ["store"]) throws {
            store = try Fixtures.store(folder, targets: targets)
        }

        @discardableResult
        func dispatch(
            to target: any EventTarget, name: String = "store", over outbox: SQLiteStore? = nil,
            _ adjust: (inout DispatchSettings) -> Void = { _ in }
        ) -> TargetDispatcher {
            // Claims hold for ever, however far the test's clock is moved.
            var settings = DispatchSettings(schedule: .webhook, lease: .seconds(100_000_000))
            adjust(&settings)
            let dispatcher = TargetDispatcher(
                name: name, target: target, settings: settings, outbox: outbox ?? store, wall: clock, clock: clock,
                random: SeededRandom(seed: UInt64.random(in: 0...UInt64.max)),
                observer: CallbackObserver(
                    died: { [died] message, _ in died.append(message) },
                    stopped: { [stopped] in stopped.append($0) }))
            dispatchers.withLock { $0.append(dispatcher) }
            tasks.withLock { $0.append(Task { await dispatcher.run() }) }
            return dispatcher
        }

        func pending() async throws -> Int {
            try await store.backlogs().reduce(0) { $0 + $1.pending }
        }

        /// Moves the clock until nothing waits.
        func drain(step: Duration = .seconds(600)) async throws -> Bool {
            try await eventually {
                clock.advance(by: step)
                return try await pending() == 0
            }
        }

        func close() async {
            for dispatcher in dispatchers.withLock({ $0 }) {
                async let stop: Void = dispatcher.stop(within: .seconds(10))
                clock.advance(by: .seconds(2))
                await stop
            }
            for task in tasks.withLock({ $0 }) {
                clock.advance(by: .seconds(2))
                await task.value
            }
            store.close()
        }
    }

    @Test("whatever goes wrong in between, each event arrives, and none before the one ahead of it")
    func orderUnderFaults() async throws {
        let folder = try TemporaryDirectory()
        let rig = try Rig(folder)
        let random = Mutex(SeededRandom(seed: 42))
        let faults: [DeliveryOutcome] = [
            .failed(.refused, retryAfter: nil), .failed(.timeout, retryAfter: nil),
            .failed(.throttled, retryAfter: .seconds(90)), .failed(.interrupted, retryAfter: nil),
            .failed(.redirected, retryAfter: nil), .delivered, .delivered, .delivered,
        ]
        let delivered = Notes<OutboxMessage>()
        let target = ScriptedTarget { message, _ in
            // Ten failures in a row would be the end of an event, which is another test.
            let drawn = faults[Int(random.withLock { $0.bytes(count: 1)[0] }) % faults.count]
            let outcome = message.attempts > 5 ? .delivered : drawn
            if outcome == .delivered { delivered.append(message) }
            return outcome
        }
        var accounts: [AccountID] = []
        for index in 0..<20 { accounts.append(try await Fixtures.provision("a\(index)", in: rig.store)) }
        let dispatcher = rig.dispatch(to: target)
        for _ in 0..<9 {
            for account in accounts { try await Fixtures.touch(account, in: rig.store) }
            dispatcher.wake()
        }
        #expect(try await rig.drain())
        await rig.close()
        #expect(rig.died.all.isEmpty)
        for account in accounts {
            let arrived = delivered.all.filter { $0.account == account }.map(\.sequence)
            #expect(arrived == Array(1...10))
            // No attempt of an event before the one ahead had arrived.
            let attempts = target.seen.all.filter { $0.account == account }
            #expect(attempts.map(\.sequence) == attempts.map(\.sequence).sorted())
            #expect(Set(attempts.map(\.id)).count == 10)
        }
    }

    @Test("woken by the commit, not by polling")
    func wake() async throws {
        let folder = try TemporaryDirectory()
        let bell = Mutex<TargetDispatcher?>(nil)
        let store = try Fixtures.store(folder) { bell.withLock { $0 }?.wake() }
        let clock = ManualClock(Fixtures.start)
        let target = ScriptedTarget()
        let dispatcher = TargetDispatcher(
            name: "store", target: target, settings: DispatchSettings(schedule: .webhook), outbox: store, wall: clock,
            clock: clock, random: SeededRandom(seed: 1))
        bell.withLock { $0 = dispatcher }
        let run = Task { await dispatcher.run() }
        await clock.whenSleeping(1)
        _ = try await Fixtures.provision("an", in: store)
        // The clock never moves.
        #expect(await eventually { target.seen.all.count == 1 })
        #expect(try await eventually { try await store.backlogs().isEmpty })
        await dispatcher.stop(within: .seconds(10))
        await run.value
        store.close()
    }

    @Test("two instances share the work: nothing twice, order kept")
    func twoInstances() async throws {
        let folder = try TemporaryDirectory()
        let rig = try Rig(folder)
        let other = try Fixtures.store(folder)
        var accounts: [AccountID] = []
        for index in 0..<50 { accounts.append(try await Fixtures.provision("a\(index)", in: rig.store)) }
        for _ in 0..<9 { for account in accounts { try await Fixtures.touch(account, in: rig.store) } }
        let target = ScriptedTarget()
        rig.dispatch(to: target)
        rig.dispatch(to: target, over: other)
        #expect(try await rig.drain())
        await rig.close()
        other.close()
        #expect(target.seen.all.count == 500)
        for account in accounts {
            #expect(target.seen.all.filter { $0.account == account }.map(\.sequence) == Array(1...10))
        }
        #expect(Set(target.seen.all.map(\.lease.count)).count == 1)
    }

    @Test("what an instance that died had taken is delivered by another when the claim ends, with the same id")
    func lease() async throws {
        let folder = try TemporaryDirectory()
        let rig = try Rig(folder)
        _ = try await Fixtures.provision("an", in: rig.store)
        // Taken, and never heard of again.
        let lost = try await rig.store.exchange(
            [], claim: OutboxClaim(target: "store", limit: 8, lease: "x", until: Fixtures.start + .seconds(20)),
            now: Fixtures.start)
        #expect(lost.count == 1)
        let target = ScriptedTarget()
        rig.dispatch(to: target)
        await rig.clock.whenSleeping(1)
        #expect(target.seen.all.isEmpty)
        #expect(try await rig.drain(step: .seconds(1)))
        #expect(target.seen.all.map(\.id) == lost.map(\.id))
        #expect(rig.clock.now() >= Fixtures.start + .seconds(20))
        // The dead one's word comes late and changes nothing.
        _ = try await rig.store.exchange(
            [OutboxSettlement(lost[0], .failed(result: "timeout", next: Fixtures.start))], claim: nil,
            now: rig.clock.now())
        #expect(try await rig.store.nextDue("store") == nil)
        await rig.close()
    }

    @Test("410 stops the target until an operator takes it up again; nothing is lost meanwhile")
    func gone() async throws {
        let folder = try TemporaryDirectory()
        let rig = try Rig(folder, targets: ["store", "other"])
        let isGone = Mutex(true)
        let target = ScriptedTarget { _, _ in
            isGone.withLock { $0 } ? .failed(.gone, retryAfter: nil) : .delivered
        }
        let other = ScriptedTarget()
        let an = try await Fixtures.provision("an", in: rig.store)
        rig.dispatch(to: target)
        rig.dispatch(to: other, name: "other")
        #expect(
            await eventually {
                rig.clock.advance(by: .seconds(60))
                return rig.stopped.all == ["store"] && other.seen.all.count == 1
            })
        try await Fixtures.touch(an, in: rig.store)
        #expect(
            await eventually {
                rig.clock.advance(by: .seconds(60))
                return other.seen.all.count == 2
            })
        #expect(target.seen.all.count == 1)
        let backlog = try await rig.store.backlogs().filter { $0.target == "store" }
        #expect(backlog.map(\.stopped) == ["410 Gone"] && backlog.map(\.pending) == [2])
        isGone.withLock { $0 = false }
        let count = try await rig.store.retry(
            OutboxSelection(part: .pending, target: "store"), event: Fixtures.event(.outboxRetried))
        #expect(count == 2)
        #expect(try await rig.drain())
        #expect(target.seen.all.map(\.sequence) == [1, 1, 2])
        await rig.close()
    }

    @Test("after ten failures an event is dead, the next gets its turn; it can be retried or dropped")
    func dead() async throws {
        let folder = try TemporaryDirectory()
        let rig = try Rig(folder)
        let isBroken = Mutex(true)
        let target = ScriptedTarget { message, _ in
            message.sequence == 1 && isBroken.withLock({ $0 }) ? .failed(.refused, retryAfter: nil) : .delivered
        }
        let an = try await Fixtures.provision("an", in: rig.store)
        try await Fixtures.touch(an, in: rig.store)
        rig.dispatch(to: target)
        #expect(try await rig.drain(step: .seconds(7_200)))
        #expect(target.seen.all.map(\.sequence) == Array(repeating: 1, count: 10) + [2])
        #expect(target.seen.all.prefix(10).map(\.attempts) == Array(0..<10))
        #expect(rig.died.all.map(\.id) == ["msg_acc_an_1"])
        let entries = try await rig.store.entries(OutboxSelection(part: .dead), limit: 10)
        #expect(entries.map(\.message.id) == ["msg_acc_an_1"] && entries[0].result == "refused")
        #expect(entries[0].message.attempts == 10)
        isBroken.withLock { $0 = false }
        let revival = OutboxSelection(part: .dead, id: "msg_acc_an_1")
        #expect(try await rig.store.retry(revival, event: Fixtures.event(.outboxRetried)) == 1)
        #expect(try await rig.drain())
        #expect(target.seen.all.map(\.sequence).suffix(2) == [2, 1])
        #expect(try await rig.store.backlogs().isEmpty)
        await rig.close()
    }

    @Test("a delivery in two parts comes back for the second, and only then is done")
    func parts() async throws {
        let folder = try TemporaryDirectory()
        let rig = try Rig(folder)
        let target = ScriptedTarget { message, _ in message.stage == 0 ? .partly(next: .seconds(3)) : .delivered }
        let an = try await Fixtures.provision("an", in: rig.store)
        try await Fixtures.touch(an, in: rig.store)
        rig.dispatch(to: target)
        #expect(try await rig.drain(step: .milliseconds(500)))
        #expect(target.seen.all.map { "\($0.sequence) \($0.stage)" } == ["1 0", "1 1", "2 0", "2 1"])
        #expect(rig.clock.now() >= Fixtures.start + .seconds(6))
        await rig.close()
    }

    @Test("a target that hangs holds a bounded number of messages; one account in trouble holds up no other")
    func bounds() async throws {
        let folder = try TemporaryDirectory()
        let rig = try Rig(folder)
        let isOpen = Mutex(false)
        let target = ScriptedTarget { message, _ in
            if message.account == AccountID("acc_a0") { return .failed(.refused, retryAfter: nil) }
            while !isOpen.withLock({ $0 }) { try? await Task.sleep(for: .milliseconds(1)) }
            return .delivered
        }
        for index in 0..<200 { _ = try await Fixtures.provision("a\(index)", in: rig.store) }
        rig.dispatch(to: target) { $0.parallel = 4 }
        #expect(await eventually { target.seen.all.count >= 4 })
        try? await Task.sleep(for: .milliseconds(50))
        #expect(target.seen.all.filter { $0.account != AccountID("acc_a0") }.count == 4)
        isOpen.withLock { $0 = true }
        #expect(try await eventually { try await rig.pending() == 1 })
        await rig.close()
    }

    @Test("an outbox that cannot be written loses nothing: what arrived is written when it can be again")
    func outboxDown() async throws {
        let folder = try TemporaryDirectory()
        let rig = try Rig(folder)
        _ = try await Fixtures.provision("an", in: rig.store)
        let outbox = FailingOutbox(base: rig.store)
        let target = ScriptedTarget { _, _ in
            outbox.isDown.withLock { $0 = true }
            return .delivered
        }
        let clock = rig.clock
        let dispatcher = TargetDispatcher(
            name: "store", target: target, settings: DispatchSettings(schedule: .webhook, lease: .seconds(100_000_000)),
            outbox: outbox, wall: clock, clock: clock, random: SeededRandom(seed: 1))
        let run = Task { await dispatcher.run() }
        #expect(
            await eventually {
                clock.advance(by: .seconds(1))
                return outbox.refusals.all.count >= 3
            })
        outbox.isDown.withLock { $0 = false }
        #expect(try await rig.drain(step: .seconds(1)))
        #expect(target.seen.all.count == 1)
        async let stop: Void = dispatcher.stop(within: .seconds(10))
        clock.advance(by: .seconds(2))
        await stop
        clock.advance(by: .seconds(2))
        await run.value
        rig.store.close()
    }
}

/// An outbox that can be switched off.
private final class FailingOutbox: Outbox {
    let base: SQLiteStore
    let isDown = Mutex(false)
    let refusals = Notes<Bool>()

    init(base: SQLiteStore) {
        self.base = base
    }

    func exchange(
        _ settlements: [OutboxSettlement], claim: OutboxClaim?, now: WallInstant
    ) async throws(StoreUnavailable) -> [OutboxMessage] {
        try check()
        return try await base.exchange(settlements, claim: claim, now: now)
    }

    func nextDue(_ target: String) async throws(StoreUnavailable) -> WallInstant? {
        try check()
        return try await base.nextDue(target)
    }

    func stop(_ target: String, reason: String, now: WallInstant) async throws(StoreUnavailable) {
        try check()
        try await base.stop(target, reason: reason, now: now)
    }

    private func check() throws(StoreUnavailable) {
        guard isDown.withLock({ $0 }) else { return }
        refusals.append(true)
        throw StoreUnavailable(reason: "disk full")
    }
}
