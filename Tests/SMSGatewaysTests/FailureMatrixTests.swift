import AuthDomain
import Foundation
import HTTPClient
import SMSGateways
import TestKit
import Testing

@Suite("Two gateways over real sockets: what the first does decides whether the second is asked (R-SMS-5)", .serialized)
struct FailureMatrixTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let script: Script
        let label: String
        let asksSecond: Bool
        var testDescription: String { name }

        init(_ name: String, _ script: Script, _ label: String, asksSecond: Bool) {
            self.name = name
            self.script = script
            self.label = label
            self.asksSecond = asksSecond
        }
    }

    static let cases = [
        Case(
            "refuses the password", .reply(403, "Authorization failed for sendsms", type: "text/plain"),
            "refused_configuration", asksSecond: true),
        Case(
            "refuses the number", .reply(400, "Number(s) has/have been denied", type: "text/plain"),
            "refused_permanent", asksSecond: true),
        Case(
            "is busy", .reply(503, "Temporal failure, try again later.", type: "text/plain"),
            "refused_retryable", asksSecond: true),
        Case(
            "redirects", .reply(302, "", extra: "Location: http://127.0.0.1:1/\r\n"),
            "refused_configuration", asksSecond: true),
        Case("accepts", .reply(202, "0: Accepted for delivery", type: "text/plain"), "accepted", asksSecond: false),
        Case("queues", .reply(202, "3: Queued for later delivery", type: "text/plain"), "queued", asksSecond: false),
        Case("takes the message and is silent", .hang, "ambiguous", asksSecond: false),
        Case("takes the message and resets", .reset, "ambiguous", asksSecond: false),
        Case("takes the message and closes", .close, "ambiguous", asksSecond: false),
        Case("answers without end", .endless("HTTP/1.1 202 Accepted\r\n\r\n"), "ambiguous", asksSecond: false),
        Case(
            "answers with a head without end", .endless("HTTP/1.1 202 Accepted\r\nX: "), "ambiguous", asksSecond: false),
        Case(
            "answers with a huge body", .reply(202, "0: " + String(repeating: "x", count: 300_000)),
            "ambiguous", asksSecond: false),
        Case(
            "answers in another charset",
            .answerAndClose(
                Array(
                    "HTTP/1.1 202 Accepted\r\nContent-Type: text/plain; charset=UTF-16\r\nContent-Length: 8\r\n\r\n"
                        .utf8)
                    + [0xFE, 0xFF, 0x00, 0x30, 0x00, 0x3A, 0x00, 0x20]),
            "ambiguous", asksSecond: false),
        Case(
            "talks another protocol", .answerAndClose(Array("SSH-2.0-OpenSSH_9.2\r\n".utf8)),
            "ambiguous", asksSecond: false),
    ]

    @Test("The first gateway", arguments: cases)
    func first(item: Case) async throws {
        let first = ScriptedServer(item.script)
        let second = ScriptedServer(.reply(200, #"{"CodeResult":"100","SMSID":"s-1"}"#))
        defer {
            first.stop()
            second.stop()
        }
        let http = try Fixtures.http()
        defer { http.shutdown() }
        let chain = try Self.chain(first: first.url, second: second.url, http: http)
        let start = ContinuousClock.now
        let result = await chain.send(Fixtures.message())
        // The gateway has 0.7 s; the rest is room for a busy machine.
        #expect(start.duration(to: .now) < .seconds(8))
        #expect(result.attempts.first?.outcome.label == item.label)
        #expect(result.gateway == (item.asksSecond ? "second" : "first"))
        #expect(first.requests.count == 1 && second.requests.count == (item.asksSecond ? 1 : 0))
        // Whoever got it got the same code under the same reference: a person never holds two.
        #expect(second.requests.allSatisfy { $0.body.contains("123456") && $0.body.contains("ref-1") })
        for attempt in result.attempts {
            let told = "\(attempt)"
            #expect(!told.contains("123456") && !told.contains("912345678") && !told.contains("pw-of-first"))
        }
    }

    @Test("A first gateway that nobody listens at, or whose certificate is not trusted, surely sent nothing")
    func unreachable() async throws {
        let folder = try TemporaryDirectory()
        let tls = try TLSServer(folder: folder)
        let second = ScriptedServer(.reply(200, #"{"CodeResult":"100","SMSID":"s-1"}"#))
        defer {
            tls.stop()
            second.stop()
        }
        let http = try Fixtures.http()
        defer { http.shutdown() }
        for (url, label) in [("http://127.0.0.1:1/x", "refused_retryable"), (tls.url, "refused_configuration")] {
            let result = await (try Self.chain(first: url, second: second.url, http: http)).send(Fixtures.message())
            #expect(result.attempts.map(\.outcome.label) == [label, "accepted"])
            #expect(result.outcome == .accepted(providerID: "s-1"))
        }
        #expect(second.requests.count == 2)
    }

    @Test("The row is told before each gateway is asked, and may forbid the next")
    func announced() async throws {
        let first = ScriptedServer(.reply(503, ""))
        let second = ScriptedServer(.reply(200, #"{"CodeResult":"100"}"#))
        defer {
            first.stop()
            second.stop()
        }
        let http = try Fixtures.http()
        defer { http.shutdown() }
        let chain = try Self.chain(first: first.url, second: second.url, http: http)
        let result = await chain.send(Fixtures.message()) { name in name != "second" }
        #expect(result.attempts.map(\.gateway) == ["first"] && second.requests.isEmpty)
    }

    private static func chain(first: String, second: String, http: OutgoingHTTP) throws -> GatewayChain {
        let folder = try TemporaryDirectory()
        try folder.write("pw-of-first", to: "pw")
        let kannel = try Fixtures.configuration(
            #"{"type": "kannel", "name": "first", "url": "\#(first)", "user": "u", "password_file": "pw", "timeout_ms": 700}"#,
            folder: folder.url.path)
        let templated = try TemplatedGatewayTests.configuration("esms", url: second)
        let clock = ManualClock()
        return GatewayChain([
            kannel.guarded(http: http, files: Fixtures.files, links: Fixtures.links, clock: clock),
            GuardedGateway(
                Renamed(
                    name: "second",
                    gateway: templated.gateway(http: http, files: Fixtures.files, links: Fixtures.links)),
                clock: clock),
        ])
    }
}
