import AuthDomain
import AuthService
import HTTPServer
import Synchronization
import Testing

@testable import WebAPI

@Suite("What every answer has (api.md, conventions)")
struct ConventionTests {
    @Test(
        "A request id is taken or made",
        arguments: [
            ("abc-DEF_1.2", true), (String(repeating: "a", count: 64), true),
            (String(repeating: "a", count: 65), false),
            ("", false), ("a b", false), ("a\u{e9}", false), ("a;b", false),
        ])
    func requestID(told: String, taken: Bool) async {
        let test = TestService()
        let reply = await test.call("GET", "/none", headers: [("X-Request-Id", told)])
        let id = reply.header("X-Request-Id") ?? ""
        #expect((id == told) == taken)
        #expect(!id.isEmpty)
        #expect(test.answered.all.map(\.requestID) == [id])
        #expect(await test.call("GET", "/none").header("X-Request-Id") != id)
    }

    @Test("Every answer is kept out of caches, whatever it says")
    func headers() async {
        let test = TestService()
        let key = test.key(.signIn)
        for (path, type) in [
            ("/livez", "application/json"), ("/readyz", "application/json"), ("/none", "application/problem+json"),
            ("/.well-known/jwks.json", "application/jwk-set+json"), ("/v1/password-policy", "application/json"),
        ] {
            let reply = await test.call("GET", path, key: key)
            #expect(reply.header("Cache-Control") == "no-store")
            #expect(reply.header("X-Content-Type-Options") == "nosniff")
            #expect(reply.header("Content-Type") == type)
            #expect(Set(reply.headers.map(\.0)).count == reply.headers.count)
        }
        #expect(await test.operate("GET", "/metrics").text == "otpd_up 1\n")
        #expect(await test.call("GET", "/metrics").status == 404)
        #expect(await test.operate("GET", "/livez").status == 200)
        #expect(await test.operate("GET", "/.well-known/jwks.json").status == 404)
    }

    @Test("Another method names those allowed, without asking for a key")
    func methods() async {
        let test = TestService()
        let wrong = await test.call("GET", "/v1/sign-ins")
        #expect(wrong.status == 405)
        #expect(wrong.header("Allow") == "POST")
        #expect(wrong.code == "method-not-allowed")
        #expect(await test.operate("PUT", "/v1/accounts/x").header("Allow") == "DELETE, GET, PATCH")
        #expect(await test.call("get", "/livez").status == 405)
        #expect(await test.call("HEAD", "/livez").status == 405)
    }

    @Test("The hook hears of every request, in closed words, without address or body")
    func hook() async throws {
        let test = TestService()
        test.provision()
        let key = test.key(.operate, .signIn, name: "sso")
        _ = await test.begin("an_sotttt@hanoi.gov.vn", "Sai@Mat1Khau", key: key)
        _ = await test.operate("GET", "/v1/accounts/an_sotttt%40hanoi.gov.vn", key: key)
        _ = await test.call("BREW", "/an_sotttt")
        _ = await test.call("GET", "/livez")
        let heard = test.answered.all
        #expect(heard.map(\.template) == ["/v1/sign-ins", "/v1/accounts/{address}", "unmatched", "/livez"])
        #expect(heard.map(\.method) == ["POST", "GET", "other", "GET"])
        #expect(heard.map(\.status) == [401, 200, 404, 200])
        #expect(heard.map(\.problem) == [.invalidCredentials, nil, .notFound, nil])
        #expect(heard.map(\.client) == ["sso", "sso", nil, nil])
        #expect(heard.map(\.listener) == ["service", "admin", "service", "service"])
        #expect(!"\(heard)".contains("an_sotttt"))
    }

    @Test("The record names client, person's machine and request")
    func provenance() async {
        let test = TestService()
        let agent = "Fire\\u001bfox " + String(repeating: "x", count: 400)
        let body =
            "{\"account\":\"khong_ai\",\"password\":\"Sai@Mat1\",\"client\":{\"ip\":\"::ffff:203.0.113.9\","
            + "\"user_agent\":\"\(agent)\"}}"
        _ = await test.call(
            "POST", "/v1/sign-ins", key: test.key(.signIn), body: body, headers: [("X-Request-Id", "r1")])
        let provenance = test.store.audit.first?.provenance
        #expect(provenance?.client == "sso")
        #expect(provenance?.clientAddress == "203.0.113.9")
        #expect(provenance?.requestID == "r1")
        #expect(provenance?.entry == "web")
        #expect(provenance?.userAgent?.unicodeScalars.count == 256)
        #expect(provenance?.userAgent?.hasPrefix("Fire\u{FFFD}fox") == true)
    }

    @Test("Readiness asks every part at once and does not wait for one that hangs")
    func readiness() async {
        let gate = Gate()
        let hangs = ReadinessProbe(name: "redis") {
            await gate.pass()
            return nil
        }
        let test = TestService(probes: [
            ReadinessProbe(name: "database") { "cannot write" }, ReadinessProbe(name: "clock") { nil }, hangs,
        ])
        for _ in 0..<2 {
            let reply = await test.call("GET", "/readyz")
            #expect(reply.status == 503)
            #expect(reply.objects("failing").map { $0["part"] as? String } == ["database", "redis"])
            #expect(reply.objects("failing").map { $0["problem"] as? String } == ["cannot write", "no answer in time"])
        }
        gate.open()
        let sound = TestService(probes: [ReadinessProbe(name: "database") { nil }])
        let ready = await sound.call("GET", "/readyz")
        #expect(ready.status == 200)
        #expect(ready.string("status") == "ready")
    }
}

/// Holds one caller until it is opened.
private final class Gate: Sendable {
    private let waiting = Mutex<CheckedContinuation<Void, Never>?>(nil)

    func pass() async {
        await withCheckedContinuation { continuation in waiting.withLock { $0 = continuation } }
    }

    func open() {
        waiting.withLock { $0?.resume() }
    }
}
