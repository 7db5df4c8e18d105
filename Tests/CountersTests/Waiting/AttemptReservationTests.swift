import AuthDomain
import AuthService
import MemoryCounters
import TestKit
import Testing

extension CounterTests {
    @Suite("Waiting for a place in a budget")
    struct AttemptReservationTests {
        private let key = BudgetKey.password()
        private let clock = ManualClock()
        private let four = BudgetState(epoch: 0, failures: 4)

        private func reservation() -> AttemptReservation {
            AttemptReservation(budget: MemoryAttemptBudget(clock: clock), clock: clock)
        }

        @Test("R-LOCK-6: a waiting caller is granted when another settles, without a pause")
        func wokenBySettlement() async throws {
            let reservation = reservation()
            #expect(try await reservation.reserve(key, ticket: "a", durable: four, limit: 5) == .granted)
            async let second = reservation.reserve(key, ticket: "b", durable: four, limit: 5)
            await clock.whenSleeping(1)
            await reservation.settle(key, ticket: "a", judged: nil)
            #expect(try await second == .granted)
            #expect(clock.milliseconds() == 1_000_000)
        }

        @Test("R-LOCK-6: a settlement on another instance is found by asking again")
        func foundByAsking() async throws {
            let budget = MemoryAttemptBudget(clock: clock)
            let reservation = AttemptReservation(budget: budget, clock: clock)
            #expect(try await budget.reserve(key, ticket: "a", durable: four, limit: 5) == .granted)
            async let second = reservation.reserve(key, ticket: "b", durable: four, limit: 5)
            await clock.whenSleeping(1)
            await budget.settle(key, ticket: "a", judged: nil)
            clock.advance(by: .milliseconds(5))
            #expect(try await second == .granted)
        }

        @Test("R-LOCK-6: when no place comes free in three seconds the answer is busy")
        func busyInTheEnd() async throws {
            let reservation = reservation()
            #expect(try await reservation.reserve(key, ticket: "a", durable: four, limit: 5) == .granted)
            let start = clock.milliseconds()
            let second = Task { try await reservation.reserve(key, ticket: "b", durable: four, limit: 5) }
            while clock.milliseconds() < start + 3000 {
                await clock.whenSleeping(1)
                clock.advance(by: .milliseconds(50))
            }
            #expect(try await second.value == .busy)
        }

        @Test("R-LOCK-6: when the limit is reached every waiting caller hears so")
        func lockedForAll() async throws {
            let reservation = reservation()
            #expect(try await reservation.reserve(key, ticket: "a", durable: four, limit: 5) == .granted)
            let outcomes = try await withThrowingTaskGroup(of: ReservationOutcome.self) { group in
                for index in 0..<20 {
                    group.addTask { try await reservation.reserve(key, ticket: "w\(index)", durable: four, limit: 5) }
                }
                await clock.whenSleeping(20)
                await reservation.settle(key, ticket: "a", judged: BudgetState(epoch: 0, failures: 5))
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes == Array(repeating: .locked, count: 20))
        }

        @Test("R-LOCK-6: 50 right guesses at once all pass with four failures standing")
        func allRightPass() async throws {
            let reservation = reservation()
            let outcomes = try await withThrowingTaskGroup(of: ReservationOutcome.self) { group in
                for index in 0..<50 {
                    group.addTask {
                        let outcome = try await reservation.reserve(key, ticket: "r\(index)", durable: four, limit: 5)
                        await Task.yield()
                        await reservation.settle(key, ticket: "r\(index)", judged: nil)
                        return outcome
                    }
                }
                // Whoever fell asleep between a settlement and its own place in the queue needs the clock.
                let mover = Task {
                    while !Task.isCancelled {
                        clock.advance(by: .milliseconds(1))
                        await Task.yield()
                        try? await Task.sleep(for: .microseconds(100))
                    }
                }
                defer { mover.cancel() }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.count(of: .granted) == 50)
        }

        @Test("A cancelled caller stops waiting")
        func cancelled() async throws {
            let reservation = reservation()
            #expect(try await reservation.reserve(key, ticket: "a", durable: four, limit: 5) == .granted)
            let second = Task { try await reservation.reserve(key, ticket: "b", durable: four, limit: 5) }
            await clock.whenSleeping(1)
            second.cancel()
            #expect(try await second.value == .busy)
        }

        @Test("A full memory refuses, and makes room from what the database knows")
        func boundedMemory() async throws {
            let budget = MemoryAttemptBudget(clock: clock, capacity: 2)
            for subject in ["a", "b"] {
                #expect(
                    try await budget.reserve(.password(subject), ticket: "t", durable: .fresh, limit: 5) == .granted)
            }
            await #expect(throws: CountersUnavailable.self) {
                try await budget.reserve(.password("c"), ticket: "t", durable: .fresh, limit: 5)
            }
            await budget.settle(.password("a"), ticket: "t", judged: BudgetState(epoch: 0, failures: 1))
            clock.advance(by: .seconds(2))
            #expect(try await budget.reserve(.password("c"), ticket: "t", durable: .fresh, limit: 5) == .granted)
            let store = MemorySignInStore(clock: clock, capacity: 1)
            try await store.create(id: "1", record: [1], lifetime: .seconds(60))
            await #expect(throws: CountersUnavailable.self) {
                try await store.create(id: "2", record: [1], lifetime: .seconds(60))
            }
            clock.advance(by: .seconds(61))
            try await store.create(id: "2", record: [1], lifetime: .seconds(60))
            let throttle = MemoryThrottle(clock: clock, capacity: 1)
            let rate = AttemptRate(burst: 5, refill: .seconds(1))
            #expect(try await throttle.take([("a", rate)]) == nil)
            await #expect(throws: CountersUnavailable.self) { try await throttle.take([("b", rate)]) }
            clock.advance(by: .seconds(2))
            #expect(try await throttle.take([("b", rate)]) == nil)
        }
    }
}
