import AuthService
import Synchronization
import TestKit
import Testing

@testable import WebAPI

@Suite("Who may call what (api.md)")
struct AccessTests {
    /// The scopes of the contract, apart from the code: what each route must take; none for open routes.
    private static let contract: [String: Set<ClientScope>] = [
        "POST /v1/sign-ins": [.signIn], "GET /v1/sign-ins/{id}": [.signIn], "POST /v1/sign-ins/{id}/factor": [.signIn],
        "POST /v1/sign-ins/{id}/password": [.signIn], "POST /v1/sign-ins/{id}/totp": [.signIn],
        "POST /v1/sign-ins/{id}/totp/{enrolment}": [.signIn], "POST /v1/otp/verify": [.otp],
        "POST /v1/sign-ins/{id}/sms": [.signIn], "POST /v1/otp/sms": [.otp],
        "PUT /v1/accounts/{address}/phone": [.operate],
        "POST /v1/accounts/{address}/phone/confirmation": [.operate],
        "GET /v1/password-policy": Set(ClientScope.allCases), "GET /v1/maintenance": Set(ClientScope.allCases),
        "POST /v1/password-policy/check": Set(ClientScope.allCases),
        "GET /.well-known/jwks.json": [], "GET /livez": [], "GET /readyz": [],
        "POST /v1/accounts": [.operate], "GET /v1/accounts": [.operate, .read],
        "GET /v1/accounts/{address}": [.operate, .read],
        "PATCH /v1/accounts/{address}": [.operate], "DELETE /v1/accounts/{address}": [.operate],
        "POST /v1/accounts/{address}/locks": [.operate], "POST /v1/accounts/{address}/restorations": [.operate],
        "POST /v1/accounts/{address}/password-resets": [.operate],
        "POST /v1/accounts/{address}/enrolment-codes": [.operate],
        "DELETE /v1/accounts/{address}/authenticators/{id}": [.operate], "GET /v1/audit": [.operate, .read],
        "POST /v1/accounts/{address}/lifecycle": [.operate], "POST /v1/locks": [.operate],
        "POST /v1/accounts/{address}/exemptions": [.operate],
        "GET /v1/accounts/{address}/exemptions": [.operate, .read],
        "DELETE /v1/accounts/{address}/exemptions/{id}": [.operate],
        "POST /v1/accounts/{address}/restoration-requests": [.operate],
        "POST /v1/accounts/{address}/break-glass": [.operate],
        "GET /v1/restoration-requests": [.operate, .read],
        "POST /v1/restoration-requests/{id}/execution": [.operate],
        "POST /v1/restoration-requests/{id}/rejection": [.operate],
        "GET /v1/restoration-reviews": [.operate, .read], "POST /v1/restoration-reviews/{id}": [.operate],
        "GET /v1/reports/organisation": [.operate, .read], "GET /v1/reports/review": [.operate, .read],
        "GET /v1/reports/inactive45": [.operate, .read], "GET /v1/reports/compliance": [.operate, .read],
        "GET /metrics": [],
        "POST /v1/sign-ins/{id}/app-passwords": [.signIn], "GET /v1/sign-ins/{id}/app-passwords": [.signIn],
        "DELETE /v1/sign-ins/{id}/app-passwords/{password}": [.signIn],
        "POST /v1/sign-ins/{id}/access-tokens": [.signIn],
        "GET /v1/accounts/{address}/app-passwords": [.operate, .read],
        "POST /v1/accounts/{address}/app-passwords": [.operate],
        "DELETE /v1/accounts/{address}/app-passwords/{password}": [.operate],
        "GET /v1/mail/dovecot/passdb": [.mail], "POST /v1/mail/dovecot/passdb": [.mail],
        "POST /v1/mail/policy": [.mail], "GET /v1/mail/nginx": [.mail], "POST /v1/oauth2/introspect": [.mail],
        "POST /v1/activity": [.mail], "POST /v1/mail/dovecot/events": [.mail],
        // Delivery reports: the token of the message and the gateway's address stand in for a key.
        "GET /v1/sms/reports/{gateway}": [], "POST /v1/sms/reports/{gateway}": [],
        "GET /v1/sms/reports/{gateway}/{reference}/{token}": [],
        "POST /v1/sms/reports/{gateway}/{reference}/{token}": [],
    ]

    @Test("Every route of both listeners is in the contract and the other way round")
    func complete() {
        let test = TestService()
        let routes = (test.service.routes + test.admin.routes).map { "\($0.method) \($0.template)" }
        #expect(Set(routes) == Set(Self.contract.keys))
    }

