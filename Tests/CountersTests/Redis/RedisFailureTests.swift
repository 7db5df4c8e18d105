import AuthDomain
import AuthService
import Reactor
import RedisCounters
import TestKit
import Testing

extension CounterTests {
    @Suite("Redis fails")
    struct RedisFailureTests {
        @Test("R-LOCK-7: after FLUSHALL the durable state is the floor")
        func flushAll() async throws {
            let bench = RedisBench(server: try RedisServer())
            let four = BudgetState(epoch: 1, failures: 4)
            #expect(try await bench.reserve("a", durable: four) == .granted)
            await bench.budget.settle(bench.key, ticket: "a", judged: BudgetState(epoch: 1, failures: 5))
            try bench.server.flushAll()
            #expect(try await bench.reserve("b", durable: BudgetState(epoch: 1, failures: 5)) == .locked)
            try bench.server.flushAll()
            #expect(try await bench.reserve("c", durable: four) == .granted)
            #expect(try await bench.reserve("d", durable: four) == .busy)
            await bench.close()
        }

        @Test("Scripts that the server forgot are sent again")
        func scriptFlush() async throws {
            let bench = RedisBench(server: try RedisServer())
            #expect(try await bench.reserve("a") == .granted)
            try bench.server.command("SCRIPT", "FLUSH")
            #expect(try await bench.reserve("b") == .granted)
            await bench.budget.settle(bench.key, ticket: "a", judged: nil)
            #expect(bench.events.all == [.connected(loop: 0)])
            await bench.close()
        }

        @Test("A killed server fails what is pending; a restarted one is found again", .timeLimit(.minutes(1)))
        func killAndRestart() async throws {
            let bench = RedisBench(server: try RedisServer(appendOnly: true), loops: 2)
            #expect(await bench.untilUp())
            for index in 0..<5 { #expect(try await bench.reserve("t\(index)") == .granted) }
            bench.server.freeze()
            async let pending = withTaskGroup(of: Bool.self) { tasks in
                for index in 0..<100 {
                    tasks.addTask(executorPreference: bench.group.loops[index % 2]) { await bench.refusal().refused }
                }
                return await tasks.reduce(into: [Bool]()) { $0.append($1) }
            }
            try await Task.sleep(for: .milliseconds(100))
            bench.server.kill()
            #expect(await pending == Array(repeating: true, count: 100))
            let (refused, after) = await bench.refusal()
            #expect(refused)
            #expect(after < .milliseconds(500))
            #expect(bench.events.all.contains(.lost(loop: 0, reason: "connection closed")))
            try bench.server.start()
            #expect(await bench.untilUp())
            #expect(try await bench.reserve("next") == .busy)
            await bench.close()
        }

        @Test("A loop that has found the server again brings the others along", .timeLimit(.minutes(1)))
        func foundByOne() async throws {
            let bench = RedisBench(server: try RedisServer(), loops: 4)
            func connected(since begin: Int = 0) -> Int {
                bench.events.all.dropFirst(begin).count { if case .connected = $0 { true } else { false } }
            }
            for _ in 0..<500 where connected() < 4 { try await Task.sleep(for: .milliseconds(10)) }
            bench.server.kill()
            // Long enough for each to have come to pauses of one to two seconds, at moments of its own.
            try await Task.sleep(for: .seconds(4))
            let begin = bench.events.all.count
            try bench.server.start()
            for _ in 0..<500 where connected(since: begin) == 0 { try await Task.sleep(for: .milliseconds(10)) }
            try await Task.sleep(for: .milliseconds(400))
            #expect(connected(since: begin) == 4)
            await bench.close()
        }

        @Test("A frozen server is given up within one second, then calls fail at once", .timeLimit(.minutes(1)))
        func frozen() async throws {
            let bench = RedisBench(server: try RedisServer())
            #expect(await bench.untilUp())
            bench.server.freeze()
            let first = await bench.refusal()
            #expect(first.refused)
            #expect(first.after > .milliseconds(800) && first.after < .milliseconds(1500))
            let second = await bench.refusal()
            #expect(second.refused)
            #expect(second.after < .milliseconds(500))
            let third = await bench.refusal()
            #expect(third.refused)
            bench.server.thaw()
            #expect(await bench.untilUp())
            #expect(bench.events.all.contains(.lost(loop: 0, reason: "answer timeout")))
            await bench.close()
        }

        @Test("A server that pauses its clients is given up within one second")
        func paused() async throws {
            let bench = RedisBench(server: try RedisServer())
            #expect(await bench.untilUp())
            try bench.server.command("CLIENT", "PAUSE", "3000")
            let (refused, after) = await bench.refusal()
            #expect(refused)
            #expect(after < .milliseconds(1500))
            await bench.close()
        }

        @Test("A silent loss of an idle connection is noticed without a call")
        func idleLoss() async throws {
            let bench = RedisBench(server: try RedisServer()) { $0.commandTimeout = .milliseconds(100) }
            #expect(await bench.untilUp())
            bench.server.freeze()
            for _ in 0..<100 where bench.client.isUp { try await Task.sleep(for: .milliseconds(20)) }
            #expect(!bench.client.isUp)
            await bench.close()
        }

        @Test("A server without memory refuses, and its code is reported")
        func outOfMemory() async throws {
            let bench = RedisBench(server: try RedisServer())
            #expect(await bench.untilUp())
            try bench.server.command("CONFIG", "SET", "maxmemory", "1")
            #expect(await bench.refusal().refused)
            #expect(bench.events.all.last == .refused(command: "reserve", code: "OOM"))
            try bench.server.command("CONFIG", "SET", "maxmemory", "0")
            #expect(try await bench.reserve() == .granted)
            await bench.close()
        }

        @Test("A read-only replica refuses, and the client looks for the primary again")
        func readOnly() async throws {
            let bench = RedisBench(server: try RedisServer())
            #expect(await bench.untilUp())
            try bench.server.command("REPLICAOF", "127.0.0.1", "1")
            #expect(await bench.refusal().refused)
            #expect(bench.events.all.contains(.lost(loop: 0, reason: "read-only replica")))
            try bench.server.command("REPLICAOF", "NO", "ONE")
            #expect(await bench.untilUp())
            #expect(try await bench.reserve() == .granted)
            await bench.close()
        }

        @Test("A key of another kind refuses instead of granting")
        func foreignKey() async throws {
            let bench = RedisBench(server: try RedisServer()) { $0.keyPrefix = "p" }
            #expect(await bench.untilUp())
            try bench.server.command("LPUSH", "p:b:{acc_1}:password:", "x")
            #expect(await bench.refusal().refused)
            try bench.server.command("SET", "p:b:{acc_1}:password:", "rubbish")
            #expect(await bench.refusal().refused)
            await bench.close()
        }
    }
}
