import AuthDomain
import Foundation
import TestKit
import Testing

@Suite("Two gateways under the running service: what the phone gets, and what the rows say (R-SMS-5)", .serialized)
struct GatewayMatrixTests {
    private struct Case {
        let name: String
        let script: Script
        /// The answer to whoever asked, and the row.
        let status: Int
        let row: [String]

        init(_ name: String, _ script: Script, _ status: Int, _ row: String...) {
            self.name = name
            self.script = script
            self.status = status
            self.row = row
        }
    }

    private static let head = "HTTP/1.1 202 Accepted\r\n"

    private static let cases = [
        Case("accepts", .reply(202, "0: Accepted for delivery"), 202, "accepted", "first"),
        Case("queues", .reply(202, "3: Queued for later delivery"), 202, "queued", "first"),
        Case("refuses the password", .reply(403, "Authorization failed for sendsms"), 202, "accepted", "second"),
        Case("refuses the number", .reply(400, "Number(s) has/have been denied"), 202, "accepted", "second"),
        Case("is busy", .reply(503, "Temporal failure, try again later."), 202, "accepted", "second"),
        Case("redirects", .reply(302, "", extra: "Location: http://127.0.0.1:1/\r\n"), 202, "accepted", "second"),
        Case("is silent after taking it", .hang, 202, "unknown", "first"),
        Case("resets after taking it", .reset, 202, "unknown", "first"),
        Case("closes after taking it", .close, 202, "unknown", "first"),
        Case("answers rubbish", .answerAndClose((0..<200).map { UInt8($0 ^ 0xA5) }), 202, "unknown", "first"),
        Case("answers a page", .reply(202, "<html>0: Accepted</html>"), 202, "unknown", "first"),
        Case("answers without end", .endless(head + "\r\n"), 202, "unknown", "first"),
        Case(
            "answers a huge body", .reply(202, "0: " + String(repeating: "x", count: 300_000)), 202, "unknown", "first"),
        Case(
            "answers in UTF-16",
            .answerAndClose(Array((head + "Content-Length: 4\r\n\r\n").utf8) + [0xFE, 0xFF, 0x00, 0x30]),
            202, "unknown", "first"),
    ]

    @Test("The first gateway accepts, refuses, is silent or talks rubbish; a second one stands behind it")
    func matrix() async throws {
        let server = ScriptedServer(Self.cases.map(\.script))
        defer { server.stop() }
        let site = try MessageSite(redis: try RedisServer()) {
            [MessageSite.kannel(server.url, $0, name: "first"), MessageSite.file($0, name: "second")]
        }
        for (index, item) in Self.cases.enumerated() {
            let address = "nguoi_\(index)_sotttt@hanoi.gov.vn"
            let phone = "+849123400\(10 + index)"
            let temporary = try await site.provision(address, phone: phone)
            let start = ContinuousClock.now
            let (id, answer) = try await site.ask(address, temporary)
            #expect(start.duration(to: .now) < .seconds(8), "\(item.name)")
            #expect(answer.status == item.status, "\(item.name): \(answer.text)")
            #expect(try site.rows("state, gateway").last == item.row, "\(item.name)")
            // Each gateway that was asked got the same text; only a sure refusal leads to the second.
            let offered = try #require(server.requests.last)
            #expect(server.requests.count == index + 1 && offered.headers["x-kannel-to"] == phone)
            let second = site.written.filter { $0.to == phone }
            #expect(second.map(\.text) == (item.row[1] == "second" ? [offered.body] : []), "\(item.name)")
            // Whatever the gateway said: if the phone got it, the code works.
            let proven = await site.scenario.prove(id, "sms", MessageSite.code(in: offered.body))
            #expect(proven.status == 200, "\(item.name): \(proven.text)")
        }
        #expect(try site.scenario.auditIsClean())
    }

    @Test("After an ambiguous answer the same code goes out again, never another one (R-SMSOTP-1)")
    func sameCode() async throws {
        let server = ScriptedServer(.hang, .reply(202, "0: Accepted for delivery"))
        defer { server.stop() }
        let site = try MessageSite(redis: try RedisServer()) { [MessageSite.kannel(server.url, $0)] }
        let temporary = try await site.provision("an_sotttt@hanoi.gov.vn", phone: "+84912345678")
        let (id, first) = try await site.ask("an_sotttt@hanoi.gov.vn", temporary)
        #expect(first.status == 202)
        let soon = await site.scenario.sso().send("POST", "/v1/sign-ins/\(id)/sms", [:])
        #expect(soon.status == 429 && soon.headers["retry-after"] != nil, "\(soon.text)")
        try site.scenario.setClock(Scenario.start + .seconds(61))
        #expect(await site.scenario.sso().send("POST", "/v1/sign-ins/\(id)/sms", [:]).status == 202)
        let codes = server.requests.map { MessageSite.code(in: $0.body) }
        #expect(codes.count == 2 && codes[0] == codes[1] && codes[0].count == 6)
        #expect(Set(server.requests.compactMap { $0.headers["x-kannel-dlr-url"] }).count == 2)
    }

    @Test("Both gateways refuse: 503, the row says refused, and recovery from it costs no quota")
    func bothRefuse() async throws {
        let server = ScriptedServer(.reply(503, "busy"))
        defer { server.stop() }
        let site = try MessageSite(redis: try RedisServer()) {
            [MessageSite.kannel(server.url, $0, name: "first"), MessageSite.kannel(server.url, $0, name: "second")]
        }
        let temporary = try await site.provision("an_sotttt@hanoi.gov.vn", phone: "+84912345678")
        let (_, answer) = try await site.ask("an_sotttt@hanoi.gov.vn", temporary)
        #expect(answer.status == 503 && answer["code"] == "unavailable")
        #expect(server.requests.count == 2)
        #expect(try site.rows("state, gateway") == [["refused", "second"]])
        #expect(await site.scenario.metric("otpd_sms_parts_total") == 0)
    }
}
