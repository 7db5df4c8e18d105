import AuthDomain
import AuthService
import Foundation
import HTTPClient
import JSONText
import SMSGateways
import TestKit
import Testing

@Suite("The ready settings under deploy/sms ask and understand their carriers (R-SMS-5)")
struct TemplatedGatewayTests {
    static let nasty = "a\"b\\c</Content>&amp; {text} %20+=\n@sso.x #123456"

    /// A gateway of a ready file, its address exchanged for the server's.
    static func configuration(_ name: String, url: String?) throws -> GatewayConfiguration {
        let folder = try TemporaryDirectory()
        try FileManager.default.createDirectory(atPath: folder.path("sms"), withIntermediateDirectories: true)
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(
            contentsOf: root.appendingPathComponent("deploy/sms/\(name).json"), encoding: .utf8)
        for part in text.split(separator: "\"") where part.hasPrefix("sms/") {
            try folder.write("s3cret&<\"\n", to: String(part))
        }
        try folder.write(text, to: "sms/\(name).json")
        let own = url.map { #", "url": "\#($0)""# } ?? ""
        return try Fixtures.configuration(#"{"from": "sms/\#(name).json"\#(own)}"#, folder: folder.url.path)
    }

    private func ask(_ name: String, _ script: Script, text: String = nasty) async throws -> (
        GatewayOutcome, SeenRequest
    ) {
        let server = ScriptedServer(script)
        defer { server.stop() }
        let http = try Fixtures.http()
        defer { http.shutdown() }
        let gateway = try Self.configuration(name, url: server.url).gateway(
            http: http, files: Fixtures.files, links: Fixtures.links)
        let outcome = await gateway.send(Fixtures.message(text))
        return (outcome, try #require(server.requests.first))
    }

    private func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test("Every ready file is valid", arguments: ["kannel", "esms", "speedsms", "vnpt", "viettel", "twilio"])
    func valid(name: String) throws {
        #expect(try Self.configuration(name, url: nil).name == name)
    }

    @Test("eSMS: JSON whose strings hold any text, CodeResult 100 accepted, 124 already there")
    func esms() async throws {
        let (outcome, request) = try await ask("esms", .reply(200, #"{"CodeResult":"100","SMSID":"abc-1"}"#))
        #expect(outcome == .accepted(providerID: "abc-1"))
        let body = try object(request.body)
        #expect(body["Content"] as? String == Self.nasty && body["Phone"] as? String == "0912345678")
        #expect(body["SecretKey"] as? String == "s3cret&<\"" && body["IsUnicode"] as? String == "0")
        #expect(body["CallbackUrl"] as? String == Fixtures.links.url(gateway: "esms", reference: "ref-1"))
        #expect(try await ask("esms", .reply(200, #"{"CodeResult":124}"#)).0 == .accepted(providerID: nil))
        let refused = try await ask("esms", .reply(200, #"{"CodeResult":"101"}"#)).0
        #expect(refused == .refused(.configuration, reason: "HTTP 200, /CodeResult 101"))
    }

    @Test("SpeedSMS: Basic token, numbers as a list, two members decide")
    func speedSMS() async throws {
        let (outcome, request) = try await ask(
            "speedsms", .reply(200, #"{"status":"success","code":"00","data":{"tranId":77}}"#))
        #expect(outcome == .accepted(providerID: "77"))
        #expect(request.headers["authorization"] == "Basic " + Data("s3cret&<\":x".utf8).base64EncodedString())
        let body = try object(request.body)
        #expect(body["to"] as? [String] == ["84912345678"] && body["sms_type"] as? Int == 3)
        let half = try await ask("speedsms", .reply(200, #"{"status":"success","code":"01"}"#)).0
        #expect(half.label == "ambiguous")
        #expect(try await ask("speedsms", .reply(429, "")).0.label == "refused_retryable")
    }

    @Test("VNPT: only the code travels, and a notice without one is refused before it leaves")
    func vnpt() async throws {
        let (outcome, request) = try await ask("vnpt", .reply(200, #"{"RPLY":{"ERROR":"0"}}"#))
        #expect(outcome == .accepted(providerID: nil))
        #expect(request.body.contains(#""CONTENT":"123456""#) && !request.body.contains("sso"))
        let http = try Fixtures.http()
        defer { http.shutdown() }
        let gateway = try Self.configuration("vnpt", url: "http://127.0.0.1:1/").gateway(
            http: http, files: Fixtures.files, links: nil)
        #expect(await gateway.send(Fixtures.message(code: nil)).label == "refused_permanent")
    }

    @Test("Viettel: XML whose elements hold any text, a regular expression decides")
    func viettel() async throws {
        let (outcome, request) = try await ask(
            "viettel", .reply(200, "<s:Body><return><result>1</result></return></s:Body>", type: "text/xml"))
        #expect(outcome == .accepted(providerID: nil))
        #expect(request.body.contains("<Content>a&quot;b\\c&lt;/Content&gt;&amp;amp; {text} %20+=&#10;@sso.x"))
        #expect(request.body.contains("<Password>s3cret&amp;&lt;&quot;</Password>"))
        #expect(try await ask("viettel", .reply(200, "<result>0</result>")).0.label == "ambiguous")
    }

    @Test("Twilio: a form that keeps the plus, 201 with a sid")
    func twilio() async throws {
        let (outcome, request) = try await ask("twilio", .reply(201, #"{"sid":"SM1","status":"queued"}"#))
        #expect(outcome == .accepted(providerID: "SM1"))
        #expect(request.body.contains("To=%2B84912345678"))
        #expect(request.body.contains("Body=a%22b%5Cc%3C%2FContent%3E%26amp%3B%20%7Btext%7D%20%2520%2B%3D%0A%40sso.x"))
        let refused = try await ask("twilio", .reply(400, #"{"code":21211,"message":"secret text"}"#)).0
        #expect(refused == .refused(.permanent, reason: "HTTP 400, /code 21211"))
    }

    @Test("Rubbish is ambiguous, never accepted, and shows nothing of the answer")
    func rubbish() async throws {
        let bad: [Script] = [
            .reply(200, "{\"CodeResult\":"), .reply(200, ""), .reply(500, #"{"CodeResult":"100"}"#),
            .answerAndClose(Array("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n".utf8) + [0xFF, 0xFE, 0x80, 0x31]),
            .reply(200, String(repeating: "[", count: 60_000)), .reply(200, String(repeating: "x", count: 70_000)),
            .reset, .close,
        ]
        for script in bad { #expect(try await ask("esms", script).0.label == "ambiguous", "\(script)") }
        #expect(
            try await ask("esms", .reply(302, "", extra: "Location: http://x/\r\n")).0.label == "refused_configuration")
    }

    @Test("All problems are told at once, and no secret in any")
    func problems() {
        let found = Fixtures.problems(
            """
            {"type": "http", "name": "Bad Name", "url": "http://{phone}/", "text_mode": "params", "colour": 1,
             "secrets": {"k": "/no/such/file"}, "headers": {"X Y": "{text}"}, "body": {"json": {"a": "{nope}"}},
             "success": {"matches": "("}, "sender": "much too long a name!", "auth": {"type": "digest"}}
            """)
        for part in [
            "name:", "url:", "colour:", "secrets.k:", "headers.X Y:", "body.json:", "matches:", "sender:", "auth.type:",
        ] {
            #expect(found.contains { $0.contains(part) }, "\(part)")
        }
    }

    @Test(
        "An XML template that could be broken out of is refused",
        arguments: [
            "<a>{text}{phone}", "<a {text}='{phone}'/>", "<a><!-- {text} --></a>", "<a><b></a></b>", "{text}<a/>",
            "<a/><b/>", "<{text}>{phone}</{text}>",
        ])
    func xml(template: String) {
        let found = Fixtures.problems(
            #"{"type": "http", "url": "http://127.0.0.1/", "body": {"xml": "\#(template)"}, "success": {"status": 200}}"#
        )
        #expect(found.contains { $0.contains("body.xml") })
    }

    @Test("The file gateway writes one line for each message, for its owner alone")
    func file() async throws {
        let folder = try TemporaryDirectory()
        let value = try JSONReader.read(Array(#"[{"type": "file", "path": "out"}]"#.utf8))
        let read = try GatewayConfigurations(value, folder: folder.url.path)
        #expect(read.warnings(on: CivilDate(daysSinceEpoch: 20_000)).count == 1 && read.gateways[0].isTrial)
        let http = try Fixtures.http()
        defer { http.shutdown() }
        let gateway = read.gateways[0].gateway(http: http, files: Fixtures.files, links: nil)
        for _ in 0..<2 { #expect(await gateway.send(Fixtures.message(Self.nasty)) == .accepted(providerID: nil)) }
        let lines = try String(contentsOfFile: folder.path("out"), encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 2)
        let line = try object(String(lines[0]))
        #expect(line["text"] as? String == Self.nasty && line["to"] as? String == "+84912345678")
        let mode = try FileManager.default.attributesOfItem(atPath: folder.path("out"))[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }
}
