import AuthDomain
import Foundation
import TestKit
import Testing

@Suite("Delivery reports under the running service (R-SMSOTP-1)", .serialized)
struct DeliveryReportTests {
    @Test("Forged, repeated, late and misdirected reports change nothing wrongly")
    func reports() async throws {
        let server = ScriptedServer(.reply(202, "0: Accepted for delivery"))
        defer { server.stop() }
        let site = try MessageSite(redis: try RedisServer()) {
            [MessageSite.kannel(server.url, $0), MessageSite.kannel(server.url, $0, name: "other")]
        }
        for (number, name) in ["an", "binh"].enumerated() {
            let address = "\(name)_sotttt@hanoi.gov.vn"
            let temporary = try await site.provision(address, phone: "+8491234567\(number)")
            #expect(try await site.ask(address, temporary).answer.status == 202)
        }
        let links = try server.requests.map { try #require($0.headers["x-kannel-dlr-url"]) }
        #expect(links.count == 2 && links.allSatisfy { $0.hasSuffix("?type=%d") })
        let paths = links.compactMap { URL(string: $0.replacing("?type=%d", with: ""))?.path }
        let service = site.scenario.instances[0].service(nil)
        func report(_ path: String, _ type: Int) async -> Int {
            await service.send("GET", "\(path)?type=\(type)").status
        }
        func states() throws -> [String] { try site.rows("state").map { $0[0] } }

        // Forged: another's token, a cut one, another gateway's name, a message that is not there.
        let own = paths[0].split(separator: "/").map(String.init)
        let foreign = paths[1].split(separator: "/").map(String.init)
        let stem = "/v1/sms/reports"
        for forged in [
            "\(stem)/kannel/\(own[4])/\(foreign[5])", "\(stem)/kannel/\(own[4])/\(own[5].dropLast())",
            "\(stem)/other/\(own[4])/\(own[5])", "\(stem)/kannel/sms_none/\(own[5])",
            "\(stem)/nobody/\(own[4])/\(own[5])",
            "\(stem)/kannel", "\(stem)/kannel/\(own[4])/x",
        ] {
            #expect(await report(forged, 1) == 404, "\(forged)")
        }
        #expect(try states() == ["accepted", "accepted"])

        // In an order that no carrier keeps, and each twice; only forward.
        for (type, state) in [
            (4, "accepted"), (8, "accepted"), (2, "failed"), (8, "failed"), (1, "delivered"),
            (1, "delivered"), (2, "delivered"), (16, "delivered"),
        ] {
            #expect(await report(paths[0], type) == 200, "type \(type)")
            #expect(try states()[0] == state, "after type \(type)")
        }
        #expect(await report(paths[0], 3) == 400)
        #expect(await service.send("GET", "\(paths[0])?type=1&type=2").status == 400)
        #expect(await report(paths[1], 16) == 200)
        #expect(try states() == ["delivered", "failed"])
        // A number that takes nothing is put before the operators (T-20).
        #expect(await site.scenario.audit("binh_sotttt@hanoi.gov.vn").keys.contains { $0.contains("undelivered") })
        let metric = { (result: String) in
            await site.scenario.metric("otpd_sms_reports_total", containing: "result=\"\(result)\"")
        }
        #expect(await metric("forged") == 6)
        #expect(await metric("repeated") >= 1)
        #expect(await metric("out_of_order") >= 2)
        #expect(await metric("malformed") == 1)
    }

    @Test("A report from an address that is not the gateway's is unknown, whatever its token")
    func foreignAddress() async throws {
        let server = ScriptedServer(.reply(202, "0: Accepted for delivery"))
        defer { server.stop() }
        let site = try MessageSite(redis: nil) { folder in
            [MessageSite.kannel(server.url, folder).merging(["report_addresses": ["192.0.2.7"]]) { $1 }]
        }
        let temporary = try await site.provision("an_sotttt@hanoi.gov.vn", phone: "+84912345678")
        _ = try await site.ask("an_sotttt@hanoi.gov.vn", temporary)
        let link = try #require(server.requests.first?.headers["x-kannel-dlr-url"])
        let path = try #require(URL(string: link.replacing("?type=%d", with: ""))?.path)
        #expect(await site.scenario.instances[0].service(nil).send("GET", path + "?type=1").status == 404)
        #expect(try site.rows("state") == [["accepted"]])
    }

    @Test("All that is wrong with gateways and texts is told by check-config beside the rest, and no secret is")
    func checkConfig() throws {
        let folder = try TemporaryDirectory()
        try folder.write("geheim-passwort", to: "pw")
        let config = try folder.write(
            """
            { "database": "sqlite:otpd.db", "keys": ["missing.key"], "sms": { "resend_s": 5, "gateways": [
                {"type": "kannel", "url": "ftp://x", "user": "u", "password_file": "pw"},
                {"type": "http", "name": "b", "url": "http://127.0.0.1/?k={secret:k}", "secrets": {"k": "pw"}},
                {"from": "nowhere.json"}, {"type": "pigeon"}],
              "templates": {"vi.login": "Chào bạn, mã đăng nhập hộp thư điện tử công vụ của bạn là {code}, xin giữ kín."} } }
            """, to: "otpd.json")
        let result = try Command.run(OTPDSite.binary, ["check-config", "--config", config])
        #expect(result.status == 78)
        for key in [
            "keys[0]", "sms.resend_s", "sms.gateways[0].url", "sms.gateways[1].url", "sms.gateways[1].success",
            "sms.gateways[2].from", "sms.gateways[3].type", "sms.templates.vi.login",
        ] {
            #expect(result.error.split(separator: "\n").contains { $0.hasPrefix(key) }, "\(key) in \(result.error)")
        }
        #expect(!result.error.contains("geheim"))
    }
}
