package import AuthDomain
internal import AuthService
internal import HTTPClient

/// A gateway described by its settings alone: request template, success test, error classes.
package struct TemplatedHTTPGateway: SMSGateway {
    /// Its name in the settings.
    package let name: String
    private let settings: TemplatedSettings
    private let http: OutgoingHTTP
    private let links: DeliveryReportLinks?

    init(name: String, settings: TemplatedSettings, http: OutgoingHTTP, links: DeliveryReportLinks?) {
        self.name = name
        self.settings = settings
        self.http = http
        self.links = links
    }

    /// Hands over one message.
    package func send(_ message: OutgoingSMS) async -> GatewayOutcome {
        guard settings.textMode == .text || message.code != nil else {
            return .refused(.permanent, reason: "a message without a code does not fit a registered template")
        }
        let fields = fields(of: message)
        guard let request = request(fields) else { return .refused(.configuration, reason: "request not buildable") }
        do throws(OutgoingFailure) {
            return settings.rules.outcome(try await http.send(request))
        } catch {
            return ResponseRules.outcome(of: error)
        }
    }

    func fields(of message: OutgoingSMS) -> MessageFields {
        MessageFields(
            phone: message.phone.formatted(settings.phoneFormat), text: message.text, code: message.code?.text,
            ref: message.reference, sender: settings.sender,
            callback: links?.url(gateway: name, reference: message.reference),
            isUnicode: message.parts.encoding == .ucs2, validityMinutes: message.validityMinutes,
            isSandbox: settings.isSandbox, secrets: settings.secrets)
    }

    func request(_ fields: MessageFields) -> OutgoingRequest? {
        guard let url = settings.url.render(fields, escape: Escaping.percent) else { return nil }
        var headers = settings.headers.map { OutgoingHeader($0.name, $0.value.renderedWhole(fields) ?? "") }
        let hasType = headers.contains { $0.name.lowercased() == "content-type" }
        if let type = settings.body.contentType, !hasType { headers.append(OutgoingHeader("Content-Type", type)) }
        var credentials: BasicCredentials?
        switch settings.authorisation {
        case .basic(let basic): credentials = basic
        case .bearer(let token):
            let text = token.withBytes { String(decoding: $0, as: UTF8.self) }
            headers.append(OutgoingHeader("Authorization", "Bearer \(text)"))
        case nil: break
        }
        return OutgoingRequest(
            settings.method, url, headers: headers, body: settings.body.render(fields), credentials: credentials,
            authorityFile: settings.authorityFile, limits: settings.limits)
    }
}

extension OutgoingSMS {
    /// Whole minutes that the message is worth delivering, rounded down so that no dead code arrives; at least one.
    var validityMinutes: Int { max(Int(validity.components.seconds) / 60, 1) }
}
