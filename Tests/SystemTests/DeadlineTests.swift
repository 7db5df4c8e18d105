import AuthDomain
import Foundation
import TestKit
import Testing

private func hanoi(_ text: String) throws -> WallInstant {
    try #require(RFC3339.parse(text + "+07:00"))
}

/// Asks until something is so; the sweeper of the process under test has its own pace.
private func eventually(_ isSo: () async -> Bool) async -> Bool {
    for _ in 0..<200 {
        if await isSo() { return true }
        try? await Task.sleep(for: .milliseconds(100))
    }
    return false
}

@Suite("The regulation's clocks on a running service whose clock file moves")
struct DeadlineTests {
    private static var quick: [String: Any] { ["deadlines": ["sweep_every_s": 1]] }

    private func state(_ scenario: Scenario, _ address: String) async -> (state: String, causes: [String]) {
        let page = await scenario.desk().send("GET", "/v1/accounts/\(address)")
        let locks = page.json["locks"] as? [[String: Any]] ?? []
        return (page["state"] ?? "", locks.compactMap { $0["cause"] as? String })
    }

    @Test("R-FIRST-3: notice Friday 25/12/2026 without a change locks at 31/12 00:00, not a second earlier")
    func defaultPassword() async throws {
        let scenario = try Scenario(redis: nil, overrides: Self.quick)
        try scenario.setClock(try hanoi("2026-12-24T10:00:00"))
        let address = "an_sotttt@hanoi.gov.vn"
        let made = try await scenario.provision(address)
        try scenario.setClock(try hanoi("2026-12-25T09:00:00"))
        let told = await scenario.desk().send(
            "PATCH", "/v1/accounts/\(address)", ["notified_at": "2026-12-25T02:00:00Z"])
        let deadlines = told.json["deadlines"] as? [String: Any]
        #expect(deadlines?["default_password_locks_at"] as? String == "2026-12-30T17:00:00Z")
        try scenario.setClock(try hanoi("2026-12-30T23:59:59"))
        #expect(await scenario.begin(address, made.password).status == 201)
        #expect(await state(scenario, address).causes == [])
        try scenario.setClock(try hanoi("2026-12-31T00:00:00"))
        #expect(await scenario.begin(address, made.password).status == 403)
        #expect(await state(scenario, address).causes == ["default_not_changed"])
        #expect(try scenario.auditIsClean())
    }

