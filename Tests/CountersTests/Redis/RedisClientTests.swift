import AuthDomain
import AuthService
import Foundation
import Reactor
import RedisCounters
import TestKit
import Testing

extension CounterTests {
    @Suite("Redis client")
    struct RedisClientTests {
        @Test("Commands of one turn leave in one write, from the caller's own loop")
        func oneWrite() async throws {
            let bench = RedisBench(server: try RedisServer(), loops: 2)
            #expect(await bench.untilUp())
            let before = try Self.reads(bench.server)
            try await Task(executorPreference: bench.group.loops[1]) {
                try await withThrowingTaskGroup(of: Void.self) { tasks in
                    for _ in 0..<200 { tasks.addTask { try await bench.client.ping() } }
                    try await tasks.waitForAll()
                }
            }.value
            // The rest are the statistics' own connections.
            #expect(try Self.reads(bench.server) - before < 20)
            await bench.close()
        }

        private static func reads(_ server: RedisServer) throws -> Int {
            let lines = try server.command("INFO", "stats").split(whereSeparator: \.isNewline)
            let line = try #require(lines.first { $0.hasPrefix("total_reads_processed:") })
            return try #require(Int(line.drop { $0 != ":" }.dropFirst()))
        }

        @Test(
            "A numeric address and a name over TCP, with a password and a database",
            arguments: ["127.0.0.1", "localhost"])
        func tcp(_ host: String) async throws {
            let server = try RedisServer(password: "bí mật\r\n")
            let bench = RedisBench(server: server) { settings in
                settings.endpoint = .tcp(host: host, port: server.port)
                settings.password = SecretBytes(Array("bí mật\r\n".utf8))
                settings.database = 3
            }
            #expect(await bench.untilUp())
            #expect(try await bench.reserve() == .granted)
            #expect(try server.command("-n", "3", "DBSIZE") == "1")
            #expect(bench.client.isUp)
            await bench.close()
            #expect(bench.client.isUp == false)
        }

        @Test("A wrong password is refused, reported without it, and calls fail")
        func wrongPassword() async throws {
            let bench = RedisBench(server: try RedisServer(password: "right")) {
                $0.password = SecretBytes(Array("wrong-secret".utf8))
            }
            let (refused, after) = await bench.refusal()
            #expect(refused)
            #expect(after < .seconds(1))
            #expect(bench.events.all == [.lost(loop: 0, reason: "AUTH refused: WRONGPASS")])
            #expect(!bench.client.isUp)
            await bench.close()
        }

        @Test("A missing password and a forbidden server are reported by their code")
        func noPassword() async throws {
            let bench = RedisBench(server: try RedisServer(password: "right"))
            #expect(await bench.refusal().refused)
            #expect(bench.events.all == [.lost(loop: 0, reason: "SCRIPT LOAD refused: NOAUTH")])
            await bench.close()
        }

        @Test("A server that was never there is reported once, and calls fail at once", arguments: [false, true])
        func absent(overTCP: Bool) async throws {
            let server = try RedisServer()
            server.kill()
            let bench = RedisBench(server: server) {
                if overTCP { $0.endpoint = .tcp(host: "127.0.0.1", port: server.port) }
            }
            _ = await bench.refusal()
            let (refused, after) = await bench.refusal()
            #expect(refused)
            #expect(after < .milliseconds(250))
            #expect(bench.events.all == [.lost(loop: 0, reason: "connect refused")])
            try server.start()
            #expect(await bench.untilUp())
            #expect(bench.events.all.last == .connected(loop: 0))
            await bench.close()
        }

        @Test("An ACL user that may not read the configuration is enough")
        func aclUser() async throws {
            let server = try RedisServer()
            try server.command("ACL", "SETUSER", "otpd", "on", ">secret", "~test-*", "+@all", "-@admin")
            let bench = RedisBench(server: server) {
                $0.username = "otpd"
                $0.password = SecretBytes(Array("secret".utf8))
            }
            #expect(await bench.untilUp())
            #expect(try await bench.reserve() == .granted)
            await bench.close()
        }

