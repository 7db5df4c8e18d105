import AuthDomain
import AuthService
import Reactor
import RedisCounters
import TestKit
import Testing

extension CounterTests {
    @Suite("Redis comes and goes under load")
    struct RedisStormTests {
        @Test("Every call ends while the server is killed, frozen and restarted", .timeLimit(.minutes(1)))
        func everyCallEnds() async throws {
            let bench = RedisBench(server: try RedisServer(appendOnly: true), loops: 2) {
                $0.commandTimeout = .milliseconds(200)
                $0.connectTimeout = .milliseconds(200)
            }
            #expect(await bench.untilUp())
            let counts = await withTaskGroup(of: (answered: Int, refused: Int).self) { tasks in
                for index in 0..<64 {
                    tasks.addTask(executorPreference: bench.group.loops[index % 2]) {
                        await Self.callRepeatedly(bench, key: .password("acc_\(index)"))
                    }
                }
                tasks.addTask {
                    for round in 0..<3 {
                        if round == 1 { bench.server.freeze() }
                        try? await Task.sleep(for: .milliseconds(250))
                        bench.server.kill()
                        try? await Task.sleep(for: .milliseconds(100))
                        try? bench.server.start()
                        try? await Task.sleep(for: .milliseconds(200))
                    }
                    return (0, 0)
                }
                return await tasks.reduce(into: (0, 0)) { $0 = ($0.0 + $1.answered, $0.1 + $1.refused) }
            }
            #expect(counts.0 > 0)
            #expect(counts.1 > 0)
            #expect(await bench.untilUp())
            await bench.close()
        }

        private static func callRepeatedly(_ bench: RedisBench, key: BudgetKey) async -> (Int, Int) {
            var counts = (0, 0)
            let end = ContinuousClock.now + .seconds(2)
            var turn = 0
            while ContinuousClock.now < end {
                turn += 1
                do {
                    _ = try await bench.budget.reserve(key, ticket: "t\(turn)", durable: .fresh, limit: 5)
                    await bench.budget.settle(key, ticket: "t\(turn)", judged: nil)
                    counts.0 += 1
                } catch {
                    counts.1 += 1
                    try? await Task.sleep(for: .milliseconds(5))
                }
            }
            return counts
        }
    }
}
