import AuthDomain
import AuthService
import Synchronization
import TestKit
import Testing

@testable import WebAPI

@Suite("Operators' acts over HTTP (api.md, R-ROLE-2, R-REST-1)")
struct AdminRouteTests {
    private let test = TestService()
    private let path = "/v1/accounts/an_sotttt%40hanoi.gov.vn"

    @Test("An account is shown with state, capabilities and without secrets")
    func show() async {
        test.provision()
        let reply = await test.operate("GET", path, key: test.key(.read))
        #expect(reply.status == 200)
        #expect(reply.string("state") == "active")
        #expect((reply.json["capabilities"] as? [String: Any])?["login"] as? Bool == true)
        #expect(reply.objects("authenticators").first?["label"] as? String == "Máy 0")
        #expect((reply.json["failures"] as? [String: Int]) == ["password": 0, "otp": 0, "recovery": 0])
        #expect(!reply.text.contains("plain:"))
        #expect(!reply.text.contains("secret0"))
        #expect(await test.operate("GET", "/v1/accounts/an_sotttt", key: test.key(.read)).status == 200)
    }

    @Test("A lock and its restoration, each with its paper (Đ8)")
    func lockAndRestore() async {
        test.provision()
        let key = test.key(.operate, name: "admin")
        let actor = [("X-Actor", "Tr%E1%BA%A7n%20B%C3%ACnh")]
        let lock = #"{"cause":"compromised","note":"Đăng nhập từ nước ngoài","document":"Số 5/BC"}"#
        let locked = await test.operate("POST", path + "/locks", key: key, body: lock, headers: actor)
        #expect(locked.status == 201)
        let shown = locked.json["lock"] as? [String: Any]
        #expect(shown?["clause"] as? String == "Điều 8.2.b")
        #expect(shown?["actor"] as? String == "Trần Bình")
        #expect((locked.json["account"] as? [String: Any])?["state"] as? String == "locked")
        #expect(await test.operate("POST", path + "/locks", key: key, body: lock).status == 409)
        let reset = await test.operate("POST", path + "/password-resets", key: key, body: #"{"document":"Số 6"}"#)
        #expect(reset.status == 409)
        let missing = await test.operate(
            "POST", path + "/restorations", key: key, body: #"{"document":"Số 6","requested_by":"Sở TT&TT"}"#)
        #expect(missing.status == 400)
        #expect(missing.objects("missing").map { $0["code"] as? String } == ["remediation"])
        let restored = await test.operate(
            "POST", path + "/restorations", key: key,
            body: #"{"document":"Số 6","requested_by":"Sở TT&TT","remediation":"Đã gỡ mã độc"}"#)
        #expect(restored.status == 200)
        #expect(restored.json["cleared"] as? [String] == ["compromised"])
        #expect(restored.string("temporary_password") != nil)
        #expect(restored.string("enrolment_code") != nil)
        #expect((restored.json["account"] as? [String: Any])?["must_change"] as? Bool == true)
    }

    @Test("A change merges: null clears, what is left out stays (RFC 7396)")
    func merge() async {
        test.provision()
        let key = test.key(.operate)
        let changed = await test.operate(
            "PATCH", path, key: key, body: #"{"display_name":null,"organisation":"Sở TT&TT","phone":"+84 912 345 678"}"#
        )
        #expect(changed.status == 200)
        #expect(changed.string("display_name") == nil)
        #expect(changed.string("organisation") == "Sở TT&TT")
        #expect(changed.string("phone") == "******678")
        let again = await test.operate("PATCH", path, key: key, body: #"{"phone":null}"#)
        #expect(again.string("organisation") == "Sở TT&TT")
        #expect(again.string("phone") == nil)
        #expect(await test.operate("PATCH", path, key: key, body: "{}").string("field") == "body")
        #expect(await test.operate("PATCH", path, key: key, body: #"{"aliases":null}"#).string("field") == "aliases")
        #expect(await test.operate("PATCH", path, key: key, body: #"{"address":"x"}"#).string("field") == "address")
    }

    @Test(
        "Provisioning names what is wrong",
        arguments: [
            (#"{"kind":"personal"}"#, "address"), (#"{"address":"a_b"}"#, "kind"),
            (#"{"address":"a_b","kind":"person"}"#, "kind"), (#"{"address":"a@b.c","kind":"personal"}"#, "address"),
            (#"{"address":"a_b","kind":"personal","aliases":"c"}"#, "aliases"),
            (#"{"address":"a_b","kind":"personal","aliases":["c",1]}"#, "aliases"),
            (#"{"address":"a_b","kind":"personal","notified_at":"hôm qua"}"#, "notified_at"),
            (#"{"address":"a_b","kind":"personal","phone":"abc"}"#, "phone"),
            (#"{"address":"a_b","kind":"personal","password_hash":"x"}"#, "password_hash"),
            (#"{"address":"a_b","kind":"personal","display_name":"a\u0007b"}"#, "display_name"),
            (#"{"address":"a_b","kind":"personal","role":"x"}"#, "role"),
        ])
    func provisioning(body: String, field: String) async {
        let key = test.key(.operate)
        for language in ["vi", "en"] {
            let reply = await test.operate(
                "POST", "/v1/accounts", key: key, body: body, headers: [("Accept-Language", language)])
            #expect(reply.status == 400)
            #expect(reply.string("field") == field)
            #expect(reply.string("detail")?.contains(field) == true)
        }
    }

    @Test("A second account of an address is a conflict, and naming beside Điều 5 a warning (R-ADDR-3)")
    func taken() async {
        let key = test.key(.operate)
        let body = #"{"address":"Nguyen.An@thudo.gov.vn","kind":"personal"}"#
        let first = await test.operate("POST", "/v1/accounts", key: key, body: body)
        #expect(first.status == 201)
        #expect(!first.objects("warnings").isEmpty)
        let second = await test.operate("POST", "/v1/accounts", key: key, body: body)
        #expect(second.status == 409)
        #expect(second.string("detail")?.contains("nguyen.an@thudo.gov.vn") == true)
    }

    @Test("Credentials are issued anew and authenticators revoked, with a paper")
    func credentials() async {
        test.provision()
        let key = test.key(.operate)
        let reset = await test.operate("POST", path + "/password-resets", key: key, body: #"{"document":"Số 7"}"#)
        #expect(reset.string("temporary_password") != nil)
        let code = await test.operate("POST", path + "/enrolment-codes", key: key, body: #"{"document":"Số 7"}"#)
        #expect(code.status == 201)
        #expect(code.string("expires_at") != nil)
        let blank = await test.operate("POST", path + "/enrolment-codes", key: key, body: #"{"document":"  "}"#)
        #expect(blank.string("field") == "document")
        let revoked = await test.operate("DELETE", path + "/authenticators/aut_0", key: key)
        #expect(revoked.status == 204)
        #expect(revoked.body.isEmpty)
        #expect(revoked.header("Content-Type") == nil)
        #expect(await test.operate("DELETE", path + "/authenticators/aut_0", key: key).status == 404)
        #expect(await test.operate("DELETE", path, key: key).status == 204)
        #expect(await test.operate("GET", path, key: key).status == 404)
    }

    @Test("The audit log is paged, by address or id, and knows the person behind a call")
    func audit() async {
        let account = test.provision()
        let key = test.key(.operate, .read, name: "admin")
        for number in 0..<3 {
            _ = await test.operate(
                "POST", path + "/enrolment-codes", key: key, body: "{\"document\":\"Số \(number)\"}",
                headers: [("X-Actor", "Binh"), ("X-Request-Id", "r\(number)")])
        }
        let page = await test.operate("GET", "/v1/audit?account=an_sotttt%40hanoi.gov.vn&limit=2", key: key)
        #expect(page.objects("rows").count == 2)
        #expect(page.objects("rows").first?["actor"] as? String == "Binh")
        #expect(page.objects("rows").first?["client"] as? String == "admin")
        #expect(page.objects("rows").first?["request_id"] as? String == "r0")
        let next = page.string("next") ?? ""
        let rest = await test.operate("GET", "/v1/audit?account=\(account.text)&limit=2&cursor=\(next)", key: key)
        #expect(rest.objects("rows").count == 1)
        #expect(rest.json["next"] == nil)
        let bounds = "since=2026-01-01T00:00:00%2B07:00&until=2026-01-02T00:00:00Z"
        _ = await test.operate("GET", "/v1/audit?" + bounds, key: key)
        let query = test.store.state.withLock { $0.evaluatedPages.last }
        #expect(query?.since == RFC3339.parse("2025-12-31T17:00:00Z"))
        #expect(query?.until == RFC3339.parse("2026-01-02T00:00:00Z"))
        #expect(query?.limit == 100)
        #expect(await test.operate("GET", "/v1/audit?account=khong_ai", key: key).status == 404)
        #expect(await test.operate("GET", "/v1/audit?since=x", key: key).string("field") == "since")
        #expect(await test.operate("GET", "/v1/audit?page=2", key: key).string("field") == "page")
        test.store.fail(true)
        #expect(await test.operate("GET", "/v1/audit", key: key).status == 503)
    }

    @Test(
        "A name in X-Actor that is none is refused",
        arguments: ["", "%", "%0A", "%20", String(repeating: "a", count: 101)])
    func actor(field: String) async {
        let reply = await test.operate("GET", path, key: test.key(.read), headers: [("X-Actor", field)])
        #expect(reply.status == 400)
        #expect(reply.string("field") == "X-Actor")
    }

    @Test(
        "An address in the path that is none is 400 or 404, never more",
        arguments: [
            ("%", 400), ("%FF", 400), ("a%00b", 400), (String(repeating: "a", count: 321), 400), ("khong_ai", 404),
            ("a%2Fb", 404), ("%F0%9F%98%80", 404), ("a@b@c", 404),
        ])
    func paths(segment: String, status: Int) async {
        let key = test.key(.operate)
        #expect(await test.operate("GET", "/v1/accounts/" + segment, key: key).status == status)
    }
}
