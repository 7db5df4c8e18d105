import AuthDomain
import Foundation
import Synchronization
import TestKit
import Testing

@Suite("Warnings reach their owners by short message and other systems by callback (R-FIRST-10, R-HOOK-3)")
struct ReminderSystemTests {
    /// The accounts of the warnings that were told.
    private final class Told: Sendable {
        let accounts = Mutex<[String]>([])
    }

    @Test("Two instances that sweep at once, and a kill -9 between: each owner gets each message and event once")
    func twoInstances() async throws {
        let told = Told()
        let receiver = ScriptedServer(deciding: { request in
            let json = (try? JSONSerialization.jsonObject(with: Data(request.body.utf8))) as? [String: Any]
            if json?["type"] as? String == "default_password.deadline_near" {
                let account = (json?["data"] as? [String: Any])?["account"] as? String ?? "?"
                told.accounts.withLock { $0.append(account) }
            }
            return .reply(204, "")
        })
        defer { receiver.stop() }
        let folder = try TemporaryDirectory()
        try folder.write("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n", to: "secret")
        let target: [String: Any] = [
            "name": "store", "type": "webhook", "url": receiver.url, "secret_files": [folder.path("secret")],
        ]
        let site = try MessageSite(
            redis: try RedisServer(), instances: 2,
            overrides: ["deadlines": ["sweep_every_s": 1], "callbacks": ["targets": [target]]]
        ) { [MessageSite.file($0)] }
        let scenario = site.scenario
        let phones = (0..<12).map { "+8491200\(1000 + $0)" }
        for (index, phone) in phones.enumerated() {
            _ = try await site.provision("can_bo\(index)@hanoi.gov.vn", phone: phone)
            let notice = await scenario.desk().send(
                "PATCH", "/v1/accounts/can_bo\(index)@hanoi.gov.vn", ["notified_at": "2026-11-23T08:00:00Z"])
            #expect(notice.status == 200)
        }
        // 28/11/2026 is a Saturday: the lock is at 01/12 00:00, the first warning at 29/11 08:00.
        try scenario.setClock(try #require(RFC3339.parse("2026-11-29T08:00:00+07:00")))
        try await wait { site.written.count >= 1 }
        scenario.instances[1].kill9()
        try await wait { site.written.count >= phones.count && told.accounts.withLock { $0.count } >= phones.count }
        let restarted = try scenario.site.start("b")
        try await Task.sleep(for: .seconds(7))
        #expect(site.written.map(\.to).sorted() == phones)
        #expect(told.accounts.withLock { Set($0).count } == phones.count)
        #expect(Set(site.written.map(\.text)).count == 1)
        _ = restarted
    }

    private func wait(until isSo: () -> Bool) async throws {
        for _ in 0..<300 {
            if isSo() { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        Issue.record("not in time")
    }
}