    @Test("Every route with no key, wrong keys and each scope alone")
    func matrix() async {
        let test = TestService()
        for listener in [test.service, test.admin] {
            for route in listener.routes {
                let needed = Self.contract["\(route.method) \(route.template)"] ?? []
                let path = route.template.replacing("{address}", with: "khong_co").replacing("{id}", with: "x")
                    .replacing("{enrolment}", with: "y")
                let body = ["POST", "PUT", "PATCH"].contains(route.method) ? "{}" : nil
                let none = await test.call(listener, route.method, path, body: body)
                check(none, authenticated: needed.isEmpty, allowed: true, route.template)
                for wrong in ["otpd_x", "otpd_aaaaaaaa_" + String(repeating: "a", count: 52), "", "x y"] {
                    let reply = await test.call(listener, route.method, path, key: wrong, body: body)
                    check(reply, authenticated: needed.isEmpty, allowed: true, route.template)
                }
                for scope in ClientScope.allCases {
                    let key = test.key(scope, name: scope.rawValue)
                    let reply = await test.call(listener, route.method, path, key: key, body: body)
                    check(reply, authenticated: true, allowed: needed.isEmpty || needed.contains(scope), route.template)
                }
            }
        }
    }

    private func check(_ reply: Reply, authenticated: Bool, allowed: Bool, _ route: String) {
        #expect((reply.code == "unauthenticated") == !authenticated, "\(route)")
        #expect((reply.status == 401) == !authenticated, "\(route)")
        #expect(reply.header("WWW-Authenticate") == (authenticated ? nil : "Bearer"), "\(route)")
        #expect((reply.code == "forbidden") == (authenticated && !allowed), "\(route)")
    }

    @Test(
        "The key is taken in one form only",
        arguments: [
            ("Bearer {key}", true), ("bearer {key}", true), ("BEARER {key}", true), ("Bearer  {key}", true),
            ("{key}", false), ("Basic {key}", false), ("Bearer {key} x", false), ("Bearer {key}x", false),
            ("Bearer", false), ("Bearer \u{1F600}", false),
        ])
    func form(field: String, passes: Bool) async {
        let test = TestService()
        let key = test.key(.signIn)
        let reply = await test.call(
            "GET", "/v1/password-policy", headers: [("Authorization", field.replacing("{key}", with: key))])
        #expect(reply.status == (passes ? 200 : 401))
    }

    @Test("Two Authorization fields are nobody's")
    func twice() async {
        let test = TestService()
        let field = ("Authorization", "Bearer \(test.key(.signIn))")
        #expect(await test.call("GET", "/v1/password-policy", headers: [field, field]).status == 401)
    }

    @Test("A client just added may call at once, a revoked one no more after the next refresh")
    func directory() async throws {
        let test = TestService()
        let mint = ClientKeyMint(random: test.random, digest: PlainDigest())
        let minted = mint.mint(name: "sso", scopes: [.signIn], now: test.clock.now())
        let key = minted.key.text
        #expect(await test.call("GET", "/v1/password-policy", key: key).status == 401)
        test.store.state.withLock { $0.clients = [minted.record] }
        #expect(await test.call("GET", "/v1/password-policy", key: key).status == 401)
        test.clock.advance(by: .seconds(1))
        #expect(await test.call("GET", "/v1/password-policy", key: key).status == 200)
        test.store.state.withLock { $0.clients = [] }
        #expect(await test.call("GET", "/v1/password-policy", key: key).status == 200)
        try await test.clients.refresh()
        #expect(await test.call("GET", "/v1/password-policy", key: key).status == 401)
    }

    @Test("A key that was proven is remembered whole: no other of its public part passes for it")
    func remembered() async {
        let test = TestService()
        let key = test.key(.signIn)
        for _ in 0..<2 { #expect(await test.call("GET", "/v1/password-policy", key: key).status == 200) }
        let changed = String(key.dropLast()) + (key.last == "a" ? "b" : "a")
        let others = [changed, String(key.dropLast()), key + "a", key.prefix(14) + String(repeating: "a", count: 52)]
        for other in others {
            #expect(await test.call("GET", "/v1/password-policy", key: other).status == 401)
        }
        #expect(await test.call("GET", "/v1/password-policy", key: key).status == 200)
    }

    @Test("Without any client list the answer is 503, with an old one it serves on (principle 3)")
    func databaseDown() async {
        let test = TestService()
        test.store.fail(true)
        let unknown = "otpd_aaaaaaaa_" + String(repeating: "a", count: 52)
        #expect(await test.call("GET", "/v1/password-policy", key: unknown).status == 503)
        let key = test.key(.signIn)
        #expect(await test.call("GET", "/v1/password-policy", key: key).status == 200)
        test.clock.advance(by: .seconds(5))
        #expect(await test.call("GET", "/v1/password-policy", key: unknown).status == 401)
    }
}
