import AuthDomain
import Foundation
import Glibc
import TestKit
import Testing

@Suite("Mail hooks on the wire, as the servers speak (mail-hooks.md, sections 1, 2 and 4)")
struct MailHookWireTests {
    /// A site with Redis, an owner with an app password, and a key for mail servers.
    private struct Mail {
        let redis: RedisServer
        let scenario: Scenario
        let owner: Owner
        let password: String
        let key: String

        init(overrides: [String: Any] = [:]) async throws {
            redis = try RedisServer()
            var settings: [String: Any] = ["mail": ["nginx_imap": "127.0.0.1:11143"], "throttle": ["enabled": true]]
            settings.merge(overrides) { $1 }
            scenario = try Scenario(redis: redis, overrides: settings)
            key = try scenario.site.addClient("dovecot", scopes: ["mail"])
            owner = try await scenario.owner("an_sotttt@hanoi.gov.vn")
            password = try await Self.appPassword(scenario, owner)
        }

        private static func appPassword(_ scenario: Scenario, _ owner: Owner) async throws -> String {
            try scenario.setClock(Scenario.start + .seconds(60))
            let begun = await scenario.begin(owner.address, owner.password)
            let id = try #require(begun["id"])
            let proven = await scenario.prove(id, "totp", owner.code(at: Scenario.start + .seconds(60)))
            #expect(proven["status"] == "complete")
            let made = await scenario.sso().send(
                "POST", "/v1/sign-ins/\(id)/app-passwords", ["label": "Outlook", "services": ["imap", "smtp"]])
            return try #require(made["password"])
        }

        /// What comes back on one connection for bytes sent as they are, in several pieces with a wait for an answer.
        func talk(_ pieces: [UInt8]...) throws -> [String] {
            let socket = try WireSocket(port: scenario.instances[0].servicePort)
            var answers: [String] = []
            for piece in pieces {
                socket.send(piece)
                answers.append(try socket.head())
            }
            return answers
        }
    }

    @Test("The captured POST with Expect: 100-continue gets its 100 at once and its answer in header fields (1.4)")
    func expectContinue() async throws {
        let mail = try await Mail()
        let body =
            "user=an_sotttt&remote_ip=203.0.113.7&password=\(mail.password)&local_port=0&session=abc123"
            + "&real_rip=203.0.113.7&service=imap&local_ip=192.0.2.1&secured=&mech=PLAIN"
        let head =
            "POST /v1/mail/dovecot/passdb HTTP/1.1\r\nHost: 127.0.0.1:18080\r\nDate: Mon, 23 Nov 2026 21:21:45 GMT\r\n"
            + "User-Agent: dovecot-otpd/1\r\nExpect: 100-continue\r\nContent-Length: \(body.utf8.count)\r\n"
            + "Connection: Keep-Alive\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            + "Authorization: Bearer \(mail.key)\r\n\r\n"
        let began = ContinuousClock.now
        let answers = try mail.talk(Array(head.utf8), Array(body.utf8))
        #expect(ContinuousClock.now - began < .seconds(1))
        #expect(answers[0] == "HTTP/1.1 100 Continue\r\n\r\n")
        #expect(answers[1].hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(answers[1].contains("X-Otpd-Result: ok\r\n"))
        #expect(answers[1].contains("X-Otpd-User: an_sotttt@hanoi.gov.vn\r\n"))
    }

    @Test("The GET with the form in one field, twice on one connection (1.3)")
    func getWithField() async throws {
        let mail = try await Mail()
        func request(_ password: String) -> [UInt8] {
            Array(
                ("GET /v1/mail/dovecot/passdb HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: dovecot-otpd/1\r\n"
                    + "Connection: Keep-Alive\r\nAuthorization: Bearer \(mail.key)\r\n"
                    + "X-Otpd-Request: user=an_sotttt&password=\(password)&service=smtp&mech=PLAIN"
                    + "&remote_ip=203.0.113.7&session=&secured=secured&client_id=\r\n\r\n").utf8)
        }
        let answers = try mail.talk(request(mail.password), request("B%E1%BB%93%20c%C3%A2u%207%20con%21"))
        #expect(answers[0].contains("X-Otpd-Result: ok\r\n"))
        #expect(answers[1].contains("X-Otpd-Result: mismatch\r\n") && !answers[1].contains("X-Otpd-User"))
        // The second was the main password, which is refused unseen.
        #expect(await mail.scenario.metric("otpd_judged_failures_total") == 0)
    }

    @Test("nginx's request byte for byte, HTTP/1.0, raw 8-bit bytes and percent signs (4)")
    func nginx() async throws {
        let mail = try await Mail()
        func request(_ pass: [UInt8]) -> [UInt8] {
            let head =
                "GET /v1/mail/nginx HTTP/1.0\r\nHost: 127.0.0.1\r\nAuth-Method: plain\r\nAuth-User: an_sotttt\r\nAuth-Pass: "
            let tail =
                "\r\nAuth-Protocol: imap\r\nAuth-Login-Attempt: 1\r\nClient-IP: 127.0.0.1\r\nX-Auth-Key: \(mail.key)\r\n\r\n"
            return Array(head.utf8) + pass + Array(tail.utf8)
        }
        let right = try mail.talk(request(Array(mail.password.replacing("-", with: "%20").utf8)))[0]
        #expect(right.contains("Auth-Status: OK\r\nAuth-Server: 127.0.0.1\r\nAuth-Port: 11143\r\n"))
        let odd = Array("p@ss%20w".utf8) + [0xC3, 0xB6] + Array(#"rd%25:+&=%20"q""#.utf8)
        for answer in [right, try mail.talk(request(odd))[0], try mail.talk(request([0xFF, 0xFE]))[0]] {
            #expect(answer.contains(" 200 OK\r\n") && answer.utf8.count < 1_024)
            let names = answer.split(separator: "\r\n").dropFirst().compactMap { $0.split(separator: ":").first }
            #expect(
                names.allSatisfy { $0.hasPrefix("Auth-") || ["Date", "Content-Length", "Connection"].contains($0) })
        }
    }

