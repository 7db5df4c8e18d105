import AuthDomain
import AuthService
import Foundation
import Reactor
import RedisCounters
import Synchronization
import TestKit

/// A server, a client and what the client reported, of one test's own.
final class RedisBench: Sendable {
    let server: RedisServer
    let group: EventLoopGroup
    let client: RedisClient
    let events: EventList
    let budget: RedisAttemptBudget
    let key = BudgetKey.password()

    init(
        server: RedisServer, loops: Int = 1, settings change: (inout RedisSettings) -> Void = { _ in }
    ) {
        self.server = server
        group = EventLoopGroup(count: loops, name: "test")
        let events = EventList()
        self.events = events
        var settings = RedisSettings(endpoint: .unix(path: server.socketPath))
        settings.keyPrefix = "test-" + UUID().uuidString
        change(&settings)
        client = RedisClient(
            settings: settings, loops: group.loops,
            observer: RedisObserver(
                answered: { name, duration in events.note(command: name, duration) },
                happened: { events.note($0) }))
        budget = RedisAttemptBudget(client: client)
    }

    /// Ends everything; every test calls it last.
    func close() async {
        await client.shutdown()
        group.shutdown()
        server.kill()
    }

    /// One reservation on a budget of its own.
    func reserve(_ ticket: String = "t", durable: BudgetState = .fresh) async throws -> ReservationOutcome {
        try await budget.reserve(key, ticket: ticket, durable: durable, limit: 5)
    }

    /// Whether a call is refused, and how long that took.
    func refusal() async -> (refused: Bool, after: Duration) {
        let start = ContinuousClock.now
        do {
            _ = try await reserve()
            return (false, start.duration(to: .now))
        } catch {
            return (true, start.duration(to: .now))
        }
    }

    /// Asks until an answer comes, for at most five seconds.
    func untilUp() async -> Bool {
        for _ in 0..<500 {
            if (try? await client.ping()) != nil { return true }
            try? await Task.sleep(for: .milliseconds(10))
        }
        return false
    }
}

/// What an observer heard, in order.
final class EventList: Sendable {
    private let events = Mutex<[RedisEvent]>([])
    private let commands = Mutex<[String: Int]>([:])

    var all: [RedisEvent] { events.withLock { $0 } }

    func note(_ event: RedisEvent) {
        events.withLock { $0.append(event) }
    }

    func note(command: String, _ duration: Duration) {
        guard duration >= .zero else { return }
        commands.withLock { $0[command, default: 0] += 1 }
    }

    func answered(_ command: String) -> Int {
        commands.withLock { $0[command] ?? 0 }
    }
}
