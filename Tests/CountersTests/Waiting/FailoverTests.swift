import AuthDomain
import AuthService
import MemoryCounters
import Synchronization
import TestKit
import Testing

extension CounterTests {
    @Suite("Failover to the in-process twin")
    struct FailoverTests {
        private let clock = ManualClock()
        private let rate = AttemptRate(burst: 2, refill: .seconds(60))

        @Test("R-LOCK-7: budgets go on in the twin with the durable floor, and come back")
        func budgets() async throws {
            let primary = Switchable(clock)
            let budget = FailoverAttemptBudget(primary: primary, twin: MemoryAttemptBudget(clock: clock))
            let key = BudgetKey.password()
            let four = BudgetState(epoch: 0, failures: 4)
            #expect(try await budget.reserve(key, ticket: "a", durable: four, limit: 5) == .granted)
            primary.isDown = true
            await budget.settle(key, ticket: "a", judged: BudgetState(epoch: 0, failures: 5))
            #expect(
                try await budget.reserve(key, ticket: "b", durable: BudgetState(epoch: 0, failures: 5), limit: 5)
                    == .locked)
            await budget.refresh(key, state: BudgetState(epoch: 1, failures: 0))
            #expect(try await budget.reserve(key, ticket: "b", durable: four, limit: 1) == .granted)
            #expect(try await budget.reserve(key, ticket: "c", durable: four, limit: 1) == .busy)
            await budget.settle(key, ticket: "b", judged: nil)
            primary.isDown = false
            await budget.settle(key, ticket: "a", judged: BudgetState(epoch: 1, failures: 0))
            #expect(try await budget.reserve(key, ticket: "d", durable: four, limit: 1) == .granted)
        }

        @Test("A sign-in begun in the twin stays there, and its end is remembered")
        func signIns() async throws {
            let primary = Switchable(clock)
            let store = FailoverSignInStore(primary: primary, twin: MemorySignInStore(clock: clock))
            try await store.create(id: "old", record: [1], lifetime: .seconds(60))
            primary.isDown = true
            await #expect(throws: CountersUnavailable.self) { try await store.find(id: "old") }
            await #expect(throws: CountersUnavailable.self) {
                try await store.replace(id: "old", version: 1, record: [2], lifetime: .seconds(60))
            }
            try await store.create(id: "new", record: [1], lifetime: .seconds(60))
            // A call that timed out may have reached the shared store all the same.
            try await primary.signIns.create(id: "new", record: [1], lifetime: .seconds(60))
            #expect(try await store.replace(id: "new", version: 1, record: [2], lifetime: .seconds(60)))
            primary.isDown = false
            #expect(try await store.find(id: "new")?.record == [2])
            #expect(try await store.find(id: "old")?.record == [1])
            try await store.remove(id: "new")
            #expect(try await store.find(id: "new") == nil)
            #expect(try await store.replace(id: "new", version: 1, record: [3], lifetime: .seconds(60)) == false)
            try await store.remove(id: "old")
            #expect(try await store.find(id: "old") == nil)
        }

        @Test("T-3: buckets go on in the twin")
        func throttle() async throws {
            let primary = Switchable(clock)
            let throttle = FailoverThrottle(primary: primary, twin: MemoryThrottle(clock: clock))
            for _ in 0..<2 { #expect(try await throttle.take([("a", rate)]) == nil) }
            primary.isDown = true
            for _ in 0..<2 { #expect(try await throttle.take([("a", rate)]) == nil) }
            #expect(try await throttle.take([("a", rate)]) != nil)
            await throttle.giveBack([("a", rate)])
            #expect(try await throttle.take([("a", rate)]) == nil)
            primary.isDown = false
            #expect(try await throttle.take([("a", rate)]) != nil)
        }
    }
}

/// Shared counters that can be taken down.
private final class Switchable: AttemptBudget, SignInStore, Throttle {
    let budget: MemoryAttemptBudget
    let signIns: MemorySignInStore
    let throttle: MemoryThrottle
    private let down = Mutex(false)

    init(_ clock: ManualClock) {
        budget = MemoryAttemptBudget(clock: clock)
        signIns = MemorySignInStore(clock: clock)
        throttle = MemoryThrottle(clock: clock)
    }

    var isDown: Bool {
        get { down.withLock { $0 } }
        set { down.withLock { $0 = newValue } }
    }

    private func check() throws(CountersUnavailable) {
        if isDown { throw CountersUnavailable() }
    }

    func reserve(
        _ key: BudgetKey, ticket: String, durable: BudgetState, limit: Int
    ) async throws(CountersUnavailable) -> ReservationOutcome {
        try check()
        return try await budget.reserve(key, ticket: ticket, durable: durable, limit: limit)
    }

    func wait(for buckets: [(name: String, rate: AttemptRate)]) async throws(CountersUnavailable) -> Duration? {
        try check()
        return try await throttle.wait(for: buckets)
    }

    func settle(_ key: BudgetKey, ticket: String, judged: BudgetState?) async {
        if !isDown { await budget.settle(key, ticket: ticket, judged: judged) }
    }

    func refresh(_ key: BudgetKey, state: BudgetState) async {
        if !isDown { await budget.refresh(key, state: state) }
    }

    func create(id: String, record: [UInt8], lifetime: Duration) async throws(CountersUnavailable) {
        try check()
        try await signIns.create(id: id, record: record, lifetime: lifetime)
    }

    func find(id: String) async throws(CountersUnavailable) -> (record: [UInt8], version: Int64)? {
        try check()
        return try await signIns.find(id: id)
    }

    func replace(
        id: String, version: Int64, record: [UInt8], lifetime: Duration
    ) async throws(CountersUnavailable) -> Bool {
        try check()
        return try await signIns.replace(id: id, version: version, record: record, lifetime: lifetime)
    }

    func remove(id: String) async throws(CountersUnavailable) {
        try check()
        try await signIns.remove(id: id)
    }

    func take(_ buckets: [(name: String, rate: AttemptRate)]) async throws(CountersUnavailable) -> Duration? {
        try check()
        return try await throttle.take(buckets)
    }

    func giveBack(_ buckets: [(name: String, rate: AttemptRate)]) async {
        if !isDown { await throttle.giveBack(buckets) }
    }
}