        @Test(
            "A server that does not speak the protocol is given up, not trusted",
            arguments: [
                "HTTP/1.1 400 Bad Request\r\n\r\n", "$5\r\nab", "*-7\r\n", "+OK\r\n+OK\r\n", ":1\r\n", "\0\0\0",
            ])
        func rubbish(_ answer: String) async throws {
            let talker = try Talker(answer: answer)
            let bench = RedisBench(server: try RedisServer()) {
                $0.endpoint = .tcp(host: "127.0.0.1", port: talker.port)
                $0.connectTimeout = .milliseconds(200)
            }
            #expect(await bench.refusal().refused)
            #expect(!bench.client.isUp)
            await bench.close()
        }

        @Test("R-TOTP-8: the server's clock can be read")
        func serverTime() async throws {
            let bench = RedisBench(server: try RedisServer())
            let time = try await bench.client.serverTime()
            #expect(abs(Double(time.milliseconds) / 1000 - Date().timeIntervalSince1970) < 5)
            await bench.close()
        }

        @Test("A policy that evicts keys is reported")
        func evictionPolicy() async throws {
            let bench = RedisBench(server: try RedisServer(options: ["--maxmemory-policy", "allkeys-lru"]))
            #expect(await bench.untilUp())
            #expect(bench.events.all == [.evictionPolicy("allkeys-lru"), .connected(loop: 0)])
            await bench.close()
        }

        @Test("More commands in flight than allowed fail at once, the others are answered")
        func inFlightLimit() async throws {
            let bench = RedisBench(server: try RedisServer()) { $0.inFlightLimit = 10 }
            #expect(await bench.untilUp())
            bench.server.freeze()
            let outcomes = await withTaskGroup(of: Bool.self) { tasks in
                for _ in 0..<50 {
                    tasks.addTask(executorPreference: bench.group.loops[0]) {
                        (try? await bench.client.ping()) != nil
                    }
                }
                var refused = 0
                while refused < 40, let answered = await tasks.next() {
                    #expect(!answered)
                    refused += 1
                }
                bench.server.thaw()
                return await tasks.reduce(into: [Bool]()) { $0.append($1) }
            }
            #expect(outcomes == Array(repeating: true, count: 10))
            await bench.close()
        }

        @Test("After the shutdown calls fail, and a second shutdown does nothing")
        func shutdown() async throws {
            let bench = RedisBench(server: try RedisServer(), loops: 2)
            #expect(try await bench.reserve() == .granted)
            await bench.client.shutdown()
            await bench.client.shutdown()
            #expect(await bench.refusal().refused)
            await bench.close()
        }

        @Test("Calls in flight at the shutdown fail")
        func shutdownInFlight() async throws {
            let bench = RedisBench(server: try RedisServer())
            #expect(await bench.untilUp())
            bench.server.freeze()
            async let pending = bench.refusal()
            try await Task.sleep(for: .milliseconds(50))
            await bench.client.shutdown()
            #expect(await pending.refused)
            await bench.close()
        }

        @Test("A settlement that nobody waits for survives SCRIPT FLUSH: the place is free again (R-LOCK-6)")
        func unawaitedAfterFlush() async throws {
            let bench = RedisBench(server: try RedisServer())
            for number in 0..<5 { #expect(try await bench.reserve("t\(number)") == .granted) }
            try bench.server.command("SCRIPT", "FLUSH")
            for number in 0..<5 { await bench.budget.settle(bench.key, ticket: "t\(number)", judged: nil) }
            try await bench.client.ping()
            for number in 5..<10 { #expect(try await bench.reserve("t\(number)") == .granted) }
            await bench.close()
        }

        @Test("Commands are counted under their names")
        func observed() async throws {
            let bench = RedisBench(server: try RedisServer())
            _ = try await bench.reserve()
            await bench.budget.settle(bench.key, ticket: "t", judged: nil)
            // Nobody waits for a settlement; commands are answered in the order in which they were sent.
            try await bench.client.ping()
            #expect(bench.events.answered("reserve") == 1)
            #expect(bench.events.answered("settle") == 1)
            await bench.close()
        }
    }
}
