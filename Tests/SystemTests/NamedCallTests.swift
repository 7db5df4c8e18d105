import AuthDomain
import Foundation
import TestKit
import Testing

@Suite("R-API-4: a call that names itself with Idempotency-Key is carried out once")
struct NamedCallTests {
    private let scenario: Scenario

    init() throws {
        scenario = try Scenario(redis: nil)
    }

    private func post(
        _ path: String, _ body: [String: Any], name: String?, key: String? = nil
    ) async -> HTTPTestAnswer {
        await scenario.instances[0].admin(key ?? scenario.keys.desk).send(
            "POST", path, body, headers: name.map { ["Idempotency-Key": $0] } ?? [:])
    }

    private func person(_ name: String, organisation: String = "Sở TT&TT") -> [String: Any] {
        ["address": "\(name)_sotttt@hanoi.gov.vn", "kind": "personal", "organisation": organisation]
    }

    @Test("Provisioning: the same name and body get the same secrets once more, and one account is made")
    func provisioning() async throws {
        let first = await post("/v1/accounts", person("an"), name: "cap-1")
        #expect(first.status == 201 && first["temporary_password"] != nil && first["enrolment_code"] != nil)
        let again = await post("/v1/accounts", person("an"), name: "cap-1")
        #expect(again.status == 201 && again.text == first.text)
        #expect(again.headers["location"] == first.headers["location"])
        #expect(await post("/v1/accounts", person("an"), name: "\"cap-1\"").text == first.text)
        // Without a name it is a call like any other.
        #expect(await post("/v1/accounts", person("an"), name: nil).status == 409)
        #expect(await post("/v1/accounts", person("an", organisation: "Sở Y tế"), name: "cap-1").status == 422)
        let differs = await post("/v1/accounts", person("ba"), name: "cap-1")
        #expect(differs.status == 422 && differs["code"] == "call-differs")
        #expect(await scenario.desk().send("GET", "/v1/accounts/ba_sotttt@hanoi.gov.vn").status == 404)
    }

    @Test("Another client gets a call of its own under the same name, never the secrets of the first")
    func otherClient() async throws {
        let other = try scenario.site.addClient("desk-2", scopes: ["operate"])
        let first = await post("/v1/accounts", person("an"), name: "cap-1")
        let theirs = await post("/v1/accounts", person("an"), name: "cap-1", key: other)
        #expect(first.status == 201 && theirs.status == 409)
        #expect(theirs["temporary_password"] == nil && theirs["code"] == "conflict")
        // Nor does one whose key was renewed under the old name.
        #expect(try scenario.site.run(["client", "revoke", "--name", "desk-2"]).status == 0)
        let renewed = try scenario.site.addClient("desk-2", scopes: ["operate"])
        #expect(await post("/v1/accounts", person("an"), name: "cap-1", key: renewed).status == 409)
    }

    @Test("What is kept is sealed: no temporary password and no enrolment code stands in the database")
    func sealed() async throws {
        let made = await post("/v1/accounts", person("an"), name: "cap-1")
        let reset = await post(
            "/v1/accounts/an_sotttt@hanoi.gov.vn/password-resets", ["document": "Số 4/CV"], name: "dat-lai-1")
        let code = await post(
            "/v1/accounts/an_sotttt@hanoi.gov.vn/enrolment-codes", ["document": "Số 4/CV"], name: "ma-1")
        let secrets = [made["temporary_password"], reset["temporary_password"], code["enrolment_code"]]
        #expect(secrets.allSatisfy { $0 != nil })
        let dump = try Command.run("sqlite3", [scenario.site.folder.path("otpd.db"), ".dump idempotent_calls"])
        #expect(dump.output.components(separatedBy: "INSERT INTO").count == 4)
        let hexadecimal = dump.output.lowercased()
        for secret in secrets.compactMap({ $0 }) {
            #expect(!dump.output.contains(secret))
            #expect(!hexadecimal.contains(secret.utf8.map { String($0, radix: 16) }.joined()))
        }
    }

