import AuthDomain
import AuthService
import Foundation
import MemoryCounters
import Reactor
import RedisCounters
import TestKit
import Testing

/// All tests of the counters, one after the other: most start a server of their own, and some measure time.
@Suite("Counters", .serialized)
enum CounterTests {}

/// The adapters that pass the same contract.
enum Adapter: String, CaseIterable, Sendable {
    case redis
    case memory
}

/// One adapter with everything it runs on, of one test's own.
struct CounterWorld: Sendable {
    let adapter: Adapter
    let loops: [EventLoop]
    let clock: ManualClock
    /// Two ways to the same budgets: two clients on Redis, one object in memory.
    let budgets: [any AttemptBudget]
    let signIns: any SignInStore
    let throttle: any Throttle

    /// Lets time pass: moved by hand in memory, waited for on a server.
    func pass(_ duration: Duration) async throws {
        switch adapter {
        case .memory: clock.advance(by: duration)
        case .redis: try await Task.sleep(for: duration)
        }
    }

    /// Runs a test in a world of its own and clears up afterwards.
    static func with(
        _ adapter: Adapter, ticketLifetime: Duration = .seconds(10),
        _ body: @Sendable (CounterWorld) async throws -> Void
    ) async throws {
        let group = EventLoopGroup(count: 2, name: "test")
        defer { group.shutdown() }
        let clock = ManualClock()
        switch adapter {
        case .memory:
            let budget = MemoryAttemptBudget(clock: clock, ticketLifetime: ticketLifetime)
            try await body(
                CounterWorld(
                    adapter: adapter, loops: group.loops, clock: clock, budgets: [budget, budget],
                    signIns: MemorySignInStore(clock: clock), throttle: MemoryThrottle(clock: clock)))
        case .redis:
            let server = try RedisServer()
            var settings = RedisSettings(endpoint: .unix(path: server.socketPath))
            settings.keyPrefix = "test-" + UUID().uuidString
            let clients = [0, 1].map { _ in RedisClient(settings: settings, loops: group.loops) }
            try await body(
                CounterWorld(
                    adapter: adapter, loops: group.loops, clock: clock,
                    budgets: clients.map { RedisAttemptBudget(client: $0, ticketLifetime: ticketLifetime) },
                    signIns: RedisSignInStore(client: clients[0]), throttle: RedisThrottle(client: clients[1])))
            for client in clients { await client.shutdown() }
            server.kill()
        }
    }

    /// Runs one body so many times at once, spread over the loops, and gathers what came of it.
    func together<Value: Sendable>(
        _ count: Int, _ body: @escaping @Sendable (Int) async throws -> Value
    ) async throws -> [Value] {
        try await withThrowingTaskGroup(of: Value.self) { group in
            for index in 0..<count {
                group.addTask(executorPreference: loops[index % loops.count]) { try await body(index) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }
}

extension BudgetKey {
    /// An account's password budget in the shared lane.
    static func password(_ subject: String = "acc_1") -> BudgetKey {
        BudgetKey(subject: subject, kind: .password, lane: .shared)
    }
}

extension Collection where Element: Equatable {
    func count(of element: Element) -> Int {
        count { $0 == element }
    }
}
