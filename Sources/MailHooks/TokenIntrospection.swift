import AuthDomain
import AuthService
import HTTPServer
import JSONText

/// Token introspection (RFC 7662) for XOAUTH2 and OAUTHBEARER (mail-hooks.md, section 1.6).
struct TokenIntrospection: Sendable {
    let introspect: AccessTokens
    let activity: RecordActivity
    let watched: WatchedHook

    var route: HookRoute {
        HookRoute("POST", "/v1/oauth2/introspect", key: HookKeys.clientSecret) { call in
            guard MediaType.isForm(call.request) else { return .wrongMediaType(expected: MediaType.form) }
            return await watched.watch { await answer(call) }
        }
    }

    private func answer(_ call: HookCall) async -> (HookAnswer, HookResult) {
        guard let form = try? FormFields(call.request.body[...]), form.bytes("token") != nil else {
            return (.invalid(field: "token", expected: "a form with this field"), .malformed)
        }
        switch await introspect.introspect(form.text("token") ?? "") {
        case .active(let token):
            activity.loggedIn(token.account)
            return (
                Self.reply { writer in
                    writer.field("active", true)
                    writer.field("scope", token.maySend ? "mail mail.send" : "mail")
                    writer.field("client_id", token.client)
                    writer.field("username", token.address.text)
                    writer.field("token_type", "Bearer")
                    writer.field("exp", Int(token.expiresAt.seconds))
                    writer.field("iat", Int(token.issuedAt.seconds))
                    writer.field("sub", token.account.text)
                }, .ok
            )
        case .inactive: return (Self.reply { $0.field("active", false) }, .refused)
        case .unavailable(let reason): return (.unavailable(reason: reason), .unavailable)
        }
    }

    private static func reply(_ body: (inout JSONWriter) -> Void) -> HookAnswer {
        .response(
            HTTPResponse(
                status: 200, headers: [("Content-Type", MediaType.json), ("Cache-Control", "no-store")],
                body: JSONWriter.object(body)))
    }
}