    @Test("Dovecot's policy client: allow, allow, report on one connection (2)")
    func policy() async throws {
        let mail = try await Mail()
        func request(_ command: String, _ body: String) -> [UInt8] {
            Array(
                ("POST /v1/mail/policy?command=\(command) HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                    + "User-Agent: dovecot/auth-policy-client\r\nX-API-Key: \(mail.key)\r\n"
                    + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)").utf8)
        }
        let ask = """
            {"device_id":"","login":"an_sotttt","protocol":"imap","pwhash":"021e","remote":"203.0.113.9","session_id":"abc123","tls":false}
            """
        let tell = """
            {"device_id":"","login":"an_sotttt","protocol":"imap","pwhash":"021e","remote":"203.0.113.9","session_id":"abc123","success":true,"policy_reject":false,"tls":false}
            """
        let answers = try mail.talk(request("allow", ask), request("allow", ask), request("report", tell))
        #expect(answers.allSatisfy { $0.hasPrefix("HTTP/1.1 200 OK\r\n") })
        #expect(answers[0].contains(#""status":0"#) && answers[2].contains(#""status":"ok""#))
    }

    @Test("R-AVAIL-4: Redis stopped is a temporary failure within a second and nothing counted; back, it works")
    func redisStopped() async throws {
        let mail = try await Mail()
        let form = "user=an_sotttt&password=\(mail.password)&service=imap&remote_ip=203.0.113.7"
        func ask(_ form: String) async -> HTTPTestAnswer {
            await mail.scenario.instances[0].service(mail.key).send(
                "GET", "/v1/mail/dovecot/passdb", headers: ["X-Otpd-Request": form])
        }
        #expect(await ask(form).headers["x-otpd-result"] == "ok")
        mail.redis.kill()
        for _ in 0..<3 {
            let began = ContinuousClock.now
            #expect(await ask(form).status == 503)
            #expect(ContinuousClock.now - began < .milliseconds(1_500))
        }
        #expect(mail.scenario.instances[0].terminate() == 0)
        let audit = try mail.scenario.site.run(["audit", "verify"])
        #expect(audit.status == 0)
    }

    @Test("T-4: last use is shown to the owner, refusals are on record after an orderly stop, secrets are nowhere")
    func record() async throws {
        let mail = try await Mail()
        let service = mail.scenario.instances[0].service(mail.key)
        for password in [mail.password, mail.owner.password, "aaaa-aaaa-aaaa-aaaa"] {
            let escaped = password.utf8.map { "%" + String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
            _ = await service.send(
                "GET", "/v1/mail/dovecot/passdb",
                headers: ["X-Otpd-Request": "user=an_sotttt&password=\(escaped)&service=imap&remote_ip=203.0.113.7"])
        }
        #expect(
            await mail.scenario.metric(
                "otpd_mail_hook_results_total", containing: #"hook="passdb",result="ok""#) == 1)
        #expect(
            await mail.scenario.metric(
                "otpd_mail_hook_results_total", containing: #"hook="passdb",result="refused""#) == 2)
        #expect(mail.scenario.instances[0].terminate() == 0)
        let seen = try Command.run(
            "sqlite3",
            [mail.scenario.site.folder.path("otpd.db"), "SELECT count(*) FROM activity_last WHERE kind = 'login'"])
        #expect(seen.output == "1\n")
        let second = try mail.scenario.site.start("b")
        let listed = await second.admin(mail.scenario.keys.desk).send(
            "GET", "/v1/accounts/\(mail.owner.address)/app-passwords")
        #expect(listed.text.contains(#""last_use":{"at":"#) && listed.text.contains("203.0.113.7"))
        let audit = await second.admin(mail.scenario.keys.desk).send(
            "GET", "/v1/audit?limit=500&account=\(mail.owner.address)")
        #expect(audit.text.contains("authn_mail_login_fail") && audit.text.contains("main_password=1"))
        for secret in [mail.password, mail.owner.password, mail.key] {
            #expect(!mail.scenario.site.logs().contains(secret) && !audit.text.contains(secret))
        }
    }
}

/// A socket that writes bytes as they are and reads one head at a time, with its body if it has one.
private final class WireSocket {
    private let descriptor: Int32
    private var pending: [UInt8] = []

    struct Failure: Error {}

    init(port: UInt16) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var limit = timeval(tv_sec: 5, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafeBytes(of: address) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) {
                connect(descriptor, $0.baseAddress, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Failure() }
    }

    deinit { close(descriptor) }

    func send(_ bytes: [UInt8]) {
        _ = bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }

    func head() throws -> String {
        let mark = Array("\r\n\r\n".utf8)
        while pending.firstRange(of: mark) == nil { try fill() }
        guard let range = pending.firstRange(of: mark) else { throw Failure() }
        let head = String(decoding: pending[..<range.upperBound], as: UTF8.self)
        pending.removeSubrange(..<range.upperBound)
        let length =
            head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
            .flatMap { Int($0.dropFirst(15).filter { $0 != " " }) } ?? 0
        while pending.count < length { try fill() }
        let body = String(decoding: pending.prefix(length), as: UTF8.self)
        pending.removeFirst(length)
        return head + body
    }

    private func fill() throws {
        var buffer = [UInt8](repeating: 0, count: 16 * 1024)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { throw Failure() }
        pending += buffer.prefix(count)
    }
}