    @Test("The sweeper alone locks what nobody asks about, with one row each, however many instances sweep")
    func sweeper() async throws {
        let scenario = try Scenario(redis: try RedisServer(), instances: 2, overrides: Self.quick)
        for number in 0..<20 {
            let answer = await scenario.desk().send(
                "POST", "/v1/accounts",
                ["address": "an\(number)@hanoi.gov.vn", "kind": "personal", "notified_at": "2026-11-23T08:00:00Z"])
            #expect(answer.status == 201)
        }
        // 28/11/2026 is a Saturday: the period ends with Monday.
        try scenario.setClock(try hanoi("2026-11-30T23:59:59"))
        try await Task.sleep(for: .seconds(2))
        #expect(await scenario.metric("otpd_locks_total", containing: "default_not_changed") == 0)
        try scenario.setClock(try hanoi("2026-12-01T00:00:00"))
        #expect(
            await eventually {
                await scenario.metric("otpd_locks_total", containing: "default_not_changed") == 20
            })
        try await Task.sleep(for: .seconds(2))
        let answer = await scenario.desk().send("GET", "/v1/audit?limit=500")
        let rows = answer.json["rows"] as? [[String: Any]] ?? []
        let locks = rows.filter { $0["code"] as? String == "authn_login_lock" }
        #expect(locks.count == 20 && Set(locks.compactMap { $0["account"] as? String }).count == 20)
        #expect(rows.filter { $0["code"] as? String == "account_deadline_warned" }.count == 20)
        #expect(await scenario.metric("otpd_locks_total", containing: "default_not_changed") == 20)
        #expect(try scenario.auditIsClean())
    }

    @Test("Holidays imported beside the running service move the end within a sweep; a wrong file changes nothing")
    func holidays() async throws {
        let scenario = try Scenario(redis: nil, overrides: Self.quick)
        let address = "an_sotttt@hanoi.gov.vn"
        let made = try await scenario.provision(address)
        _ = await scenario.desk().send("PATCH", "/v1/accounts/\(address)", ["notified_at": "2027-02-01T01:00:00Z"])
        func end() async -> String? {
            let page = await scenario.desk().send("GET", "/v1/accounts/\(address)")
            return (page.json["deadlines"] as? [String: Any])?["default_password_locks_at"] as? String
        }
        // Without the table 06/02/2027 is a Saturday like any other.
        #expect(await end() == "2027-02-08T17:00:00Z")
        let folder = try TemporaryDirectory()
        try folder.write("2027-02-06,feast,Tết\n2027-02-30,holiday,Tết\n", to: "wrong.csv")
        let wrong = try scenario.site.run(["holidays", "import", "--file", folder.path("wrong.csv")])
        #expect(wrong.status == 1 && wrong.error.contains("line 1") && wrong.error.contains("line 2"))
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = root.appending(path: "deploy/holidays/2026-2027.csv").path
        let imported = try scenario.site.run(["holidays", "import", "--file", file])
        #expect(imported.status == 0 && imported.output.contains("2026 2027"))
        #expect(try scenario.site.run(["holidays", "list"]).output.contains("2027-02-06\tholiday\tTết"))
        #expect(await eventually { await end() == "2027-02-12T17:00:00Z" })
        try scenario.setClock(try hanoi("2027-02-12T23:59:59"))
        #expect(await scenario.begin(address, made.password).status == 201)
        try scenario.setClock(try hanoi("2027-02-13T00:00:00"))
        #expect(await scenario.begin(address, made.password).status == 403)
    }

    @Test("R-LOCK-16: a watching system's key locks for its causes with evidence, once for each name, and does no more")
    func watching() async throws {
        let scenario = try Scenario(redis: nil)
        let added = try scenario.site.run([
            "client", "add", "--name", "siem", "--scope", "operate", "--lock-causes", "spam_malware,compromised",
        ])
        let object = try JSONSerialization.jsonObject(with: Data(added.output.utf8)) as? [String: Any]
        let siem = scenario.instances[0].admin(try #require(object?["key"] as? String))
        for name in ["an", "ba"] { _ = try await scenario.provision("\(name)@hanoi.gov.vn") }
        func lock(_ cause: String, _ accounts: [String], key: String) async -> HTTPTestAnswer {
            await siem.send(
                "POST", "/v1/locks",
                ["accounts": accounts, "cause": cause, "note": "thư rác", "document": "Cảnh báo số 7"],
                headers: ["Idempotency-Key": key])
        }
        #expect(await lock("credential_leak", ["an@hanoi.gov.vn"], key: "k1").status == 403)
        let first = await lock("spam_malware", ["an@hanoi.gov.vn", "ba@hanoi.gov.vn"], key: "k1")
        #expect(first.status == 200 && first.text.contains("\"outcome\":\"locked\""))
        let again = await lock("spam_malware", ["an@hanoi.gov.vn", "ba@hanoi.gov.vn"], key: "k1")
        #expect(again.status == 200 && again.text == first.text)
        #expect(await lock("spam_malware", ["an@hanoi.gov.vn"], key: "k1").status == 422)
        #expect(await lock("spam_malware", ["an@hanoi.gov.vn"], key: "k2").text.contains("already_locked"))
        #expect(await siem.send("GET", "/v1/accounts/an@hanoi.gov.vn").status == 403)
        #expect(
            await siem.send(
                "POST", "/v1/accounts/an@hanoi.gov.vn/restorations", ["document": "x", "requested_by": "y"]
            ).status == 403)
        let one = ["cause": "compromised", "note": "lạ"]
        #expect(await siem.send("POST", "/v1/accounts/an@hanoi.gov.vn/locks", one).status == 400)
        let page = await scenario.desk().send("GET", "/v1/accounts/an@hanoi.gov.vn")
        let locks = page.json["locks"] as? [[String: Any]] ?? []
        #expect(locks.map { $0["source"] as? String } == ["siem"])
    }
}
