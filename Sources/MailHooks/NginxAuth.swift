package import AuthDomain
import AuthService
import HTTPServer

/// Where nginx sends its clients, and what it logs in with there.
package struct NginxBackends: Sendable {
    /// One mail server behind nginx; nginx takes nothing but an IP literal.
    package struct Backend: Sendable {
        /// The address.
        package let host: String
        /// The port.
        package let port: Int

        /// Makes a backend.
        package init(host: String, port: Int) {
            self.host = host
            self.port = port
        }
    }

    let imap: Backend?
    let pop3: Backend?
    let smtp: Backend?
    let upstreamPassword: SecretBytes?
    let wait: Duration

    /// Collects the backends; nil where nginx serves no such protocol.
    ///
    /// - Parameters:
    ///   - upstreamPassword: Sent upstream in place of the user's secret; nil passes that on.
    ///   - wait: How long nginx holds a client back after a refusal.
    package init(
        imap: Backend? = nil, pop3: Backend? = nil, smtp: Backend? = nil, upstreamPassword: SecretBytes? = nil,
        wait: Duration = .seconds(3)
    ) {
        self.imap = imap
        self.pop3 = pop3
        self.smtp = smtp
        self.upstreamPassword = upstreamPassword
        self.wait = wait
    }
}

/// The auth_http protocol of nginx's mail proxy (mail-hooks.md, section 4).
///
/// Every decision is a 200 with header fields; more than a kilobyte of them would hang the login, so there are no
/// others. nginx percent-encodes spaces, `%` and control characters and nothing else: `+` is itself, and UTF-8 is raw.
struct NginxAuth: Sendable {
    /// Refusals after which the connection is closed: without `Auth-Wait`, nginx does so.
    private static let attemptLimit = 10

    let verify: VerifyMailLogin
    let activity: RecordActivity
    let backends: NginxBackends
    let watched: WatchedHook

    var route: HookRoute {
        HookRoute("GET", "/v1/mail/nginx", key: HookKeys.field("X-Auth-Key")) { call in
            await watched.watch { await answer(call) }
        }
    }

    private func answer(_ call: HookCall) async -> (HookAnswer, HookResult) {
        let headers = call.request.headers
        guard let proto = headers["Auth-Protocol"], ["imap", "pop3", "smtp"].contains(proto) else {
            return (.invalid(field: "Auth-Protocol", expected: "imap, pop3 or smtp"), .malformed)
        }
        let attempt = Int(headers["Auth-Login-Attempt"] ?? "1") ?? 1
        guard let method = headers["Auth-Method"] else {
            return (.invalid(field: "Auth-Method", expected: "plain"), .malformed)
        }
        // Challenge-response methods need the password in clear here, and `none` needs no login: neither is offered.
        guard method == "plain" else {
            return (refusal("Only plain authentication is offered", "535 5.7.8", wait: false, attempt), .refused)
        }
        guard let userField = headers.bytes("Auth-User"), let passwordField = headers.bytes("Auth-Pass") else {
            return (.invalid(field: "Auth-User", expected: "Auth-User and Auth-Pass"), .malformed)
        }
        guard let backend = backend(proto) else { return (temporary(attempt, proto), .unavailable) }
        guard let user = Self.text(userField), let password = Self.text(passwordField) else {
            return (wrong(attempt), .refused)
        }
        let decision = await verify(
            MailLoginAttempt(
                user: user, password: password, service: proto,
                clientAddress: headers["Client-IP"].flatMap(NetworkAddress.init), client: call.client,
                requestID: call.requestID))
        switch decision {
        case .accepted(let login):
            activity.loggedIn(login.account)
            return (success(login, backend), .ok)
        case .refused: return (wrong(attempt), .refused)
        case .denied(let denial, _):
            return (refusal("[CONTACTADMIN] " + denial.text, "535 5.7.8", wait: true, attempt, proto), .denied)
        case .unavailable: return (temporary(attempt, proto), .unavailable)
        }
    }

    /// What a client is told while nothing can be decided, or where a protocol has no backend in the settings.
    private func temporary(_ attempt: Int, _ proto: String) -> HookAnswer {
        refusal("[UNAVAILABLE] Temporary authentication failure", "454 4.7.0", wait: true, attempt, proto)
    }

    private func success(_ login: MailLogin, _ backend: NginxBackends.Backend) -> HookAnswer {
        var fields = [("Auth-Status", "OK"), ("Auth-Server", backend.host), ("Auth-Port", String(backend.port))]
        if let secret = backends.upstreamPassword {
            fields.append(("Auth-User", login.address.text))
            fields.append(("Auth-Pass", secret.withBytes { String(decoding: $0, as: UTF8.self) }))
        }
        return .response(HTTPResponse(status: 200, headers: fields))
    }

    private func wrong(_ attempt: Int) -> HookAnswer {
        refusal("Authentication failed", "535 5.7.8", wait: true, attempt)
    }

    /// A refusal; POP3 and SMTP have no response codes in brackets like those of IMAP.
    private func refusal(
        _ text: String, _ code: String, wait: Bool, _ attempt: Int, _ proto: String = "imap"
    ) -> HookAnswer {
        let shown = proto == "imap" || !text.hasPrefix("[") ? text : String(text.drop { $0 != "]" }.dropFirst(2))
        let told = proto == "pop3" && code.hasPrefix("4") ? "[SYS/TEMP] " + shown : shown
        var fields = [("Auth-Status", told), ("Auth-Error-Code", code)]
        if wait, attempt < Self.attemptLimit {
            fields.append(("Auth-Wait", String(max(1, backends.wait.components.seconds))))
        }
        return .response(HTTPResponse(status: 200, headers: fields))
    }

    private func backend(_ proto: String) -> NginxBackends.Backend? {
        switch proto {
        case "imap": backends.imap
        case "pop3": backends.pop3
        default: backends.smtp
        }
    }

    private static func text(_ field: ArraySlice<UInt8>) -> String? {
        PercentBytes.decode(field, plusIsSpace: false).flatMap(UTF8Text.string)
    }
}
