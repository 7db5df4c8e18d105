import AuthDomain
import Foundation
import Synchronization
import TestKit
import Testing

@Suite("Events reach other systems", .serialized)
struct CallbackTests {
    /// Changes that were not acknowledged yet.
    private final class Undone: Sendable {
        private let numbers = Mutex(Set(0..<1_000))

        func next(_ count: Int) -> [Int] { numbers.withLock { Array($0.prefix(count)) } }

        func done(_ number: Int) { _ = numbers.withLock { $0.remove(number) } }
    }

    /// A receiver that notes what it accepted.
    private final class Receiver: Sendable {
        struct Event: Sendable {
            let id: String
            let type: String
            let account: String
            let sequence: Int
        }

        let server: ScriptedServer
        private let events: Recorder

        final class Recorder: Sendable {
            let all = Mutex<[Event]>([])
        }

        init() {
            let events = Recorder()
            self.events = events
            server = ScriptedServer(deciding: { request in
                let json = (try? JSONSerialization.jsonObject(with: Data(request.body.utf8))) as? [String: Any]
                let data = json?["data"] as? [String: Any]
                let event = Event(
                    id: request.headers["webhook-id"] ?? "", type: json?["type"] as? String ?? "",
                    account: data?["account"] as? String ?? "", sequence: data?["sequence"] as? Int ?? 0)
                events.all.withLock { $0.append(event) }
                return .reply(204, "")
            })
        }

        var all: [Event] { events.all.withLock { $0 } }

        func count(_ type: String) -> Int { all.count { $0.type == type } }
    }

    private static func scenario(_ receiver: Receiver, folder: TemporaryDirectory) throws -> Scenario {
        try folder.write("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n", to: "store.secret")
        let target: [String: Any] = [
            "name": "store", "type": "webhook", "url": receiver.server.url,
            "secret_files": [folder.path("store.secret")],
        ]
        return try Scenario(
            redis: nil, overrides: ["callbacks": ["targets": [target], "timeout_s": 1] as [String: Any]])
    }

    private func eventually(seconds: Double = 20, _ condition: () async throws -> Bool) async rethrows -> Bool {
        let end = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < end {
            if try await condition() { return true }
            try? await Task.sleep(for: .milliseconds(20))
        }
        return try await condition()
    }

    @Test(
        "50 parallel right logins give no event; 500 wrong ones one lock, a restoration one event (R-LOCK-6, R-LOCK-10)"
    )
    func exactlyOne() async throws {
        let receiver = Receiver()
        defer { receiver.server.stop() }
        let folder = try TemporaryDirectory()
        let scenario = try Self.scenario(receiver, folder: folder)
        let owner = try await scenario.owner("callback_one_sotttt@hanoi.gov.vn")
        // Provisioned, password chosen, authenticator enrolled.
        #expect(await eventually { receiver.all.count == 3 })
        #expect(receiver.all.map(\.type) == ["account.provisioned", "password.changed", "factor.enrolled"])
        let right = await scenario.sso().sendTogether(50, "POST", "/v1/sign-ins") { _ in
            Scenario.passwordBody(owner.address, owner.password)
        }
        #expect(right.tally == ["201 factor_required": 50])
        let wrong = await scenario.sso().sendTogether(500, "POST", "/v1/sign-ins") {
            Scenario.passwordBody(owner.address, "Sai rồi \($0)!A")
        }
        #expect(wrong.count { $0.status == 401 } == 5)
        let began = ContinuousClock.now
        #expect(await eventually { receiver.count("mailbox.locked") == 1 })
        #expect(began.duration(to: .now) < .seconds(1))
        let page = await scenario.desk().send("GET", "/v1/accounts?changed_since=2026-01-01T00:00:00Z")
        let accounts = page.json["accounts"] as? [[String: Any]] ?? []
        #expect(accounts.count == 1 && accounts[0]["sequence"] as? Int == 4)
        let restored = await scenario.desk().send(
            "POST", "/v1/accounts/\(owner.address)/restorations",
            ["document": "12/CV-STTTT", "requested_by": "Sở TTTT", "remediation": "đã đổi mật khẩu"])
        #expect(restored.status == 200)
        #expect(await eventually { receiver.count("mailbox.restored") == 1 })
        try await Task.sleep(for: .milliseconds(300))
        #expect(receiver.all.count == 5)
        #expect(receiver.all.map(\.sequence) == [1, 2, 3, 4, 5])
        let resume = page["resume"] ?? ""
        let later = await scenario.desk().send("GET", "/v1/accounts?cursor=\(resume)")
        #expect((later.json["accounts"] as? [[String: Any]])?.first?["sequence"] as? Int == 5)
        let nothing = await scenario.desk().send("GET", "/v1/accounts?cursor=\(later["resume"] ?? "")")
        #expect((nothing.json["accounts"] as? [Any])?.isEmpty == true && nothing["resume"] == later["resume"])
    }

