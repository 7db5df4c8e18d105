import AuthDomain
import AuthService
import Testing

extension CounterTests {
    @Suite("Attempt budget, the same for every adapter")
    struct AttemptBudgetTests {
        private let key = BudgetKey.password()

        @Test(
            "R-LOCK-6: of 500 reservations at once over two clients exactly 5 are granted", arguments: Adapter.allCases)
        func exactlyFive(_ adapter: Adapter) async throws {
            try await CounterWorld.with(adapter) { world async throws in
                let outcomes = try await world.together(500) { index in
                    try await world.budgets[index % 2].reserve(key, ticket: "t\(index)", durable: .fresh, limit: 5)
                }
                #expect(outcomes.count(of: .granted) == 5)
                #expect(outcomes.count(of: .busy) == 495)
            }
        }

        @Test("R-LOCK-6: a settled ticket leaves its place to the next", arguments: Adapter.allCases)
        func settledLeavesPlace(_ adapter: Adapter) async throws {
            try await CounterWorld.with(adapter) { world async throws in
                let four = BudgetState(epoch: 3, failures: 4)
                let (here, there) = (world.budgets[0], world.budgets[1])
                #expect(try await here.reserve(key, ticket: "a", durable: four, limit: 5) == .granted)
                #expect(try await there.reserve(key, ticket: "b", durable: four, limit: 5) == .busy)
                await here.settle(key, ticket: "a", judged: nil)
                // Nobody waits for a place to be back: over another connection it may take a moment.
                var outcome = ReservationOutcome.busy
                for _ in 0..<1000 where outcome == .busy {
                    await Task.yield()
                    outcome = try await there.reserve(key, ticket: "b", durable: four, limit: 5)
                }
                #expect(outcome == .granted)
            }
        }

        @Test("R-LOCK-6: a judged failure uses its place up", arguments: Adapter.allCases)
        func judgedUsesUp(_ adapter: Adapter) async throws {
            try await CounterWorld.with(adapter) { world async throws in
                let stale = BudgetState(epoch: 0, failures: 0)
                for failures in 1...5 {
                    let budget = world.budgets[failures % 2]
                    #expect(try await budget.reserve(key, ticket: "t\(failures)", durable: stale, limit: 5) == .granted)
                    await budget.settle(key, ticket: "t\(failures)", judged: BudgetState(epoch: 0, failures: failures))
                }
                for budget in world.budgets {
                    #expect(try await budget.reserve(key, ticket: "late", durable: stale, limit: 5) == .locked)
                }
            }
        }

