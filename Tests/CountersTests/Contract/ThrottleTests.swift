import AuthService
import Testing

extension CounterTests {
    @Suite("Throttle, the same for every adapter")
    struct ThrottleTests {
        private let slow = AttemptRate(burst: 5, refill: .seconds(60))

        @Test("T-3: of 300 attempts at once the burst is taken, no more and no less", arguments: Adapter.allCases)
        func exactBurst(_ adapter: Adapter) async throws {
            try await CounterWorld.with(adapter) { world async throws in
                let waits = try await world.together(300) { _ in
                    try await world.throttle.take([("net:192.0.2.0/24", AttemptRate(burst: 20, refill: .seconds(60)))])
                }
                #expect(waits.count { $0 == nil } == 20)
                #expect(waits.compactMap { $0 }.allSatisfy { $0 > .seconds(50) && $0 <= .seconds(60) })
            }
        }

        @Test("T-3: an attempt is taken from every bucket or from none", arguments: Adapter.allCases)
        func allOrNothing(_ adapter: Adapter) async throws {
            try await CounterWorld.with(adapter) { world async throws in
                let tight = AttemptRate(burst: 1, refill: .seconds(60))
                #expect(try await world.throttle.take([("a", slow), ("b", tight)]) == nil)
                for _ in 0..<10 {
                    #expect(try await world.throttle.take([("a", slow), ("b", tight)]) != nil)
                }
                for _ in 0..<4 { #expect(try await world.throttle.take([("a", slow)]) == nil) }
                #expect(try await world.throttle.take([("a", slow)]) != nil)
                #expect(try await world.throttle.take([]) == nil)
            }
        }

        @Test(
            "T-3: an attempt given back can be taken again, and never more than the burst", arguments: Adapter.allCases)
        func givenBack(_ adapter: Adapter) async throws {
            try await CounterWorld.with(adapter) { world async throws in
                await world.throttle.giveBack([("a", slow)])
                for _ in 0..<5 { #expect(try await world.throttle.take([("a", slow)]) == nil) }
                #expect(try await world.throttle.take([("a", slow)]) != nil)
                await world.throttle.giveBack([("a", slow)])
                #expect(try await world.throttle.take([("a", slow)]) == nil)
                for _ in 0..<20 { await world.throttle.giveBack([("a", slow)]) }
                // Nobody waits for an attempt to be back; what is asked after it on the same connection is.
                _ = try await world.throttle.wait(for: [("b", slow)])
                let waits = try await world.together(10) { _ in try await world.throttle.take([("a", slow)]) }
                #expect(waits.count { $0 == nil } == 5)
            }
        }

        @Test("Asking takes nothing, and tells what taking would", arguments: Adapter.allCases)
        func asking(_ adapter: Adapter) async throws {
            try await CounterWorld.with(adapter) { world async throws in
                #expect(try await world.throttle.wait(for: []) == nil)
                for _ in 0..<20 { #expect(try await world.throttle.wait(for: [("a", slow)]) == nil) }
                for _ in 0..<5 { #expect(try await world.throttle.take([("a", slow)]) == nil) }
                let wait = try #require(try await world.throttle.wait(for: [("b", slow), ("a", slow)]))
                #expect(wait > .seconds(50) && wait <= .seconds(60))
                #expect(try await world.throttle.wait(for: [("b", slow)]) == nil)
                await world.throttle.giveBack([("a", slow)])
                #expect(try await world.throttle.wait(for: [("a", slow)]) == nil)
            }
        }

        @Test("Time buys attempts back, one for each refill", arguments: Adapter.allCases)
        func refill(_ adapter: Adapter) async throws {
            try await CounterWorld.with(adapter) { world async throws in
                let quick = AttemptRate(burst: 2, refill: .milliseconds(700))
                #expect(try await world.throttle.take([("q", quick)]) == nil)
                #expect(try await world.throttle.take([("q", quick)]) == nil)
                let wait = try #require(try await world.throttle.take([("q", quick)]))
                #expect(wait <= .milliseconds(700))
                try await world.pass(wait + .milliseconds(2))
                #expect(try await world.throttle.take([("q", quick)]) == nil)
                #expect(try await world.throttle.take([("q", quick)]) != nil)
            }
        }

        @Test("A rate made smaller shuts nobody out for longer than its own burst", arguments: Adapter.allCases)
        func smallerRate(_ adapter: Adapter) async throws {
            try await CounterWorld.with(adapter) { world async throws in
                for _ in 0..<5 { #expect(try await world.throttle.take([("a", slow)]) == nil) }
                let smaller = AttemptRate(burst: 2, refill: .seconds(1))
                let wait = try #require(try await world.throttle.take([("a", smaller)]))
                #expect(wait <= .seconds(1))
            }
        }
    }
}
