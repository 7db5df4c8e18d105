import AuthDomain
import AuthService
import Callbacks
import Cryptography
import HTTPClient
import TestKit
import Testing

@Suite("Standard Webhooks 1.0.0 (R-HOOK-1)")
struct WebhookTests {
    @Test("the reference implementation's test string verifies")
    func reference() throws {
        let signer = Fixtures.signer(["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])
        let signature = signer.signature(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330, body: Array(#"{"test": 2432232314}"#.utf8))
        #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test("while the receiver changes over, both secrets sign, with a space between")
    func rotation() {
        let old = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        let new = "whsec_" + Base64.encode([UInt8](repeating: 7, count: 32), .padded)
        let body = Array("{}".utf8)
        func sign(_ secrets: [String]) -> String {
            Fixtures.signer(secrets).signature(id: "msg_1", timestamp: 1, body: body)
        }
        #expect(sign([new, old]) == sign([new]) + " " + sign([old]))
    }

    @Test("a secret is whsec_ and 24 to 64 bytes in base64, and nothing else")
    func secrets() {
        func reads(_ text: String) -> Bool { WebhookSecret(SecretBytes(Array(text.utf8))) != nil }
        func key(_ count: Int) -> String { Base64.encode([UInt8](repeating: 1, count: count), .padded) }
        #expect(reads("whsec_" + key(24)) && reads("whsec_" + key(64)))
        for text in [
            "", "whsec_", key(32), "whsk_" + key(32), "whsec_" + key(23), "whsec_" + key(65), "whsec_" + key(32) + " ",
            "whsec_****", "whsec_" + String(repeating: "A", count: 100_000),
        ] {
            #expect(!reads(text), "\(text.prefix(20))")
        }
    }

    @Test("one request carries id, time, signature and the thin body, the same body at every attempt")
    func request() async throws {
        let server = ScriptedServer(.reply(204, ""))
        defer { server.stop() }
        let clock = ManualClock(WallInstant(seconds: 1_795_420_800))
        let http = try OutgoingHTTP(threads: 1, queueLimit: 4)
        defer { http.shutdown() }
        let target = WebhookTarget(
            url: server.url, signer: Fixtures.signer([Fixtures.secret]), http: http, clock: clock)
        let message = Fixtures.message("an", 7)
        #expect(await target.deliver(message) == .delivered)
        clock.advance(by: .seconds(300))
        #expect(await target.deliver(message) == .delivered)
        let seen = server.requests
        #expect(seen.count == 2)
        #expect(seen[0].body == seen[1].body)
        #expect(
            seen[0].body == """
                {"type":"mailbox.locked","timestamp":"2026-11-23T08:00:00Z","data":{"account":"an","sequence":7}}
                """)
        #expect(seen.map { $0.headers["webhook-id"] } == ["msg_an_7", "msg_an_7"])
        #expect(seen.map { $0.headers["webhook-timestamp"] } == ["1795420800", "1795421100"])
        for request in seen {
            let timestamp = try #require(Int64(request.headers["webhook-timestamp"] ?? ""))
            let expected = Fixtures.signer([Fixtures.secret]).signature(
                id: "msg_an_7", timestamp: timestamp, body: Array(request.body.utf8))
            #expect(request.headers["webhook-signature"] == expected)
        }
    }

    @Test(
        "2xx alone is success; redirects are not followed; 410 and slowness are told apart",
        arguments: [
            (Script.reply(200, "ok"), DeliveryOutcome.delivered),
            (.reply(302, "", extra: "Location: http://127.0.0.1:1/\r\n"), .failed(.redirected, retryAfter: nil)),
            (.reply(500, ""), .failed(.refused, retryAfter: nil)),
            (.reply(404, ""), .failed(.refused, retryAfter: nil)),
            (.reply(410, ""), .failed(.gone, retryAfter: nil)),
            (.reply(429, "", extra: "Retry-After: 17\r\n"), .failed(.throttled, retryAfter: .seconds(17))),
            (.reply(502, ""), .failed(.throttled, retryAfter: nil)),
            (
                .reply(504, "", extra: "Retry-After: Mon, 23 Nov 2026 08:01:00 GMT\r\n"),
                .failed(.throttled, retryAfter: .seconds(60))
            ),
            (.reply(503, "", extra: "Retry-After: soon\r\n"), .failed(.throttled, retryAfter: nil)),
            (.reset, .failed(.interrupted, retryAfter: nil)),
            (.close, .failed(.interrupted, retryAfter: nil)),
            (
                .answerAndClose(Array("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".utf8)),
                .failed(.interrupted, retryAfter: nil)
            ),
            (.endless("HTTP/1.1 200 OK\r\n\r\n"), .failed(.malformed, retryAfter: nil)),
            (.answerAndClose(Array("rubbish\r\n\r\n".utf8)), .failed(.malformed, retryAfter: nil)),
            (.hang, .failed(.timeout, retryAfter: nil)),
        ])
    func answers(_ script: Script, _ expected: DeliveryOutcome) async throws {
        let server = ScriptedServer(script)
        defer { server.stop() }
        let http = try OutgoingHTTP(threads: 1, queueLimit: 4)
        defer { http.shutdown() }
        let target = WebhookTarget(
            url: server.url, signer: Fixtures.signer([Fixtures.secret]), http: http, limit: .milliseconds(400),
            clock: ManualClock(WallInstant(seconds: 1_795_420_800)))
        #expect(await target.deliver(Fixtures.message("an", 1)) == expected)
        #expect(server.requests.count == 1)
    }

    @Test("nobody at the other end is unreachable")
    func unreachable() async throws {
        let server = ScriptedServer(.close)
        server.stop()
        let http = try OutgoingHTTP(threads: 1, queueLimit: 4)
        defer { http.shutdown() }
        let target = WebhookTarget(
            url: server.url, signer: Fixtures.signer([Fixtures.secret]), http: http, clock: ManualClock())
        #expect(await target.deliver(Fixtures.message("an", 1)) == .failed(.unreachable, retryAfter: nil))
    }
}
