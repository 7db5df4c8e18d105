import AuthDomain
import AuthService
import SQLStore
import Synchronization
import SQLStore
import TestKit
import Testing

@Suite("The record reaches a collector whole and in order (R-SIEM-1)")
struct ForwardAuditTests {
    /// A collector that loses what it had not read when it goes away, as a process behind a socket does.
    private final class Collector: RecordCollector {
        struct State {
            var isUp = true
            var hasConnection = false
            var unread: [UInt8] = []
            var read: [String] = []
        }

        let state = Mutex(State())

        func send(_ bytes: [UInt8]) async throws(CollectorUnreachable) {
            let isTaken = state.withLock { state in
                guard state.isUp else { return false }
                state.hasConnection = true
                state.unread += bytes
                return true
            }
            if !isTaken { throw CollectorUnreachable(reason: "down") }
        }

        func isStanding() async -> Bool { state.withLock { $0.hasConnection } }

        func readAll() {
            state.withLock { state in
                state.read += Self.messages(state.unread)
                state.unread = []
            }
        }

        func crash() {
            state.withLock { state in
                state.isUp = false
                state.hasConnection = false
                state.unread = []
            }
        }

        func restart() { state.withLock { $0.isUp = true } }

        /// The `number` of each message read, in order.
        var numbers: [Int] {
            state.withLock { $0.read }.compactMap { text in
                text.split(separator: "number=\"").dropFirst().first
                    .flatMap { Int($0.prefix { $0.isNumber }) }
            }
        }

        private static func messages(_ bytes: [UInt8]) -> [String] {
            var rest = bytes[...]
            var messages: [String] = []
            while let space = rest.firstIndex(of: UInt8(ascii: " ")),
                let count = Int(String(decoding: rest[..<space], as: UTF8.self))
            {
                messages.append(String(decoding: rest[(space + 1)...].prefix(count), as: UTF8.self))
                rest = rest[(space + 1 + count)...]
            }
            return messages
        }
    }

    private func forwarder(_ world: World, _ collector: Collector, holder: String = "a") -> ForwardAudit {
        ForwardAudit(
            store: world.store, collector: collector, clock: world.clock, monotonic: world.clock, format: .rfc5424,
            holder: holder, version: "test")
    }

    private func write(_ count: Int, in world: World) async throws {
        for _ in 0..<count {
            try await world.store.append(
                AuditEvent(
                    time: world.clock.now(), code: .accountChanged, result: .success, provenance: world.desk))
        }
    }

    @Test("rows go once, in order, and count as forwarded when the connection has stood")
    func plain() async throws {
        let world = try await World()
        let collector = Collector()
        let forward = forwarder(world, collector)
        try await write(450, in: world)
        let total = try await world.store.waitingToForward()
        #expect(try await forward.turn() == .sent(total))
        #expect(try await world.store.waitingToForward() == total)
        world.clock.advance(by: .seconds(4))
        #expect(try await forward.turn() == .sent(0))
        #expect(try await world.store.waitingToForward() == 0)
        collector.readAll()
        #expect(collector.numbers == Array(1...total))
    }

    @Test("what a collector took but never read goes again, whatever the moment of its end")
    func lost() async throws {
        let world = try await World()
        let collector = Collector()
        let forward = forwarder(world, collector)
        var random = SeededGenerator(seed: 7)
        for round in 0..<30 {
            try await write(Int(random.next() % 9), in: world)
            _ = try? await forward.turn()
            if random.next() % 3 == 0 { collector.readAll() }
            world.clock.advance(by: .seconds(Int64(random.next() % 3)))
            if round % 4 == 1 { collector.crash() }
            _ = try? await forward.turn()
            if round % 4 == 2 { collector.restart() }
        }
        collector.restart()
        for _ in 0..<4 {
            _ = try? await forward.turn()
            collector.readAll()
            world.clock.advance(by: .seconds(4))
        }
        #expect(try await world.store.waitingToForward() == 0)
        let last = try #require(collector.numbers.max())
        #expect(Set(collector.numbers) == Set(1...last))
    }

    @Test("of two instances one forwards; the other takes over when its lease is over")
    func lease() async throws {
        let world = try await World()
        let (first, second) = (Collector(), Collector())
        let (a, b) = (forwarder(world, first), forwarder(world, second, holder: "b"))
        try await write(3, in: world)
        guard case .sent(let count) = try await a.turn(), count > 0 else { return #expect(Bool(false)) }
        #expect(try await b.turn() == .resting)
        world.clock.advance(by: .seconds(20))
        #expect(try await a.turn() == .sent(0))
        world.clock.advance(by: .seconds(20))
        #expect(try await b.turn() == .resting)
        world.clock.advance(by: .seconds(31))
        try await write(1, in: world)
        #expect(try await b.turn() == .sent(1))
        #expect(try await a.turn() == .resting)
    }
}

/// A small generator with a seed, for choices of a test.
private struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state >> 33
    }
}