    @Test("Locks and restorations: one row each, however often the call is repeated")
    func locksAndRestorations() async throws {
        _ = try await scenario.provision("an_sotttt@hanoi.gov.vn")
        let path = "/v1/accounts/an_sotttt@hanoi.gov.vn"
        let lock: [String: Any] = ["cause": "compromised", "note": "lạ", "document": "Số 1/CV"]
        let first = await post("\(path)/locks", lock, name: "khoa-1")
        #expect(first.status == 201)
        #expect(await post("\(path)/locks", lock, name: "khoa-1").text == first.text)
        let restoration: [String: Any] = [
            "document": "Số 2/CV", "requested_by": "Sở TT&TT", "remediation": "đã quét mã độc",
        ]
        let restored = await post("\(path)/restorations", restoration, name: "khoi-phuc-1")
        #expect(restored.status == 200)
        #expect(await post("\(path)/restorations", restoration, name: "khoi-phuc-1").text == restored.text)
        // The same name on another route is another call of the same name.
        #expect(await post("\(path)/locks", lock, name: "khoi-phuc-1").status == 422)
        let audit = await scenario.audit("an_sotttt@hanoi.gov.vn")
        #expect(audit["account_locked"] == 1 && audit["account_restored"] == 1, "\(audit)")
    }

    @Test("A call that fails is forgotten; a name that cannot be one, or is missing where it must stand, is refused")
    func failures() async throws {
        _ = try await scenario.provision("an_sotttt@hanoi.gov.vn")
        let path = "/v1/accounts/an_sotttt@hanoi.gov.vn/restorations"
        #expect(await post(path, ["document": "Số 2/CV"], name: "khoi-phuc-1").status == 400)
        #expect(
            await post(path, ["document": "Số 2/CV", "requested_by": "Sở TT&TT"], name: "khoi-phuc-1").status == 409)
        for name in ["", "\"\"", "a b", "khoá", String(repeating: "x", count: 101), "a\"b"] {
            #expect(await post("/v1/accounts", person("ba"), name: name).status == 400, "\(name)")
        }
        let locks: [String: Any] = [
            "accounts": ["an_sotttt@hanoi.gov.vn"], "cause": "spam_malware", "note": "thư rác", "document": "Số 7",
        ]
        #expect(await post("/v1/locks", locks, name: nil).status == 400)
    }

    @Test("Ten at once under one name: one is carried out, the others wait for it or get its answer")
    func together() async throws {
        let answers = await withTaskGroup(of: HTTPTestAnswer.self) { group in
            for _ in 0..<10 { group.addTask { await post("/v1/accounts", person("an"), name: "cap-1") } }
            return await group.reduce(into: [HTTPTestAnswer]()) { $0.append($1) }
        }
        let made = answers.filter { $0.status == 201 }
        #expect(made.count >= 1 && Set(made.map(\.text)).count == 1)
        #expect(answers.allSatisfy { $0.status == 201 || $0.status == 409 }, "\(answers.tally)")
        #expect(await post("/v1/accounts", person("an"), name: "cap-1").text == made.first?.text)
    }

    @Test("An exchange of ring keys seals kept answers anew, so that they outlive the old key")
    func exchangedKeys() async throws {
        let first = await post("/v1/accounts", person("an"), name: "cap-1")
        let site = scenario.site
        scenario.instances[0].terminate()
        try site.folder.write(try Command.run(OTPDSite.binary, ["keys", "new"]).output, to: "ring-2.key")
        try site.configure("both", overrides: ["keys": [site.folder.path("ring-2.key"), site.folder.path("ring.key")]])
        #expect(try site.run(["keys", "rotate"], as: "both").status == 0)
        let renewed = try site.start("c", overrides: ["keys": [site.folder.path("ring-2.key")]])
        let again = await renewed.admin(scenario.keys.desk).send(
            "POST", "/v1/accounts", person("an"), headers: ["Idempotency-Key": "cap-1"])
        #expect(again.status == 201 && again.text == first.text)
    }

    @Test("A code by SMS: a repeated request within its gap is answered, and nothing is sent twice")
    func messages() async throws {
        let site = try MessageSite(redis: nil) { [MessageSite.file($0)] }
        let password = try await site.provision("an_sotttt@hanoi.gov.vn", phone: "0912345678")
        let begun = await site.scenario.begin("an_sotttt@hanoi.gov.vn", password)
        let id = try #require(begun["id"])
        func ask(_ name: String?) async -> HTTPTestAnswer {
            await site.scenario.sso().send(
                "POST", "/v1/sign-ins/\(id)/sms", [:], headers: name.map { ["Idempotency-Key": $0] } ?? [:])
        }
        let first = await ask("gui-1")
        #expect(first.status == 202)
        #expect(await ask("gui-1").text == first.text)
        #expect(await ask(nil).status == 429)
        #expect(await ask("gui-2").status == 429)
        #expect(site.written.count == 1)
    }
}
