import AuthDomain
import AuthService
import HTTPServer
import Synchronization
import TestKit
import Testing

@testable import WebAPI

@Suite("Signing in over HTTP (api.md, R-LOCK-17, T-13)")
struct SignInRouteTests {
    private let test = TestService()

    @Test("From the first password to a signed assertion")
    func firstSignIn() async throws {
        let operatorKey = test.key(.operate, name: "admin")
        let key = test.key(.signIn)
        let made = await test.operate(
            "POST", "/v1/accounts", key: operatorKey,
            body:
                #"{"address":"an_sotttt","kind":"personal","display_name":"Nguyễn Văn An","document":"Số 12/QĐ ngày 01/11/2026"}"#
        )
        #expect(made.status == 201)
        #expect(made.header("Location") == "/v1/accounts/an_sotttt@hanoi.gov.vn")
        let first = try #require(made.string("temporary_password"))
        let enrolmentCode = try #require(made.string("enrolment_code"))

        let begun = await test.begin("An_SoTTTT@hanoi.gov.vn", first, key: key)
        #expect(begun.status == 201)
        #expect(begun.string("status") == "factor_required")
        #expect(begun.objects("factors").map { $0["kind"] as? String } == ["enrolment_code"])
        #expect(begun.json["assertion"] == nil)
        let path = try #require(begun.header("Location"))

        let early = await test.call("POST", path + "/password", key: key, body: #"{"new_password":"x"}"#)
        #expect(early.status == 409)
        #expect(early.string("owed") == "factor_required")

        let proven = await test.call(
            "POST", path + "/factor", key: key, body: "{\"kind\":\"enrolment_code\",\"code\":\"\(enrolmentCode)\"}")
        #expect(proven.string("status") == "password_change_required")

        let weak = await test.call("POST", path + "/password", key: key, body: #"{"new_password":"Matkhau1*"}"#)
        #expect(weak.status == 422)
        #expect(weak.objects("violations").contains { $0["code"] as? String == "pw.no_special" })
        let changed = await test.call(
            "POST", path + "/password", key: key, body: "{\"new_password\":\"\(TestService.password)\"}")
        #expect(changed.string("status") == "enrolment_required")

        let offer = await test.call("POST", path + "/totp", key: key)
        #expect(offer.status == 201)
        #expect(offer.string("uri")?.hasPrefix("otpauth://totp/") == true)
        #expect(offer.string("qr_svg")?.hasPrefix("<svg>") == true)
        let enrolment = try #require(offer.string("enrolment"))
        let uri = try KeyURI(parsing: try #require(offer.string("uri")))
        let code = test.code(secret: uri.secret.withBytes { Array($0) })
        let done = await test.call(
            "POST", path + "/totp/" + enrolment, key: key, body: "{\"code\":\"\(code)\"}")
        #expect(done.string("status") == "complete")
        #expect((done.json["recovery_codes"] as? [String])?.count == RecoveryCode.count)
        #expect(done.string("assertion")?.contains("\"aud\":\"sso\"") == true)

        let read = await test.call("GET", path, key: key)
        #expect(read.status == 200)
        #expect(read.json["recovery_codes"] == nil)
        #expect(read.string("assertion") != nil)
    }

    @Test("Known, unknown, foreign and malformed addresses get the same answers before and after the fifth failure")
    func alike() async {
        test.provision()
        let key = test.key(.signIn)
        let names = ["an_sotttt@hanoi.gov.vn", "khong_ai@hanoi.gov.vn", "an@example.org", "không hợp lệ@@"]
        for headers in [[], [("Accept-Language", "en")]] {
            var answers: Set<String> = []
            for name in names {
                var row: [String] = []
                for _ in 0..<7 {
                    let fixed = headers + [("X-Request-Id", "same")]
                    let reply = await test.begin(name, "Sai@Mat1Khau", key: key, headers: fixed)
                    row.append("\(reply.status) \(reply.headers.map { "\($0.0): \($0.1)" }) \(reply.text)")
                }
                answers.insert(row.joined(separator: "\n"))
            }
            #expect(answers.count == 1)
        }
        let locked = await test.begin(names[0], TestService.password, key: key)
        #expect(locked.status == 403)
        #expect(locked.code == "account-locked")
        #expect(locked.string("clause") == "Điều 8")
        #expect(locked.header("Content-Language") == "vi")
    }

    @Test("The cause of a lock is told to the caller whose user proved the password")
    func causeAfterProof() async throws {
        let account = test.provision()
        let key = test.key(.signIn)
        let path = try #require(await test.begin("an_sotttt", TestService.password, key: key).header("Location"))
        let lock = Lock(
            id: "lck_1", cause: .compromised, source: .operator, lockedAt: test.clock.now(), actor: "admin", note: nil,
            document: nil)
        test.store.update(account) { $0.locks.append(lock) }
        let reply = await test.call("GET", path, key: key)
        #expect(reply.status == 403)
        #expect(reply.string("clause") == "Điều 8.2.b")
        #expect(reply.objects("locks").first?["cause"] as? String == "compromised")
    }

    @Test("Another client's sign-in is nobody's")
    func foreignClient() async throws {
        test.provision()
        let key = test.key(.signIn)
        let path = try #require(await test.begin("an_sotttt", TestService.password, key: key).header("Location"))
        #expect(await test.call("GET", path, key: test.key(.signIn, name: "other")).status == 404)
        #expect(await test.call("GET", path, key: key).status == 200)
    }

    @Test(
        "What cannot be meant is 400 for every address alike, and nothing is evaluated",
        arguments: [
            (#"{"account":"A","password":"","client":{"ip":"::1"}}"#, "password"),
            (
                #"{"account":"A","password":"\#(String(repeating: "a", count: 1_025))","client":{"ip":"::1"}}"#,
                "password"
            ),
            (#"{"account":"","password":"x","client":{"ip":"::1"}}"#, "account"),
            (#"{"account":"\#(String(repeating: "A", count: 321))","password":"x","client":{"ip":"::1"}}"#, "account"),
            (#"{"account":"A","password":1,"client":{"ip":"::1"}}"#, "password"),
            (#"{"account":"A","password":"x"}"#, "client"),
            (#"{"account":"A","password":"x","client":"::1"}"#, "client"),
            (#"{"account":"A","password":"x","client":{}}"#, "client.ip"),
            (#"{"account":"A","password":"x","client":{"ip":"localhost"}}"#, "client.ip"),
            (#"{"account":"A","password":"x","client":{"ip":17}}"#, "client.ip"),
            (#"{"account":"A","password":"x","client":{"ip":"::1","port":1}}"#, "client.port"),
            (#"{"account":"A","password":"x","client":{"ip":"::1"},"admin":true}"#, "admin"),
            (#"{"account":"A","account":"B","password":"x","client":{"ip":"::1"}}"#, "body"),
            ("[]", "body"), ("null", "body"), ("{", "body"), ("", "account"),
        ])
    func invalid(body: String, field: String) async {
        test.provision()
        let key = test.key(.signIn)
        var answers: Set<String> = []
        for name in ["an_sotttt", "khong_ai"] {
            let reply = await test.call(
                "POST", "/v1/sign-ins", key: key, body: body.replacing("\"A\"", with: "\"\(name)\""))
            #expect(reply.status == 400)
            #expect(reply.string("field") == field)
            answers.insert(reply.text)
        }
        #expect(answers.count == 1)
        #expect(test.observer.evaluations.withLock { $0 } == 0)
        #expect(test.store.audit.isEmpty)
    }

    @Test(
        "A body is JSON or it is 415",
        arguments: [
            ("application/json", true), ("application/json; charset=utf-8", true),
            ("Application/JSON;charset=UTF-8", true),
            ("text/json", false), ("application/jsonx", false), ("application/json; charset=latin1", false),
            ("application/x-www-form-urlencoded", false), ("", false), ("application/merge-patch+json", false),
        ])
    func mediaType(type: String, passes: Bool) async {
        let reply = await test.call(
            "POST", "/v1/password-policy/check", key: test.key(.otp), body: #"{"password":"x"}"#,
            headers: [("Content-Type", type)])
        #expect(reply.status == (passes ? 200 : 415))
    }

    @Test(
        "A code that is none is 400 before any look-up (factor, otp/verify)",
        arguments: [
            ("totp", "12345"), ("totp", "123456789"), ("totp", "12345a"), ("totp", "１２３４５６"), ("totp", ""),
            ("recovery", "123456"), ("recovery", "UUUU-UUUU-UUUU"), ("enrolment_code", "ABCD"),
            ("totp", "\(String(repeating: "1", count: 65))"),
        ])
    func malformedCodes(kind: String, code: String) async {
        test.provision()
        let key = test.key(.signIn, .otp)
        let factor = await test.call(
            "POST", "/v1/sign-ins/sin_x/factor", key: key, body: "{\"kind\":\"\(kind)\",\"code\":\"\(code)\"}")
        #expect(factor.status == 400)
        var answers: Set<String> = []
        for name in ["an_sotttt", "khong_ai"] {
            let body = "{\"account\":\"\(name)\",\"kind\":\"\(kind)\",\"code\":\"\(code)\",\"client\":{\"ip\":\"::1\"}}"
            answers.insert(await test.call("POST", "/v1/otp/verify", key: key, body: body).text)
        }
        #expect(answers.count == 1)
        #expect(test.observer.evaluations.withLock { $0 } == 0)
    }

    @Test(
        "A kind of factor that is none is refused, and routes that are none are not there", arguments: ["password", ""])
    func unknownKinds(kind: String) async {
        let key = test.key(.signIn, .otp)
        let factor = await test.call(
            "POST", "/v1/sign-ins/x/factor", key: key, body: "{\"kind\":\"\(kind)\",\"code\":\"123456\"}")
        #expect(factor.status == 400)
        #expect(factor.string("field") == "kind")
        for path in ["/v1/sign-ins/x/e-mail", "/v1/otp/e-mail"] {
            #expect(await test.call("POST", path, key: key, body: "{}").status == 404)
        }
    }

    @Test("A single code is verified once")
    func verify() async {
        test.provision()
        let key = test.key(.otp)
        let code = test.code()
        let body = "{\"account\":\"an_sotttt\",\"code\":\"\(code)\",\"client\":{\"ip\":\"198.51.100.7\"}}"
        let right = await test.call("POST", "/v1/otp/verify", key: key, body: body)
        #expect(right.status == 200)
        #expect(right.json["verified"] as? Bool == true)
        #expect(right.string("kind") == "totp")
        let again = await test.call("POST", "/v1/otp/verify", key: key, body: body)
        #expect(again.status == 401)
        #expect(again.code == "invalid-code")
    }

    @Test("Too many tries from one address are refused with Retry-After before evaluation (T-3)")
    func throttled() async {
        var policy = TestService.policy
        policy.throttle = ThrottlePolicy()
        let test = TestService(policy: policy)
        let key = test.key(.signIn)
        var last = await test.begin("khong_ai", "Sai@Mat1Khau", key: key)
        for number in 0..<40 where last.status != 429 {
            last = await test.begin("khong_ai\(number)", "Sai@Mat1Khau", key: key)
        }
        #expect(last.status == 429)
        #expect((last.header("Retry-After").flatMap(Int.init) ?? 0) >= 1)
    }

    @Test("A database that is down is 503, says nothing of itself, and counts nothing (principle 3)")
    func down() async {
        test.provision()
        let key = test.key(.signIn)
        test.store.fail(true)
        let reply = await test.begin("an_sotttt", "Sai@Mat1Khau", key: key)
        #expect(reply.status == 503)
        #expect(reply.header("Retry-After") != nil)
        #expect(!reply.text.contains("disk"))
        #expect(test.answered.all.last?.reason == "disk full at /var/lib/otpd")
        test.store.fail(false)
        #expect(test.store.audit.isEmpty)
    }

    @Test("The password rules are shown and a candidate is checked in the caller's language (R-PW-10)")
    func passwordRules() async {
        let key = test.key(.read)
        let rules = await test.call("GET", "/v1/password-policy", key: key)
        #expect(rules.json["minimum_length"] as? Int == 8)
        #expect(rules.json["special_characters"] as? [String] == ["!", "@", "#", "$", "%", "&"])
        #expect(rules.objects("rules").count == 10)
        let bad = await test.call(
            "POST", "/v1/password-policy/check", key: key, body: #"{"password":"matkhau","account":"an_sotttt"}"#,
            headers: [("Accept-Language", "en")])
        #expect(bad.json["acceptable"] as? Bool == false)
        #expect(
            bad.objects("violations").first?["message"] as? String
                == PolicyViolation.tooShort(minimum: 8).message(.english))
        #expect(bad.header("Content-Language") == "en")
        #expect(!bad.text.contains("matkhau"))
        let good = await test.call(
            "POST", "/v1/password-policy/check", key: key, body: "{\"password\":\"\(TestService.password)\"}")
        #expect(good.json["acceptable"] as? Bool == true)
    }
}
