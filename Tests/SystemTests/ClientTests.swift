import AuthDomain
import Foundation
import TestKit
import Testing

@Suite("Calling systems and what they may do")
struct ClientTests {
    @Test("R-API-5: each scope opens its own routes; a missing or wrong key is 401, a wrong scope 403")
    func scopes() async throws {
        let scenario = try Scenario(redis: nil)
        let reader = try scenario.site.addClient("reader", scopes: ["read"])
        _ = try await scenario.provision("scoped_sotttt@hanoi.gov.vn")
        let instance = scenario.instances[0]
        let (begin, verify, account) = ("/v1/sign-ins", "/v1/otp/verify", "/v1/accounts/scoped_sotttt@hanoi.gov.vn")
        let password = Scenario.passwordBody("scoped_sotttt", "Sai 1!Abc")
        let code: [String: Any] = ["account": "scoped_sotttt", "code": "123456", "client": Scenario.person]
        #expect(await instance.service(scenario.keys.sso).send("POST", begin, password).status == 401)
        #expect(await instance.service(scenario.keys.sso).send("POST", verify, code).status == 403)
        #expect(await instance.service(scenario.keys.vpn).send("POST", begin, password).status == 403)
        #expect(await instance.service(scenario.keys.vpn).send("POST", verify, code).status == 401)
        #expect(await instance.service(scenario.keys.desk).send("POST", begin, password)["code"] == "forbidden")
        #expect(await instance.admin(scenario.keys.desk).send("GET", account).status == 200)
        #expect(await instance.admin(scenario.keys.sso).send("GET", account).status == 403)
        #expect(await Self.status(200) { await instance.admin(reader).send("GET", account) })
        #expect(await instance.admin(reader).send("DELETE", account).status == 403)
        #expect(
            await instance.admin(reader).send("POST", account + "/password-resets", ["document": "x"]).status == 403)
        for key in [nil, "", "otpd_", scenario.keys.sso + "a", "otpd_aaaaaaaa_" + String(repeating: "a", count: 52)] {
            let answer = await instance.service(key).send("POST", begin, password)
            #expect(answer.status == 401 && answer["code"] == "unauthenticated")
        }
        // The admin routes are not on the service listener, nor the other way round.
        #expect(await instance.service(scenario.keys.desk).send("GET", account).status == 404)
        #expect(await instance.admin(scenario.keys.sso).send("POST", begin, password).status == 404)
    }

    @Test("R-API-5, ASVS 8.3.2: a revoked key stops within two seconds, on a running service")
    func revocation() async throws {
        let scenario = try Scenario(redis: nil)
        let policy = "/v1/password-policy"
        #expect(await scenario.vpn().send("GET", policy).status == 200)
        #expect(try scenario.site.run(["client", "revoke", "--name", "vpn"]).status == 0)
        let revoked = ContinuousClock.now
        while await scenario.vpn().send("GET", policy).status == 200, ContinuousClock.now - revoked < .seconds(4) {
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(ContinuousClock.now - revoked < .seconds(2))
        #expect(await scenario.vpn().send("GET", policy).status == 401)
        #expect(await scenario.sso().send("GET", policy).status == 200)
        #expect(try scenario.site.run(["client", "revoke", "--name", "vpn"]).status == 1)
        let list = try scenario.site.run(["client", "list"])
        #expect(list.output.contains("revoked") && !list.output.contains("otpd_"))
    }

    @Test("R-LOG-3: the request id is echoed, made when missing or odd, and stands in the log and the audit row")
    func requestIDs() async throws {
        let scenario = try Scenario(redis: nil)
        let body = Scenario.passwordBody("nobody_rid@hanoi.gov.vn", "Sai 1!Abc")
        let told = await scenario.sso().send("POST", "/v1/sign-ins", body, headers: ["X-Request-Id": "trace-7.a_b"])
        #expect(told.headers["x-request-id"] == "trace-7.a_b")
        for odd in ["a b", String(repeating: "a", count: 65), "ế"] {
            let made = await scenario.sso().send("POST", "/v1/sign-ins", body, headers: ["X-Request-Id": odd])
            let id = made.headers["x-request-id"] ?? ""
            #expect(!id.isEmpty && id != odd)
        }
        let rows = await scenario.desk().send("GET", "/v1/audit?limit=500").json["rows"] as? [[String: Any]] ?? []
        #expect(rows.contains { $0["request_id"] as? String == "trace-7.a_b" })
        scenario.instances[0].terminate()
        let lines = scenario.site.logs().split(separator: "\n").filter { $0.contains("trace-7.a_b") }
        #expect(!lines.isEmpty)
        for line in lines { _ = try JSONSerialization.jsonObject(with: Data(line.utf8)) }
    }

    @Test("the command line: help, version, and 64 for what it does not know")
    func commandLine() throws {
        let help = try Command.run(OTPDSite.binary, ["--help"])
        #expect(help.status == 0)
        for word in ["serve", "check-config", "client add", "client revoke", "audit verify", "keys new", "version"] {
            #expect(help.output.contains(word))
        }
        #expect(try Command.run(OTPDSite.binary, ["version"]).output.hasPrefix("otpd "))
        for words in [
            [], ["dance"], ["serve"], ["serve", "--colour", "red"], ["client"], ["client", "dance"], ["audit"],
        ] {
            let result = try Command.run(OTPDSite.binary, words)
            #expect(result.status == 64, "\(words)")
            #expect(result.error.contains("otpd") && result.output.isEmpty)
        }
        let missing = try Command.run(OTPDSite.binary, ["check-config", "--config", "/nonexistent/otpd.json"])
        #expect(missing.status == 78)
    }

    private static func status(_ wanted: Int, _ call: () async -> HTTPTestAnswer) async -> Bool {
        // A key just added may wait for the directory's next look at the database.
        for _ in 0..<60 {
            if await call().status == wanted { return true }
            try? await Task.sleep(for: .milliseconds(50))
        }
        return false
    }
}
