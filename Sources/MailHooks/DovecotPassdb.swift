import AuthDomain
import AuthService
import HTTPServer

/// Dovecot's password database, asked by a Lua script (mail-hooks.md, section 1).
///
/// Lua there knows no JSON, so the answer is in header fields. The request is a form, either as body or, to spare the
/// script two seconds of `Expect: 100-continue`, in the field `X-Otpd-Request` of a GET.
struct DovecotPassdb: Sendable {
    static let path = "/v1/mail/dovecot/passdb"

    let verify: VerifyMailLogin
    let activity: RecordActivity
    let watched: WatchedHook

    var routes: [HookRoute] {
        [
            HookRoute("GET", Self.path, key: HookKeys.authorization) { call in
                guard let field = call.request.headers.bytes("X-Otpd-Request") else {
                    return .invalid(field: "X-Otpd-Request", expected: "the form in this field")
                }
                return await answer(field, call)
            },
            HookRoute("POST", Self.path, key: HookKeys.authorization) { call in
                guard MediaType.isForm(call.request) else { return .wrongMediaType(expected: MediaType.form) }
                return await answer(call.request.body[...], call)
            },
        ]
    }

    private func answer(_ form: ArraySlice<UInt8>, _ call: HookCall) async -> HookAnswer {
        await watched.watch {
            guard let fields = try? FormFields(form) else {
                return (.invalid(field: "body", expected: "a form with each field once"), .malformed)
            }
            guard let userBytes = fields.bytes("user") else { return Self.missing("user") }
            guard let passwordBytes = fields.bytes("password") else { return Self.missing("password") }
            guard let serviceBytes = fields.bytes("service") else { return Self.missing("service") }
            // Bytes that are no text are nobody's name and no password that anyone could have set.
            guard let user = UTF8Text.string(userBytes), let password = UTF8Text.string(passwordBytes) else {
                return (Self.reply("mismatch"), .refused)
            }
            let service = UTF8Text.string(serviceBytes) ?? ""
            let answer = await verify(
                MailLoginAttempt(
                    user: user, password: password, service: service,
                    clientAddress: fields.text("remote_ip").flatMap(NetworkAddress.init), client: call.client,
                    requestID: call.requestID))
            if case .accepted(let login) = answer { activity.loggedIn(login.account) }
            return Self.answer(answer, service: service)
        }
    }

    /// The mapping of section 1.5.
    ///
    /// Postfix takes a login that Dovecot would refuse with `nologin` for a success: it gets a real failure instead.
    static func answer(_ answer: MailLoginAnswer, service: String) -> (HookAnswer, HookResult) {
        switch answer {
        case .accepted(let login):
            var fields = [("X-Otpd-User", login.address.text)]
            if !login.networks.isEmpty {
                fields.append(("X-Otpd-Allow-Nets", login.networks.map(\.text).joined(separator: ",")))
            }
            return (reply("ok", fields), .ok)
        case .refused(.unknownAddress): return (reply("unknown"), .refused)
        case .refused: return (reply("mismatch"), .refused)
        case .denied(.mustChange, let address):
            return (reply("expired", told(.mustChange, address)), .denied)
        case .denied(let denial, let address):
            let isHonoured = MailService(wireName: service) != .smtp || service == "submission"
            return (reply(isHonoured ? "nologin" : "disabled", told(denial, address)), .denied)
        case .unavailable(let reason): return (.unavailable(reason: reason), .unavailable)
        }
    }

    private static func missing(_ field: String) -> (HookAnswer, HookResult) {
        (.invalid(field: field, expected: "this field"), .malformed)
    }

    private static func told(_ denial: MailDenial, _ address: MailboxAddress) -> [(String, String)] {
        [("X-Otpd-Reason", denial.text), ("X-Otpd-User", address.text)]
    }

    private static func reply(_ result: String, _ fields: [(String, String)] = []) -> HookAnswer {
        .response(HTTPResponse(status: 200, headers: [("X-Otpd-Result", result)] + fields))
    }
}

/// The types of bodies that hooks take.
enum MediaType {
    static let form = "application/x-www-form-urlencoded"
    static let json = "application/json"

    static func isForm(_ request: HTTPRequest) -> Bool { isType(form, request) }
    static func isJSON(_ request: HTTPRequest) -> Bool { isType(json, request) }

    private static func isType(_ type: String, _ request: HTTPRequest) -> Bool {
        guard let field = request.header("Content-Type"), field.utf8.count <= 128 else { return false }
        let named = field.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }
        return named.lowercased() == type
    }
}
