import AuthDomain
import Foundation
import TestKit
import Testing

@Suite("The whole life of a mailbox, as the record and a second instance see it")
struct WholeLifeTests {
    private func rows(_ scenario: Scenario) async -> [[String: Any]] {
        await scenario.desk().send("GET", "/v1/audit?limit=500").json["rows"] as? [[String: Any]] ?? []
    }

    @Test("R-LOG-3: from provisioning to destruction every row has its fields, and no secret stands in any")
    func auditOfALife() async throws {
        let scenario = try Scenario(redis: try RedisServer())
        let owner = try await scenario.owner("life_sotttt@hanoi.gov.vn")
        let path = "/v1/accounts/\(owner.address)"
        for number in 0..<5 { _ = await scenario.begin(owner.address, "Sai \(number)!Abc") }
        _ = await scenario.desk().send(
            "POST", path + "/locks", ["cause": "credential_leak", "note": "lộ", "document": "Số 5/CV"],
            headers: ["X-Actor": "Tr%E1%BA%A7n%20B"])
        let restored = await scenario.desk().send(
            "POST", path + "/restorations",
            ["document": "Số 6/CV", "requested_by": "Sở TT&TT", "remediation": "đã xử lý"])
        #expect(restored.status == 200)
        let back = try await scenario.firstSignIn(
            owner.address, try #require(restored["temporary_password"]), try #require(restored["enrolment_code"]),
            choosing: "Mưa rào 4 giờ!")
        _ = await scenario.desk().send("POST", path + "/enrolment-codes", ["document": "Số 7/CV"])
        _ = await scenario.desk().send("POST", path + "/password-resets", ["document": "Số 8/CV"])
        _ = await scenario.desk().send("PATCH", path, ["display_name": "Nguyễn Văn An", "document": "Số 9/CV"])
        #expect(await scenario.desk().send("DELETE", path).status == 204)
        let rows = await rows(scenario).filter { $0["account"] != nil }
        let codes = Set(rows.compactMap { $0["code"] as? String })
        #expect(
            codes.isSuperset(of: [
                "account_provisioned", "authn_factor_success", "authn_password_change", "authn_authenticator_enrolled",
                "authn_recovery_codes_issued", "authn_login_success", "authn_login_fail", "authn_login_lock",
                "account_locked", "account_restored", "account_enrolment_code_issued", "account_password_reset",
                "account_changed", "account_destroyed",
            ]))
        for row in rows {
            let code = row["code"] as? String ?? "?"
            for field in ["time", "chain", "number", "result", "address", "client", "request_id", "entry"] {
                #expect(row[field] != nil, "\(field) of \(code)")
            }
            let isByPerson = row["client"] as? String == "sso"
            #expect((row["entry"] as? String) == (isByPerson ? "web" : "api"))
            if isByPerson {
                #expect(row["client_ip"] as? String == "203.0.113.7" && row["user_agent"] as? String == "test")
            }
            if code.hasPrefix("authn_") { #expect(row["factor"] != nil, "factor of \(code)") }
            if code == "authn_login_lock" {
                #expect(row["cause"] as? String == "bad_password_5" && row["clause"] as? String == "Điều 8.2.b")
            }
            if code == "account_locked" {
                #expect(row["document"] as? String == "Số 5/CV" && row["actor"] as? String == "Trần B")
            }
            if code == "account_restored" { #expect(row["document"] as? String == "Số 6/CV") }
        }
        let text = String(decoding: try JSONSerialization.data(withJSONObject: rows), as: UTF8.self)
        for secret in [owner.password, back.password] + owner.recoveryCodes { #expect(!text.contains(secret)) }
        #expect(try scenario.auditIsClean())
    }

    @Test("architecture: a sign-in begun on one instance goes on at the other, step by step")
    func sharedSignIns() async throws {
        let scenario = try Scenario(redis: try RedisServer(), instances: 2)
        let first = try await scenario.provision("shared_sotttt@hanoi.gov.vn")
        let id = try #require(await scenario.begin("shared_sotttt", first.password, on: 0)["id"])
        #expect(await scenario.sso(1).send("GET", "/v1/sign-ins/\(id)")["status"] == "factor_required")
        #expect(await scenario.prove(id, "enrolment_code", first.code, on: 1)["status"] == "password_change_required")
        let changed = await scenario.sso(0).send(
            "POST", "/v1/sign-ins/\(id)/password", ["new_password": "Bồ câu 7 con!"])
        #expect(changed["status"] == "enrolment_required")
        let offer = await scenario.sso(1).send("POST", "/v1/sign-ins/\(id)/totp", ["label": "một"])
        let secret = try KeyURI(parsing: try #require(offer["uri"])).secret
        let owner = Owner(address: "shared_sotttt", password: "Bồ câu 7 con!", secret: secret, recoveryCodes: [])
        let done = await scenario.sso(0).send(
            "POST", "/v1/sign-ins/\(id)/totp/\(try #require(offer["enrolment"]))",
            ["code": owner.code(at: Scenario.start)])
        #expect(done["status"] == "complete")
        // A lock set through one instance ends the sign-in on the other at once.
        let lock = await scenario.desk(0).send(
            "POST", "/v1/accounts/shared_sotttt@hanoi.gov.vn/locks", ["cause": "compromised", "note": "thử"])
        #expect(lock.status == 201)
        #expect(await scenario.sso(1).send("GET", "/v1/sign-ins/\(id)")["code"] == "account-locked")
    }

    @Test("SIGTERM under load: everything that was answered is on record, and the exit code is 0")
    func terminationUnderLoad() async throws {
        let scenario = try Scenario(redis: try RedisServer())
        for number in 0..<20 { _ = try await scenario.provision("term_\(number)_sotttt@hanoi.gov.vn") }
        let instance = scenario.instances[0]
        let sso = scenario.sso()
        async let storm = sso.sendTogether(200, "POST", "/v1/sign-ins") {
            Scenario.passwordBody("term_\($0 % 20)_sotttt", "Sai \($0)!Abc")
        }
        try await Task.sleep(for: .milliseconds(120))
        #expect(instance.terminate() == 0)
        let answers = await storm
        let counted = answers.count { $0.status == 401 }
        #expect(answers.allSatisfy { [0, 401, 403, 503].contains($0.status) }, "\(answers.tally)")
        let database = scenario.site.folder.path("otpd.db")
        let sum = try Command.run("sqlite3", [database, "SELECT sum(password_failures) FROM accounts"])
        let judged = Int(sum.output.trimmingCharacters(in: .whitespacesAndNewlines)) ?? -1
        // Whoever was told "wrong" finds it counted; at most a client that the end of the drain cut off was not told.
        #expect(counted > 0 && counted <= judged, "\(judged) judged, \(answers.tally)")
        #expect(try scenario.auditIsClean())
    }
}
