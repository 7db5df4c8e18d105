import AuthDomain
import AuthService
import TestKit
import Testing

@testable import WebAPI

@Suite("Codes by SMS over HTTP (api.md)")
struct MessageRouteTests {
    private let messages = StubMessages()
    private let test: TestService

    init() {
        test = TestService(messages: messages)
        messages.keep(in: test.store)
    }

    /// An account whose phone is registered, and the key that provisioned it.
    private func provision(phone: String = "0912 345 678") async -> (reply: Reply, key: String) {
        let key = test.key(.operate, name: "admin")
        let body = """
            {"address":"an_sotttt","kind":"personal","phone":"\(phone)"}
            """
        return (await test.operate("POST", "/v1/accounts", key: key, body: body), key)
    }

    @Test("A sign-in's code is sent with 202 and its form, then proves the factor")
    func signIn() async throws {
        let made = await provision().reply
        #expect(made.status == 201 && made.json["enrolment_code"] == nil)
        let account = try #require(made.json["account"] as? [String: Any])
        #expect(account["phone"] as? String == "******678" && account["phone_state"] as? String == "registered")
        let key = test.key(.signIn)
        let begun = await test.begin("an_sotttt", try #require(made.string("temporary_password")), key: key)
        #expect(begun.objects("factors").map { $0["hint"] as? String } == ["******678"])
        let path = try #require(begun.header("Location"))
        let sent = await test.call("POST", path + "/sms", key: key, body: "{}")
        #expect(sent.status == 202 && sent.string("phone") == "******678")
        #expect(sent.json["resend_after"] as? Int == 60 && sent.json["expires_in"] as? Int == 300)
        #expect(sent.json.count == 3)
        let proven = await test.call(
            "POST", path + "/factor", key: key, body: "{\"kind\":\"sms\",\"code\":\"\(messages.code)\"}")
        #expect(proven.status == 200 && proven.string("status") == "password_change_required")
        #expect(await test.call("POST", path + "/sms", key: key, body: "{}").status == 409)
        #expect(await test.call("POST", path + "/sms", key: key, body: #"{"phone":"1"}"#).status == 400)
        #expect(await test.call("POST", "/v1/sign-ins/sin_x/sms", key: key, body: "{}").status == 404)
        #expect(await test.call("POST", path + "/sms", key: test.key(.otp, name: "o"), body: "{}").status == 403)
    }

    @Test("Gap, quota and pause are 429 with the wait, no gateway is 503 with one, and neither says which")
    func refusals() async throws {
        let made = await provision().reply
        let key = test.key(.otp, name: "vpn")
        #expect(made.status == 201)
        let body = #"{"account":"an_sotttt","client":{"ip":"203.0.113.7"}}"#
        for verdict in [
            SMSAdmissionVerdict.tooSoon(retryAfter: .milliseconds(41_500)),
            .overBudget(.money, retryAfter: .seconds(42)), .paused(.run, retryAfter: .seconds(42)),
        ] {
            messages.judge(verdict)
            let reply = await test.call("POST", "/v1/otp/sms", key: key, body: body)
            #expect(reply.status == 429 && reply.header("Retry-After") == "42")
            #expect(reply.code == "too-many-requests")
            #expect(!reply.text.contains("money") && !reply.text.contains("run"))
        }
        messages.judge(nil)
        messages.answer(.refused(.configuration, reason: "password of the gateway"))
        let down = await test.call("POST", "/v1/otp/sms", key: key, body: body)
        #expect(down.status == 503 && down.header("Retry-After") == "10" && down.code == "unavailable")
        #expect(!down.text.contains("password of the gateway"))
        messages.answer(.queued(providerID: nil))
        #expect(await test.call("POST", "/v1/otp/sms", key: key, body: body).status == 202)
        let check =
            "{\"account\":\"an_sotttt\",\"kind\":\"sms\",\"code\":\"\(messages.code)\",\"client\":{\"ip\":\"203.0.113.7\"}}"
        let verified = await test.call("POST", "/v1/otp/verify", key: key, body: check)
        #expect(verified.status == 200 && verified.string("kind") == "sms")
    }

    @Test("A number is proposed with 202 and confirmed with 200; wrong codes are 401, nothing waiting is 409")
    func phone() async throws {
        let (_, key) = await provision()
        let path = "/v1/accounts/an_sotttt/phone"
        let proposed = await test.operate(
            "PUT", path, key: key, body: #"{"phone":"0987654321","document":"Mẫu 04 ngày 23/11/2026"}"#)
        #expect(proposed.status == 202 && proposed.string("phone") == "******321")
        let wrong = await test.operate(
            "POST", path + "/confirmation", key: key,
            body: "{\"code\":\"\(messages.code == "000000" ? "000001" : "000000")\"}")
        #expect(wrong.status == 401 && wrong.code == "invalid-code")
        let right = await test.operate(
            "POST", path + "/confirmation", key: key, body: "{\"code\":\"\(messages.code)\"}")
        #expect(right.status == 200)
        #expect((right.json["account"] as? [String: Any])?["phone"] as? String == "******321")
        let again = await test.operate(
            "POST", path + "/confirmation", key: key, body: "{\"code\":\"\(messages.code)\"}")
        #expect(again.status == 409)
        let patched = await test.operate(
            "PATCH", "/v1/accounts/an_sotttt", key: key, body: #"{"phone":"0966554433"}"#)
        #expect(patched.status == 409 && patched.string("field") == "phone")
    }

    @Test(
        "Numbers are refused with the reason and never repeated; landlines are kept with a warning (R-PHONE-7, R-PHONE-8)"
    )
    func numbers() async throws {
        let old = await provision(phone: "01223456789").reply
        #expect(old.status == 400 && old.string("field") == "phone")
        #expect(old.string("detail")?.contains("0122") == true && old.string("detail")?.contains("077") == true)
        #expect(!old.text.contains("3456789"))
        let landline = await provision(phone: "024 3825 3536").reply
        #expect(landline.status == 201 && landline.string("enrolment_code") != nil)
        #expect((landline.json["account"] as? [String: Any])?["phone_state"] as? String == "unusable")
        #expect(landline.objects("warnings").count == 1)
    }

    @Test("Without a gateway the routes answer 503 or 409, and a registered phone leaves the enrolment code")
    func noGateway() async throws {
        let plain = TestService()
        let key = plain.key(.operate, name: "admin")
        let made = await plain.operate(
            "POST", "/v1/accounts", key: key, body: #"{"address":"an_sotttt","kind":"personal","phone":"0912345678"}"#)
        #expect(made.status == 201 && made.string("enrolment_code") != nil)
        let body = #"{"account":"an_sotttt","client":{"ip":"203.0.113.7"}}"#
        #expect(await plain.call("POST", "/v1/otp/sms", key: plain.key(.otp, name: "v"), body: body).status == 503)
        let signInKey = plain.key(.signIn)
        let begun = await plain.begin("an_sotttt", try #require(made.string("temporary_password")), key: signInKey)
        let path = try #require(begun.header("Location"))
        #expect(await plain.call("POST", path + "/sms", key: signInKey, body: "{}").status == 409)
        let proposed = await plain.operate(
            "PUT", "/v1/accounts/an_sotttt/phone", key: key, body: #"{"phone":"0987654321","document":"Số 1"}"#)
        #expect(proposed.status == 503)
    }
}
