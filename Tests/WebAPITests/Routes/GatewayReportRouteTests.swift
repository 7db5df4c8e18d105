import AuthDomain
import Synchronization
import Testing

@testable import WebAPI

@Suite("Delivery reports at the service listener (R-SMSOTP-1)")
struct GatewayReportRouteTests {
    /// Remembers what came, and answers as told.
    private final class Desk: Sendable {
        private let seen = Mutex<[GatewayReport]>([])
        let outcome: GatewayReportOutcome
        var all: [GatewayReport] { seen.withLock { $0 } }

        init(_ outcome: GatewayReportOutcome) {
            self.outcome = outcome
        }

        func take(_ report: GatewayReport) -> GatewayReportOutcome {
            seen.withLock { $0.append(report) }
            return outcome
        }
    }

    private static let path = "/v1/sms/reports/kannel/sms_abc/token-1"

    @Test("A report reaches the desk whole, by GET and by POST, and is answered 200 without content")
    func taken() async throws {
        let desk = Desk(.taken)
        let test = TestService(reports: { desk.take($0) })
        let read = await test.call("GET", Self.path + "?type=1&smsid=a%2Bb")
        #expect(read.status == 200 && read.body.isEmpty && read.header("Content-Type") == nil)
        let form = [("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")]
        let posted = await test.call("POST", Self.path, body: "MessageStatus=delivered", headers: form)
        #expect(posted.status == 200)
        let plain = await test.call("POST", "/v1/sms/reports/esms", body: #"{"a":1}"#)
        #expect(plain.status == 200)
        let seen = desk.all
        #expect(seen.map(\.gateway) == ["kannel", "kannel", "esms"])
        #expect(seen[0].link?.reference == "sms_abc" && seen[0].link?.token == "token-1" && seen[2].link == nil)
        #expect(seen[0].query == "type=1&smsid=a%2Bb" && seen[0].peer.text == "127.0.0.1")
        #expect(seen[1].body == Array("MessageStatus=delivered".utf8) && seen[2].query.isEmpty)
    }

    @Test("A forged report and a path that is none are answered alike")
    func unknown() async {
        let test = TestService()
        let forged = await test.call("GET", Self.path + "?type=1")
        let nowhere = await test.call("GET", "/v1/nothing")
        #expect(forged.status == 404 && forged.body == nowhere.body)
    }

    @Test("What is not understood is 400, what is not recorded 503 with Retry-After")
    func outcomes() async {
        let odd = TestService(reports: { _ in .notUnderstood })
        #expect(await odd.call("GET", Self.path).code == "invalid-request")
        let down = TestService(reports: { _ in .unavailable(reason: "database") })
        let reply = await down.call("GET", Self.path)
        #expect(reply.status == 503 && reply.header("Retry-After") != nil)
    }

    @Test(
        "Only forms and JSON are taken as bodies",
        arguments: [
            ("application/json", 200), ("Application/X-WWW-Form-Urlencoded ; x=y", 200), ("text/json", 200),
            ("text/xml", 415), ("multipart/form-data; boundary=a", 415), ("", 415),
        ])
    func types(type: String, status: Int) async {
        let test = TestService(reports: { _ in .taken })
        #expect(await test.call("POST", Self.path, body: "{}", headers: [("Content-Type", type)]).status == status)
    }

    @Test("Gateways reach it on the service listener alone")
    func admin() async {
        let test = TestService(reports: { _ in .taken })
        #expect(await test.operate("GET", Self.path).status == 404)
        #expect(await test.call("DELETE", Self.path).status == 405)
    }

    @Test("Neither log nor metric learns the path: only its template is told")
    func discretion() async {
        let test = TestService(reports: { _ in .taken })
        _ = await test.call("GET", Self.path)
        #expect(test.answered.all.map(\.template) == ["/v1/sms/reports/{gateway}/{reference}/{token}"])
    }
}
