package import AuthDomain
internal import AuthService
internal import HTTPClient

/// How Kannel's `sendsms` service is reached.
struct KannelSettings: Sendable {
    let url: String
    let user: String
    let password: SecretBytes
    let sender: String
    let phoneFormat: PhoneFormat
    let smsc: String?
    let authorityFile: String?
    let limits: OutgoingLimits
}

/// Kannel's `sendsms` by POST: everything in `X-Kannel-*` headers but the text, so that no address holds a secret.
package struct KannelGateway: SMSGateway {
    /// Its name in the settings.
    package let name: String
    private let settings: KannelSettings
    private let http: OutgoingHTTP
    private let links: DeliveryReportLinks?

    init(name: String, settings: KannelSettings, http: OutgoingHTTP, links: DeliveryReportLinks?) {
        self.name = name
        self.settings = settings
        self.http = http
        self.links = links
    }

    /// Hands over one message.
    package func send(_ message: OutgoingSMS) async -> GatewayOutcome {
        do throws(OutgoingFailure) {
            return Self.outcome(try await http.send(request(message)))
        } catch {
            return ResponseRules.outcome(of: error)
        }
    }

    func request(_ message: OutgoingSMS) -> OutgoingRequest {
        let password = settings.password.withBytes { String(decoding: $0, as: UTF8.self) }
        var headers = [
            OutgoingHeader("Content-Type", "text/plain; charset=UTF-8"),
            OutgoingHeader("X-Kannel-Username", settings.user),
            OutgoingHeader("X-Kannel-Password", password),
            OutgoingHeader("X-Kannel-To", message.phone.formatted(settings.phoneFormat)),
            OutgoingHeader("X-Kannel-Coding", message.parts.encoding == .ucs2 ? "2" : "0"),
            // Queued while its carrier is away, a code must not arrive when it is dead.
            OutgoingHeader("X-Kannel-Validity", String(message.validityMinutes)),
        ]
        if !settings.sender.isEmpty { headers.append(OutgoingHeader("X-Kannel-From", settings.sender)) }
        if let smsc = settings.smsc { headers.append(OutgoingHeader("X-Kannel-SMSC", smsc)) }
        if let link = links?.url(gateway: name, reference: message.reference) {
            headers.append(OutgoingHeader("X-Kannel-DLR-Mask", "31"))
            headers.append(OutgoingHeader("X-Kannel-DLR-URL", link + "?type=%d"))
        }
        return OutgoingRequest(
            .post, settings.url, headers: headers, body: Array(message.text.utf8),
            authorityFile: settings.authorityFile, limits: settings.limits)
    }

    static func outcome(_ response: OutgoingResponse) -> GatewayOutcome {
        let start = response.body.prefix(64)
        func begins(_ text: StaticString) -> Bool { text.withUTF8Buffer { start.starts(with: $0) } }
        switch response.status {
        case 202 where begins("0:") || begins("Sent."): return .accepted(providerID: nil)
        case 202 where begins("3:"): return .queued(providerID: nil)
        case 403 where begins("Authorization failed"): return .refused(.configuration, reason: "authorization failed")
        case 403 where begins("Not routable"): return .refused(.configuration, reason: "no route to the number")
        // Also what it answers when the box behind it said something it does not know.
        case 403:
            return begins("Strange") ? .ambiguous(reason: "HTTP 403") : .refused(.configuration, reason: "HTTP 403")
        default: return ResponseRules.outcome(ofStatus: response.status)
        }
    }
}

extension SettingsObject {
    /// Reads everything but what all gateways share.
    func kannelSettings() -> KannelSettings {
        let url = required("url")
        if !OutgoingRequest.isAcceptableTarget(url) || url.contains("?") || url.contains("{") {
            refuse("url", "must be the http or https URL of sendsms, without a query")
        } else {
            warnOfPlainHTTP(url)
        }
        if !has("password_file") { refuse("password_file", "required, but not given") }
        let user = required("user")
        let smsc = text("smsc")
        for (name, text) in [("user", user), ("smsc", smsc ?? "-")]
        where text.isEmpty || !text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
            refuse(name, "must be visible ASCII characters")
        }
        return KannelSettings(
            url: url, user: user, password: secret("password_file") ?? SecretBytes([]), sender: sender("sender"),
            phoneFormat: choice("phone_format", default: .e164), smsc: smsc,
            authorityFile: authorityFile("authority_file"), limits: outgoingLimits())
    }
}
