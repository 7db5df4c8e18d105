import AuthDomain
import AuthService
import MailHooks
import Synchronization
import TestKit
import Testing

@testable import WebAPI

@Suite("The hooks of mail servers on the service listener")
struct MailHookTests {
    private static let passdb = "/v1/mail/dovecot/passdb"
    private static let form = [("Content-Type", "application/x-www-form-urlencoded")]

    /// A service with one account that has one app password.
    private func prepared(
        _ services: [MailService] = [.imap, .smtp], policy: ServicePolicy = TestService.policy,
        nginx: NginxBackends = NginxBackends(imap: NginxBackends.Backend(host: "127.0.0.1", port: 11143))
    ) async throws -> (TestService, key: String, account: AccountID, password: String) {
        let test = TestService(policy: policy, nginx: nginx)
        let account = test.provision()
        let sso = test.key(.signIn, name: "sso")
        let begun = await test.begin("an_sotttt", TestService.password, key: sso)
        let id = try #require(begun.json["id"] as? String)
        let proven = await test.call(
            "POST", "/v1/sign-ins/\(id)/factor", key: sso, body: #"{"kind":"totp","code":"\#(test.code())"}"#)
        #expect(proven.json["status"] as? String == "complete")
        let words = services.map { "\"\($0.rawValue)\"" }.joined(separator: ",")
        let made = await test.call(
            "POST", "/v1/sign-ins/\(id)/app-passwords", key: sso,
            body: #"{"label":"Outlook","services":[\#(words)]}"#)
        #expect(made.status == 201)
        let password = try #require(made.json["password"] as? String)
        return (test, test.key(.mail, name: "dovecot"), account, password)
    }

    private func ask(_ test: TestService, _ key: String?, _ form: String) async -> Reply {
        await test.call("GET", Self.passdb, key: key, headers: [("X-Otpd-Request", form)])
    }

    @Test("T-4: the passdb answers in header fields and adds none of its own, by form and by header")
    func passdb() async throws {
        let (test, key, _, password) = try await prepared()
        let form = "user=an_sotttt&password=\(password)&service=imap&remote_ip=203.0.113.7&mech=PLAIN"
        for reply in [
            await ask(test, key, form), await test.call("POST", Self.passdb, key: key, body: form, headers: Self.form),
        ] {
            #expect(reply.status == 200 && reply.body.isEmpty)
            #expect(reply.headers.map(\.0) == ["X-Otpd-Result", "X-Otpd-User"])
            #expect(reply.header("X-Otpd-Result") == "ok")
            #expect(reply.header("X-Otpd-User") == "an_sotttt@hanoi.gov.vn")
        }
        let wrong = await ask(test, key, "user=an_sotttt&password=nonsense&service=imap")
        #expect(wrong.headers.map(\.1) == ["mismatch"])
        let foreign = await ask(test, key, "user=an%40example.org&password=\(password)&service=imap")
        #expect(foreign.headers.map(\.1) == ["unknown"])
        let scope = await ask(test, key, "user=an_sotttt&password=\(password)&service=sieve")
        #expect(scope.headers.map(\.1) == ["mismatch"])
    }

    @Test("R-LOCK-1: locked: nologin with the reason for IMAP, disabled for Postfix, nothing without the secret")
    func locked() async throws {
        let (test, key, account, password) = try await prepared()
        test.store.update(account) { draft in
            draft.locks = [
                Lock(
                    id: "lck_1", cause: .spamMalware, source: .operator, lockedAt: test.clock.now(), actor: "desk",
                    note: nil, document: nil)
            ]
        }
        let imap = await ask(test, key, "user=an_sotttt&password=\(password)&service=imap")
        #expect(imap.header("X-Otpd-Result") == "nologin")
        #expect(imap.header("X-Otpd-Reason") == MailDenial.locked.text)
        let smtp = await ask(test, key, "user=an_sotttt&password=\(password)&service=smtp")
        #expect(smtp.header("X-Otpd-Result") == "disabled")
        let wrong = await ask(test, key, "user=an_sotttt&password=aaaaaaaaaaaaaaaa&service=imap")
        #expect(wrong.headers.map(\.1) == ["mismatch"])
    }

    @Test("R-AVAIL-4: the database down is 503 on the passdb and a temporary failure for nginx's client")
    func down() async throws {
        let (test, key, _, password) = try await prepared()
        test.store.fail(true)
        #expect(await ask(test, key, "user=an_sotttt&password=\(password)&service=imap").status == 503)
        let nginx = await nginx(test, key, "an_sotttt", password)
        #expect(nginx.status == 200)
        #expect(nginx.header("Auth-Status") == "[UNAVAILABLE] Temporary authentication failure")
        #expect(nginx.header("Auth-Error-Code") == "454 4.7.0" && nginx.header("Auth-Server") == nil)
        test.store.fail(false)
        #expect(await ask(test, key, "user=an_sotttt&password=\(password)&service=imap").status == 200)
        try await test.mail.refusals.flush(now: test.clock.now(), all: true)
        #expect(!test.store.audit.contains { $0.code == .mailLoginsRefused })
    }

    @Test("Every hook takes a key of scope mail, in the place where its program puts it")
    func keys() async throws {
        let (test, key, _, password) = try await prepared()
        let wrong = test.key(.otp, name: "vpn")
        let policyBody = #"{"login":"an_sotttt","protocol":"imap"}"#
        for (method, target, field, body, type) in [
            ("GET", Self.passdb, "Authorization", nil, ""),
            ("POST", "/v1/mail/policy?command=allow", "X-API-Key", policyBody, "application/json"),
            ("GET", "/v1/mail/nginx", "X-Auth-Key", nil, ""),
        ] as [(String, String, String, String?, String)] {
            func call(_ value: String?) async -> Int {
                var headers = [
                    ("X-Otpd-Request", "user=an_sotttt&password=\(password)&service=imap"), ("Auth-Method", "plain"),
                    ("Auth-User", "an_sotttt"), ("Auth-Pass", password), ("Auth-Protocol", "imap"),
                ]
                if !type.isEmpty { headers.append(("Content-Type", type)) }
                if let value { headers.append((field, value)) }
                return await test.call(method, target, body: body, headers: headers).status
            }
            let prefix = field == "Authorization" ? "Bearer " : ""
            #expect(await call(prefix + key) == 200, "\(target)")
            #expect(await call(prefix + wrong) == 403, "\(target)")
            #expect(await call(prefix + key + "a") == 401, "\(target)")
            #expect(await call(nil) == 401, "\(target)")
        }
        // weakforced's clients send Basic, with any name.
        let basic = "Basic " + Base64.encode(Array("wforce:\(key)".utf8), .padded)
        let wforce = await test.call(
            "POST", "/v1/mail/policy?command=allow", body: policyBody, headers: [("Authorization", basic)])
        #expect(wforce.status == 200)
    }

    // MARK: nginx

    private func nginx(
        _ test: TestService, _ key: String, _ user: String, _ password: String, attempt: Int = 1,
        _ more: [(String, String)] = [("Auth-Method", "plain"), ("Auth-Protocol", "imap")]
    ) async -> Reply {
        await test.call(
            "GET", "/v1/mail/nginx",
            headers: more + [
                ("X-Auth-Key", key), ("Auth-User", user), ("Auth-Pass", password),
                ("Auth-Login-Attempt", String(attempt)), ("Client-IP", "203.0.113.7"),
            ])
    }

    @Test("nginx: OK names the backend and, with a constant secret, what to log in with there")
    func nginxSuccess() async throws {
        let (test, key, _, password) = try await prepared()
        let plain = await nginx(test, key, "an_sotttt", password)
        #expect(
            plain.headers.map { "\($0.0): \($0.1)" } == [
                "Auth-Status: OK", "Auth-Server: 127.0.0.1", "Auth-Port: 11143",
            ])
        let backends = NginxBackends(
            imap: NginxBackends.Backend(host: "::1", port: 143), upstreamPassword: SecretBytes(Array("hằng số".utf8)))
        let (other, otherKey, _, otherPassword) = try await prepared(nginx: backends)
        let reply = await nginx(other, otherKey, "an_sotttt%40hanoi.gov.vn", otherPassword.replacing("-", with: "%20"))
        #expect(reply.header("Auth-User") == "an_sotttt@hanoi.gov.vn" && reply.header("Auth-Pass") == "hằng số")
    }

    @Test("nginx: refusals wait up to the tenth attempt, and every answer is far below a kilobyte")
    func nginxRefusal() async throws {
        let (test, key, account, password) = try await prepared()
        let wrong = await nginx(test, key, "an_sotttt", "sai%20+%25")
        #expect(wrong.header("Auth-Status") == "Authentication failed" && wrong.header("Auth-Wait") == "3")
        #expect(await nginx(test, key, "an_sotttt", "sai", attempt: 10).header("Auth-Wait") == nil)
        test.store.update(account) { $0.lifecycle = .recalled }
        let recalled = await nginx(test, key, "an_sotttt", password)
        #expect(recalled.header("Auth-Status") == "OK")
        test.store.update(account) { draft in draft.password.mustChange = true }
        let denied = await nginx(test, key, "an_sotttt", password)
        #expect(denied.header("Auth-Status") == "[CONTACTADMIN] " + MailDenial.mustChange.text)
        for reply in [wrong, recalled, denied] {
            #expect(reply.headers.reduce(0) { $0 + $1.0.utf8.count + $1.1.utf8.count + 4 } < 400)
        }
        for method in ["apop", "cram-md5", "external", "none", ""] {
            let reply = await nginx(
                test, key, "an_sotttt", password, [("Auth-Method", method), ("Auth-Protocol", "imap")])
            #expect(reply.header("Auth-Status") == "Only plain authentication is offered")
        }
    }

    // MARK: Policy

    private func policy(
        _ test: TestService, _ key: String, _ command: String, _ body: String
    ) async -> Reply {
        await test.call(
            "POST", "/v1/mail/policy?command=\(command)", body: body,
            headers: [("X-API-Key", key), ("Content-Type", "application/json")])
    }

    @Test("R-MAIL-1: allow refuses a locked mailbox without a reason, and knows nothing of foreign ones")
    func allow() async throws {
        let (test, key, account, _) = try await prepared()
        let body = """
            {"device_id":"","login":"an_sotttt","protocol":"imap","pwhash":"021e","remote":"203.0.113.9","session_id":"abc123","tls":false}
            """
        let open = await policy(test, key, "allow", body)
        #expect(open.json["status"] as? Int == 0 && open.json["msg"] as? String == "")
        test.store.update(account) { draft in draft.password.mustChange = true }
        let closed = await policy(test, key, "allow", body)
        #expect(closed.json["status"] as? Int == -1 && closed.json["msg"] as? String == "Authentication failed")
        let foreign = await policy(test, key, "allow", #"{"login":"x@example.org"}"#)
        #expect(foreign.json["status"] as? Int == 0)
        test.store.fail(true)
        #expect(await policy(test, key, "allow", body).status == 503)
    }

    @Test("R-MAIL-1, R-LOCK-9: reports count wrong passwords once for each hash, and nothing else")
    func report() async throws {
        var counting = TestService.policy
        counting.mail.countsReports = true
        let (test, key, account, _) = try await prepared(policy: counting)
        func report(_ hash: String, _ more: String) async -> Reply {
            await policy(
                test, key, "report",
                #"{"login":"an_sotttt","protocol":"imap","pwhash":"\#(hash)","remote":"203.0.113.9",\#(more)}"#)
        }
        func failures() -> Int {
            test.store.state.withLock { $0.rows[account]?.account.budgets[.password]?.failures ?? 0 }
        }
        for more in [
            #""success":true,"policy_reject":false"#, #""success":false,"policy_reject":true"#,
            #""success":false,"policy_reject":false,"fail_type":"internal""#, #""policy_reject":false"#,
        ] {
            #expect(await report("0aaa", more).json["status"] as? String == "ok")
        }
        #expect(failures() == 0)
        let wrong = #""success":false,"policy_reject":false"#
        for _ in 0..<20 { _ = await report("021e", wrong) }
        #expect(failures() == 1)
        for hash in ["1", "2", "3", "4", "5"] { _ = await report(hash, wrong) }
        #expect(failures() == 5)
        #expect(test.store.state.withLock { $0.rows[account]?.account.locks.first?.cause } == .badPassword5)
        let (quiet, quietKey, other, _) = try await prepared()
        _ = await policy(quiet, quietKey, "report", #"{"login":"an_sotttt","pwhash":"1","success":false}"#)
        #expect(quiet.store.state.withLock { $0.rows[other]?.account.budgets[.password]?.failures ?? 0 } == 0)
    }

    // MARK: Rubbish

    @Test("Rubbish on every hook is refused clearly, and no name reaches a header with a line break")
    func rubbish() async throws {
        let (test, key, _, password) = try await prepared()
        let huge = String(repeating: "a", count: 7_000)
        for form in [
            "", "user=an_sotttt", "password=x&service=imap", "user=a&user=b&password=x&service=imap", "user=%", "%",
            String(repeating: "a=1&", count: 40),
        ] {
            let byHeader = await ask(test, key, form)
            #expect(byHeader.status == 400 && byHeader.json["code"] as? String == "invalid-request", "\(form)")
            let byBody = await test.call("POST", Self.passdb, key: key, body: form, headers: Self.form)
            #expect(byBody.status == 400, "\(form)")
        }
        #expect(await test.call("GET", Self.passdb, key: key).status == 400)
        #expect(await test.call("POST", Self.passdb, key: key, body: "{}").status == 415)
        for user in ["a%00b", "a%0D%0AX-Otpd-Result:%20ok", "a%0ab", "%FF", huge, "", "..", "%C4%90"] {
            let reply = await ask(test, key, "user=\(user)&password=\(password)&service=imap")
            #expect(
                reply.status == 200 && ["unknown", "mismatch"].contains(reply.headers.map(\.1).joined()), "\(user)")
            let nginx = await nginx(test, key, user, password)
            #expect(nginx.header("Auth-Status") == "Authentication failed")
        }
        for secret in ["%00", "a%0D%0Ab", "%FE%FF", huge, ""] {
            let reply = await ask(test, key, "user=an_sotttt&password=\(secret)&service=imap%0d%0a")
            #expect(reply.headers.map(\.1) == ["mismatch"])
        }
        for body in ["", "[]", "{", #"{"login":7}"#, #"{"login":"a","login":"b"}"#, #"{"pwhash":"1"}"#] {
            #expect(await policy(test, key, "allow", body).status == 400, "\(body)")
        }
        #expect(await policy(test, key, "reset", #"{"login":"a"}"#).status == 400)
        #expect(await nginx(test, key, "a", "b", attempt: 1, [("Auth-Method", "plain")]).status == 400)
        let introspect = "/v1/oauth2/introspect"
        #expect(await test.call("POST", introspect, key: key, body: "x=1", headers: Self.form).status == 400)
        for token in ["", "%00", huge, "otpd_at_x.y"] {
            let reply = await test.call("POST", introspect, key: key, body: "token=\(token)", headers: Self.form)
            #expect(reply.status == 200 && reply.json["active"] as? Bool == false)
        }
    }

    @Test("RFC 7662: Dovecot's introspection with the secret in the body (mail-hooks.md, 1.6)")
    func introspection() async throws {
        let (test, key, _, _) = try await prepared()
        let sso = test.key(.signIn, name: "webmail")
        test.clock.advance(by: .seconds(60))
        let begun = await test.begin("an_sotttt", TestService.password, key: sso)
        let id = try #require(begun.json["id"] as? String)
        _ = await test.call(
            "POST", "/v1/sign-ins/\(id)/factor", key: sso, body: #"{"kind":"totp","code":"\#(test.code())"}"#)
        let made = await test.call("POST", "/v1/sign-ins/\(id)/access-tokens", key: sso, body: "{}")
        #expect(made.status == 201 && made.json["expires_in"] as? Int == 3600)
        let token = try #require(made.json["access_token"] as? String)
        let body = "token=\(token)&client_id=dovecot&client_secret=\(key)"
        let active = await test.call("POST", "/v1/oauth2/introspect", body: body, headers: Self.form)
        #expect(active.json["active"] as? Bool == true && active.json["client_id"] as? String == "webmail")
        #expect(active.json["username"] as? String == "an_sotttt@hanoi.gov.vn")
        #expect((active.json["scope"] as? String)?.split(separator: " ").contains("mail") == true)
    }
}
