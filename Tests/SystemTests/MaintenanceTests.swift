import AuthDomain
import Foundation
import TestKit
import Testing

@Suite("Planned stops are announced ahead and shown to sign-in pages (Đ10.1.d, R-SCOPE-5)")
struct MaintenanceTests {
    private let scenario: Scenario

    init() throws {
        scenario = try Scenario(redis: nil)
    }

    private func announce(_ from: String, _ to: String, _ more: String...) throws -> CommandResult {
        try scenario.site.run(
            ["maintenance", "announce", "--from", from, "--to", to, "--message-vi", "Bảo trì máy chủ"] + more)
    }

    private func shown(_ language: String = "vi") async -> [[String: Any]] {
        let answer = await scenario.instances[0].service(scenario.keys.sso).send(
            "GET", "/v1/maintenance", headers: ["Accept-Language": language])
        return answer.json["notices"] as? [[String: Any]] ?? [["status": answer.status]]
    }

    @Test("Announced three days ahead, shown in both languages, under way, over; each act has its row")
    func life() async throws {
        #expect(await shown().isEmpty)
        // The clock says 2026-11-23T08:00:00Z: this is three days ahead to the second.
        let made = try announce(
            "2026-11-26T15:00:00+07:00", "2026-11-26T17:00:00+07:00", "--message-en", "Server maintenance")
        #expect(made.status == 0 && made.error.isEmpty, "\(made.error)")
        let later = try announce("2026-12-05T15:00:00Z", "2026-12-05T17:00:00Z")
        #expect(later.status == 0)
        let notices = await shown()
        #expect(notices.map { $0["from"] as? String } == ["2026-11-26T08:00:00Z", "2026-12-05T15:00:00Z"])
        #expect(notices[0]["message"] as? String == "Bảo trì máy chủ")
        #expect(notices[0]["urgent"] as? Bool == false && notices[0]["under_way"] as? Bool == false)
        let english = await shown("en")
        #expect(english.map { $0["message"] as? String } == ["Server maintenance", "Bảo trì máy chủ"])
        let list = try scenario.site.run(["maintenance", "list"])
        #expect(list.output.split(separator: "\n").count == 2 && list.output.contains("planned\tBảo trì máy chủ"))

        try scenario.setClock(try #require(RFC3339.parse("2026-11-26T08:00:00Z")))
        #expect(await shown().first?["under_way"] as? Bool == true)
        try scenario.setClock(try #require(RFC3339.parse("2026-11-26T10:00:00Z")))
        #expect(await shown().count == 1)

        let id = try #require(notices[1]["id"] as? String)
        #expect(try scenario.site.run(["maintenance", "cancel", "--id", id]).status == 0)
        #expect(await shown().isEmpty)
        let again = try scenario.site.run(["maintenance", "cancel", "--id", id])
        #expect(again.status == 1 && again.error.contains("maintenance list"))
        let rows = await scenario.desk().send("GET", "/v1/audit?limit=500").text
        #expect(rows.components(separatedBy: "\"maintenance_announced\"").count == 3)
        #expect(rows.components(separatedBy: "\"maintenance_cancelled\"").count == 2)
        #expect(try scenario.auditIsClean())
    }

    @Test("Less than three days ahead is refused and says the rule; --urgent lets it through with a warning")
    func urgent() async throws {
        let early = try announce("2026-11-26T07:59:59Z", "2026-11-26T09:00:00Z")
        #expect(early.status == 1 && early.error.contains("10.1.d") && early.error.contains("--urgent"))
        #expect(await shown().isEmpty)
        let urgent = try announce("2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z", "--urgent", "--json")
        #expect(urgent.status == 0 && urgent.error.contains("warning"))
        let object = try JSONSerialization.jsonObject(with: Data(urgent.output.utf8)) as? [String: Any]
        #expect(object?["urgent"] as? Bool == true)
        #expect(await shown().map { $0["urgent"] as? Bool } == [true])
        #expect(await scenario.instances[0].service(nil).send("GET", "/v1/maintenance").status == 401)
    }

    @Test("A command line that cannot be meant says what is expected and changes nothing")
    func rubbish() async throws {
        for (from, to, option) in [
            ("tomorrow", "2026-12-05T17:00:00Z", "--from"), ("2026-12-05T15:00:00Z", "", "--to"),
            ("2026-12-05T15:00:00Z", "2026-12-05T14:00:00Z", "--to"),
            ("2026-11-22T15:00:00Z", "2026-12-05T14:00:00Z", "--from"),
        ] {
            let result = try announce(from, to, "--urgent")
            #expect(result.status == 64 && result.error.contains(option), "\(result.error)")
        }
        #expect(try scenario.site.run(["maintenance", "remove"]).status == 64)
        #expect(await shown().isEmpty)
    }
}
