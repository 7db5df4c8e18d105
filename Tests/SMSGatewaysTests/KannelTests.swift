import AuthDomain
import AuthService
import Foundation
import HTTPClient
import SMSGateways
import TestKit
import Testing

@Suite("A real Kannel on loopback (R-SMS-5)", .serialized)
struct KannelTests {
    private func gateway(
        _ rig: KannelRig, http: OutgoingHTTP, folder: TemporaryDirectory, password: String = KannelRig.password,
        links: DeliveryReportLinks? = nil
    ) throws -> any SMSGateway {
        try folder.write(password + "\n", to: "password")
        let configuration = try Fixtures.configuration(
            """
            {"type": "kannel", "url": "\(rig.sendURL)", "user": "\(KannelRig.user)", "password_file": "password",
             "sender": "TPDN", "report_addresses": ["127.0.0.1"]}
            """, folder: folder.url.path)
        return configuration.gateway(http: http, files: Fixtures.files, links: links)
    }

    @Test("Accepted: GSM and UCS-2 texts, long ones and extension characters reach the handset as they are")
    func accepted() async throws {
        let rig = try KannelRig()
        defer { rig.stop() }
        let folder = try TemporaryDirectory()
        let http = try Fixtures.http()
        defer { http.shutdown() }
        let gateway = try gateway(rig, http: http, folder: folder)
        let texts = [
            Fixtures.plainText, "Mã xác thực: 123456. Không chia sẻ mã này.",
            "a+b & c=d% <e> [f] {g} € é à @ $ _ ~ ^ | \\",
            "Mã 😀 \"123456\" & <x>",
        ]
        for (index, text) in texts.enumerated() {
            let message = Fixtures.message(text, reference: "m-\(index)")
            #expect(await gateway.send(message) == .accepted(providerID: nil))
        }
        let messages = try rig.waitForMessages(texts.count)
        #expect(messages.map(\.text) == texts)
        #expect(messages.map(\.isUnicode) == [false, true, false, true])
        #expect(Set(messages.map(\.to)) == ["+84912345678"] && Set(messages.map(\.from)) == ["TPDN"])
        #expect(!rig.logs.contains("123456"))
        #expect(!rig.logs.contains(KannelRig.password))
    }

    @Test("Carrier off line: queued; a wrong password: a matter of settings; Kannel gone: surely not sent")
    func queuedAndRefused() async throws {
        let rig = try KannelRig()
        defer { rig.stop() }
        let folder = try TemporaryDirectory()
        let http = try Fixtures.http()
        defer { http.shutdown() }
        let good = try gateway(rig, http: http, folder: folder)
        let bad = try gateway(rig, http: http, folder: folder, password: "wrong-password")
        #expect(await bad.send(Fixtures.message()) == .refused(.configuration, reason: "authorization failed"))
        try rig.disconnectCarrier()
        #expect(await good.send(Fixtures.message()) == .queued(providerID: nil))
        #expect(rig.messages.isEmpty)
        rig.stop()
        let outcome = await good.send(Fixtures.message())
        #expect(outcome == .refused(.retryable, reason: "connect") && outcome.surelyNotSent)
    }

    @Test("Reports come with their token and turn into accepted and delivered")
    func reports() async throws {
        let rig = try KannelRig()
        defer { rig.stop() }
        let receiver = ScriptedServer(.reply(200, "", type: "text/plain"))
        defer { receiver.stop() }
        let folder = try TemporaryDirectory()
        let http = try Fixtures.http()
        defer { http.shutdown() }
        let links = try #require(
            DeliveryReportLinks(base: "http://127.0.0.1:\(receiver.port)/reports") { ["t0ken-\($0.utf8.count)"] })
        let gateway = try gateway(rig, http: http, folder: folder, links: links)
        #expect(await gateway.send(Fixtures.message(reference: "dlr_1")) == .accepted(providerID: nil))
        let seen = receiver.wait { $0.count >= 2 }
        var reports: Set<ReceivedReport> = []
        let rule = try #require(
            try Fixtures.configuration(
                #"{"type": "kannel", "url": "http://127.0.0.1/", "user": "u", "password_file": "password"}"#,
                folder: folder.url.path
            ).reports)
        for request in seen {
            let target = request.line.split(separator: " ")[1]
            let halves = target.split(separator: "?")
            let path = halves[0].split(separator: "/").map(String.init)
            #expect(path.prefix(3) == ["reports", "kannel", "dlr_1"])
            let report = ReportRequest(
                query: String(halves[1]), peer: try #require(NetworkAddress("127.0.0.1")),
                link: (reference: path[2], token: path[3]))
            reports.insert(try rule.read(report, gateway: "kannel", links: links))
        }
        #expect(Set(reports.map(\.subject)) == [.reference("dlr_1")])
        #expect(Set(reports.map(\.report)) == [.accepted, .delivered])
    }
}

@Suite("What Kannel's answers mean (R-SMS-5)")
struct KannelAnswerTests {
    static let answers: [(Int, String, String)] = [
        (202, "0: Accepted for delivery", "accepted"), (202, "3: Queued for later delivery", "queued"),
        (202, "Sent.", "accepted"), (202, "", "ambiguous"), (200, "0: Accepted", "ambiguous"),
        (202, "<html>", "ambiguous"), (403, "Authorization failed for sendsms", "refused_configuration"),
        (403, "Not routable. Do not try again.", "refused_configuration"), (403, "Strange reply", "ambiguous"),
        (400, "Missing receiver number, rejected", "refused_permanent"),
        (503, "Temporal failure, try again later.", "refused_retryable"),
        (404, "Unknown request.", "refused_configuration"),
        (500, "0: Accepted", "ambiguous"), (302, "", "refused_configuration"),
    ]

    @Test("Each answer has one meaning", arguments: answers)
    func meaning(status: Int, body: String, label: String) async throws {
        let server = ScriptedServer(.reply(status, body, type: "text/html"))
        defer { server.stop() }
        let folder = try TemporaryDirectory()
        try folder.write("pw", to: "pw")
        let http = try Fixtures.http()
        defer { http.shutdown() }
        let gateway = try Fixtures.configuration(
            #"{"type": "kannel", "url": "\#(server.url)", "user": "u", "password_file": "pw"}"#,
            folder: folder.url.path
        ).gateway(http: http, files: Fixtures.files, links: Fixtures.links)
        let message = Fixtures.message()
        let outcome = await gateway.send(message)
        #expect(outcome.label == label)
        #expect(!"\(outcome)".contains("123456"))
        let request = try #require(server.requests.first)
        #expect(request.line == "POST /send HTTP/1.1" && request.body == message.text)
        #expect(request.headers["x-kannel-validity"] == "4")
        #expect(request.headers["x-kannel-dlr-mask"] == "31")
        let link = Fixtures.links.url(gateway: "kannel", reference: "ref-1")
        #expect(request.headers["x-kannel-dlr-url"] == link + "?type=%d")
    }
}