    @Test("kill -9 thirty times during 1,000 changes loses no event and reorders none (R-HOOK-2)")
    func killNine() async throws {
        let receiver = Receiver()
        defer { receiver.server.stop() }
        let folder = try TemporaryDirectory()
        let scenario = try Self.scenario(receiver, folder: folder)
        let addresses = (0..<20).map { "callback_\($0)_sotttt@hanoi.gov.vn" }
        for address in addresses { _ = try await scenario.provision(address) }
        scenario.instances[0].kill9()
        // Changes are tried again until they are acknowledged, so that 1,000 surely happen, with the kills among them.
        let undone = Undone()
        @Sendable func work(on instance: OTPDInstance, _ numbers: [Int]) async {
            let desk = instance.admin(scenario.keys.desk)
            await withTaskGroup(of: Void.self) { group in
                for number in numbers {
                    group.addTask {
                        let answer = await desk.send(
                            "PATCH", "/v1/accounts/\(addresses[number % addresses.count])",
                            ["organisation": "Sở \(number)"])
                        if answer.status == 200 { undone.done(number) }
                    }
                }
            }
        }
        var random = SystemRandomNumberGenerator()
        for _ in 0..<30 {
            let instance = try scenario.site.start("a")
            let numbers = undone.next(40)
            async let working: Void = work(on: instance, numbers)
            try? await Task.sleep(for: .milliseconds(Int.random(in: 5...150, using: &random)))
            instance.kill9()
            await working
        }
        let instance = try scenario.site.start("a")
        for _ in 0..<100 {
            let rest = undone.next(60)
            if rest.isEmpty { break }
            await work(on: instance, rest)
        }
        // The last claims of the killed have to end first.
        let isDrained = try await eventually(seconds: 60) {
            try scenario.site.run(["outbox", "list", "--json"]).output.isEmpty
        }
        #expect(isDrained)
        #expect(await instance.metric("otpd_callback_attempts_total", containing: "delivered") > 0)

        let rows = try Command.run(
            "sqlite3", [scenario.site.folder.path("otpd.db"), "SELECT id, change_sequence FROM accounts"]
        ).output.split(separator: "\n")
        #expect(rows.count == 20)
        var committed = 0
        for row in rows {
            let parts = row.split(separator: "|")
            let account = String(parts[0])
            let last = try #require(Int(parts[1]))
            committed += last
            let sequence = receiver.all.filter { $0.account == account }.map(\.sequence)
            // Repeated at most, never out of order, never missing.
            #expect(sequence == sequence.sorted(), "\(account): \(sequence)")
            #expect(Set(sequence) == Set(1...last), "\(account): \(sequence), \(last) committed")
        }
        #expect(committed >= 1_020)
        #expect(receiver.all.allSatisfy { $0.id == "msg_\($0.account)_\($0.sequence)" })
        #expect(try scenario.auditIsClean())
    }

    @Test("otpd outbox lists, retries and drops; a stopped target says so")
    func commands() async throws {
        let isGone = Mutex(true)
        let server = ScriptedServer(deciding: { _ in isGone.withLock { $0 } ? .reply(410, "") : .reply(200, "") })
        defer { server.stop() }
        let folder = try TemporaryDirectory()
        try folder.write("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n", to: "store.secret")
        let target: [String: Any] = [
            "name": "store", "type": "webhook", "url": server.url, "secret_files": [folder.path("store.secret")],
            "events": ["account.provisioned"],
        ]
        let scenario = try Scenario(redis: nil, overrides: ["callbacks": ["targets": [target]]])
        _ = try await scenario.provision("callback_cli_sotttt@hanoi.gov.vn")
        let isStopped = try await eventually {
            try scenario.site.run(["outbox", "list"]).output.contains("store: 1 pending, 0 dead; stopped: 410 Gone")
        }
        #expect(isStopped)
        let line = try scenario.site.run(["outbox", "list", "--json", "--state", "pending"]).output
        let entry = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect(entry["type"] as? String == "account.provisioned" && entry["target"] as? String == "store")
        #expect(try scenario.site.run(["outbox", "drop"]).status == 64)
        #expect(try scenario.site.run(["outbox", "list", "--state", "lost"]).status == 64)
        isGone.withLock { $0 = false }
        let retried = try scenario.site.run(["outbox", "retry", "--target", "store", "--state", "pending"])
        #expect(retried.output == "1 pending events retried\n")
        #expect(try await eventually { try scenario.site.run(["outbox", "list", "--json"]).output.isEmpty })
        #expect(try scenario.site.run(["outbox", "drop", "--target", "store"]).output == "0 dead events dropped\n")
        let help = try Command.run(OTPDSite.binary, ["outbox", "--help"])
        #expect(help.output.contains("outbox list") && help.status == 0)
    }
}
