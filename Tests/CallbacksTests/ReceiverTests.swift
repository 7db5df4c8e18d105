import AuthDomain
import AuthService
import Callbacks
import Foundation
import HTTPClient
import SQLStore
import Synchronization
import TestKit
import Testing

@Suite("A receiver in trouble, over real sockets (R-HOOK-1)")
struct ReceiverTests {
    @Test("500, hanging, redirects, resets and death mid-body: each event at least once, in order, with the same id")
    func troubledReceiver() async throws {
        let folder = try TemporaryDirectory()
        let store = try Fixtures.store(folder)
        defer { store.close() }
        var accounts: [AccountID] = []
        for index in 0..<10 { accounts.append(try await Fixtures.provision("a\(index)", in: store)) }
        for _ in 0..<4 { for account in accounts { try await Fixtures.touch(account, in: store) } }

        let troubles: [Script] = [
            .reply(500, ""), .hang, .reply(302, "", extra: "Location: /elsewhere\r\n"), .reset, .close,
            .answerAndClose(Array("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".utf8)), .reply(429, ""),
        ]
        let count = Mutex(0)
        let accepted = Notes<String>()
        let server = ScriptedServer(deciding: { request in
            let number = count.withLock { count in
                count += 1
                return count
            }
            guard number.isMultiple(of: 2) else { return troubles[number / 2 % troubles.count] }
            accepted.append(request.headers["webhook-id"] ?? "")
            return .reply(204, "")
        })
        defer { server.stop() }
        let http = try OutgoingHTTP(threads: 4, queueLimit: 8)
        let clock = ManualClock(Fixtures.start)
        let target = WebhookTarget(
            url: server.url, signer: Fixtures.signer([Fixtures.secret]), http: http, limit: .milliseconds(300),
            clock: clock)
        let dispatcher = TargetDispatcher(
            name: "store", target: target,
            settings: DispatchSettings(
                schedule: .webhook, parallel: 4, limit: .milliseconds(300), lease: .seconds(100_000_000)),
            outbox: store, wall: clock, clock: clock, random: SeededRandom(seed: 3))
        let run = Task { await dispatcher.run() }
        let isDrained = try await eventually(seconds: 60) {
            clock.advance(by: .seconds(600))
            try? await Task.sleep(for: .milliseconds(5))
            return try await store.backlogs().isEmpty
        }
        #expect(isDrained)
        async let stop: Void = dispatcher.stop(within: .seconds(10))
        clock.advance(by: .seconds(2))
        await stop
        clock.advance(by: .seconds(2))
        await run.value
        http.shutdown()

        for account in accounts {
            let ids = accepted.all.filter { $0.hasPrefix("msg_\(account)_") }
            #expect(ids == (1...5).map { "msg_\(account)_\($0)" })
            let tries = server.requests.compactMap { $0.headers["webhook-id"] }
                .filter { $0.hasPrefix("msg_\(account)_") }
            let numbers = tries.compactMap { $0.split(separator: "_").last.flatMap { Int($0) } }
            #expect(numbers == numbers.sorted(), "\(tries)")
        }
        // Whatever was tried again had the same body, and a signature of its own time.
        let bodies = Dictionary(grouping: server.requests) { $0.headers["webhook-id"] ?? "" }
        #expect(bodies.values.allSatisfy { Set($0.map(\.body)).count == 1 })
    }
}
