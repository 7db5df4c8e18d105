import AuthDomain
import AuthService
import HTTPServer
import JSONText

/// Dovecot's auth policy protocol, which is that of PowerDNS weakforced (mail-hooks.md, section 2; R-MAIL-1).
///
/// For servers that keep a password database of their own: a lock refuses their logins, and the failures they report
/// count if the operator says so.
struct AuthPolicy: Sendable {
    let judge: JudgeMailReports
    let watched: WatchedHook

    var route: HookRoute {
        HookRoute("POST", "/v1/mail/policy", query: ["command"], key: HookKeys.field("X-API-Key")) { call in
            guard MediaType.isJSON(call.request) else { return .wrongMediaType(expected: MediaType.json) }
            return await watched.watch { await answer(call) }
        }
    }

    private func answer(_ call: HookCall) async -> (HookAnswer, HookResult) {
        guard let fields = PolicyFields(call.request.body) else {
            return (.invalid(field: "body", expected: "a JSON object with login, remote and pwhash"), .malformed)
        }
        switch call.request.query {
        case "command=allow": return await allow(fields, call)
        case "command=report": return await report(fields, call)
        default: return (.invalid(field: "command", expected: "allow or report"), .malformed)
        }
    }

    private func allow(_ fields: PolicyFields, _ call: HookCall) async -> (HookAnswer, HookResult) {
        switch await judge.allow(login: fields.login, service: fields.service) {
        case .goOn: return (Self.reply { Self.decision(0, "", &$0) }, .ok)
        case .refuse(let text):
            return (Self.reply { Self.decision(-1, text ?? "Authentication failed", &$0) }, .denied)
        case .unavailable(let reason): return (.unavailable(reason: reason), .unavailable)
        }
    }

    private func report(_ fields: PolicyFields, _ call: HookCall) async -> (HookAnswer, HookResult) {
        let report = MailReport(
            login: fields.login, service: fields.service ?? "other", remote: fields.remote, hash: fields.hash,
            isFailedPassword: fields.isFailedPassword, client: call.client, requestID: call.requestID)
        switch await judge.report(report) {
        case .noted: return (Self.reply { $0.field("status", "ok") }, .ok)
        case .unavailable(let reason): return (.unavailable(reason: reason), .unavailable)
        }
    }

    private static func decision(_ status: Int, _ message: String, _ writer: inout JSONWriter) {
        writer.field("status", status)
        writer.field("msg", message)
        writer.object("r_attrs") { _ in }
    }

    private static func reply(_ body: (inout JSONWriter) -> Void) -> HookAnswer {
        .response(
            HTTPResponse(
                status: 200, headers: [("Content-Type", MediaType.json)], body: JSONWriter.object(body)))
    }
}

/// The fields of a policy request; others, which sites may add, are ignored.
private struct PolicyFields {
    let login: String
    let service: String?
    let remote: NetworkAddress?
    let hash: String?
    let isFailedPassword: Bool

    init?(_ body: [UInt8]) {
        guard case .object(let members)? = try? JSONReader.read(body) else { return nil }
        func text(_ name: String) -> String? {
            guard case .string(let text)? = members.first(where: { $0.name == name })?.value else { return nil }
            return text
        }
        func flag(_ name: String) -> Bool? {
            guard case .bool(let flag)? = members.first(where: { $0.name == name })?.value else { return nil }
            return flag
        }
        guard let login = text("login") else { return nil }
        self.login = login
        service = text("protocol")
        remote = text("remote").flatMap(NetworkAddress.init)
        hash = text("pwhash").flatMap { (1...128).contains($0.utf8.count) ? $0 : nil }
        // Whatever the server says failed for another reason was no guess.
        let failure = text("fail_type") ?? "credentials"
        isFailedPassword = flag("success") == false && flag("policy_reject") != true && failure == "credentials"
    }
}