        @Test("R-LOCK-7: the newer of cached and durable state counts", arguments: Adapter.allCases)
        func newerCounts(_ adapter: Adapter) async throws {
            try await CounterWorld.with(adapter) { world async throws in
                let budget = world.budgets[0]
                await budget.refresh(key, state: BudgetState(epoch: 2, failures: 5))
                #expect(
                    try await budget.reserve(key, ticket: "a", durable: BudgetState(epoch: 2, failures: 1), limit: 5)
                        == .locked)
                #expect(
                    try await budget.reserve(key, ticket: "a", durable: BudgetState(epoch: 1, failures: 0), limit: 5)
                        == .locked)
                await budget.refresh(key, state: BudgetState(epoch: 1, failures: 0))
                #expect(try await budget.reserve(key, ticket: "a", durable: .fresh, limit: 5) == .locked)
                await budget.refresh(key, state: BudgetState(epoch: 3, failures: 0))
                #expect(
                    try await budget.reserve(key, ticket: "a", durable: BudgetState(epoch: 2, failures: 5), limit: 5)
                        == .granted)
            }
        }

        @Test("R-LOCK-7: the durable state is the floor of counters that know nothing", arguments: Adapter.allCases)
        func durableFloor(_ adapter: Adapter) async throws {
            try await CounterWorld.with(adapter) { world async throws in
                let budget = world.budgets[0]
                let four = BudgetState(epoch: 9, failures: 4)
                #expect(try await budget.reserve(key, ticket: "a", durable: four, limit: 5) == .granted)
                #expect(try await budget.reserve(key, ticket: "b", durable: four, limit: 5) == .busy)
                let five = BudgetState(epoch: 9, failures: 5)
                #expect(try await budget.reserve(key, ticket: "b", durable: five, limit: 5) == .locked)
                // What one caller brought along binds the next, whose reading is older.
                #expect(try await budget.reserve(key, ticket: "c", durable: four, limit: 5) == .locked)
            }
        }

        @Test("The ticket of a caller that died expires", arguments: Adapter.allCases)
        func ticketsExpire(_ adapter: Adapter) async throws {
            try await CounterWorld.with(adapter, ticketLifetime: .milliseconds(500)) { world async throws in
                let budget = world.budgets[0]
                for index in 0..<5 {
                    #expect(try await budget.reserve(key, ticket: "t\(index)", durable: .fresh, limit: 5) == .granted)
                }
                #expect(try await budget.reserve(key, ticket: "next", durable: .fresh, limit: 5) == .busy)
                try await world.pass(.milliseconds(520))
                #expect(try await budget.reserve(key, ticket: "next", durable: .fresh, limit: 5) == .granted)
                await budget.settle(key, ticket: "t0", judged: nil)
            }
        }

        @Test("A live ticket is granted again without a second place", arguments: Adapter.allCases)
        func sameTicket(_ adapter: Adapter) async throws {
            try await CounterWorld.with(adapter) { world async throws in
                let budget = world.budgets[0]
                for _ in 0..<3 {
                    #expect(try await budget.reserve(key, ticket: "same", durable: .fresh, limit: 2) == .granted)
                }
                #expect(try await budget.reserve(key, ticket: "other", durable: .fresh, limit: 2) == .granted)
                #expect(try await budget.reserve(key, ticket: "third", durable: .fresh, limit: 2) == .busy)
            }
        }

        @Test("Settling what is not there changes nothing", arguments: Adapter.allCases)
        func settleUnknown(_ adapter: Adapter) async throws {
            try await CounterWorld.with(adapter) { world async throws in
                let budget = world.budgets[0]
                await budget.settle(key, ticket: "nobody", judged: nil)
                #expect(try await budget.reserve(key, ticket: "abc", durable: .fresh, limit: 1) == .granted)
                await budget.settle(key, ticket: "bc", judged: nil)
                await budget.settle(key, ticket: "ab", judged: nil)
                await budget.settle(key, ticket: "", judged: nil)
                #expect(try await budget.reserve(key, ticket: "x", durable: .fresh, limit: 1) == .busy)
            }
        }

        @Test("Any text is a ticket", arguments: Adapter.allCases)
        func strangeTickets(_ adapter: Adapter) async throws {
            try await CounterWorld.with(adapter) { world async throws in
                let budget = world.budgets[0]
                for ticket in ["a;b", "1 2;", "mật khẩu", "\r\n*1\r\n$8\r\nFLUSHALL\r\n", "%d", "~61", "a\0b"] {
                    let key = BudgetKey.password("strange")
                    #expect(try await budget.reserve(key, ticket: ticket, durable: .fresh, limit: 1) == .granted)
                    #expect(try await budget.reserve(key, ticket: "a", durable: .fresh, limit: 1) == .busy)
                    await budget.settle(key, ticket: ticket, judged: nil)
                }
            }
        }

        @Test("R-LOCK-5, T-3: subjects, kinds and lanes do not share", arguments: Adapter.allCases)
        func separate(_ adapter: Adapter) async throws {
            try await CounterWorld.with(adapter) { world async throws in
                let lanes: [BudgetLane] = [.shared, .device("d1"), .device("d2")]
                for subject in ["acc_1", "acc_2", "unknown:00ff"] {
                    for kind in BudgetKind.allCases {
                        for lane in lanes {
                            let key = BudgetKey(subject: subject, kind: kind, lane: lane)
                            let outcome = try await world.budgets[0].reserve(
                                key, ticket: "t", durable: .fresh, limit: 1)
                            #expect(outcome == .granted)
                        }
                    }
                }
            }
        }
    }
}
