internal import HTTPClient
internal import JSONText

extension SettingsObject {
    /// Checks an address that a request goes to: its host is fixed, and it is no place for a secret.
    func checkURL(_ url: TextTemplate) {
        guard case .literal(let start) = url.parts.first, OutgoingRequest.isAcceptableTarget(start),
            url.parts.count == 1 || Self.hasPath(start)
        else {
            refuse("url", "must be an http or https URL of ASCII characters whose host holds no placeholder")
            return
        }
        if url.placeholders.contains(where: Self.isSecret) {
            refuse("url", "must not hold a secret: addresses end up in logs; use a header or the body")
        }
        if url.placeholders.contains(.text) || url.placeholders.contains(.code) {
            findings.warn(path("url"), "holds the text of the message, and addresses end up in logs")
        }
        warnOfPlainHTTP(start)
    }

    /// Notes that a gateway beyond this machine is reached without TLS.
    func warnOfPlainHTTP(_ url: String) {
        let host = url.lowercased().dropFirst("http://".count)
        let isLoopback = ["127.", "localhost", "[::1]"].contains { host.hasPrefix($0) }
        if url.lowercased().hasPrefix("http://"), !isLoopback {
            findings.warn(path("url"), "is plain http: numbers and codes cross the network in clear")
        }
    }

    /// Checks that the message reaches the gateway, and that nothing can break out of its place.
    func checkPlaceholders(_ settings: TemplatedSettings) {
        let inHeaders = settings.headers.flatMap(\.value.placeholders)
        let all = settings.url.placeholders + inHeaders + settings.body.placeholders
        for case .secret(let name) in all where settings.secrets[name] == nil && !has("secrets", name) {
            refuse("secrets.\(name)", "required by a placeholder, but not given")
        }
        for name in settings.secrets.keys.sorted() where !all.contains(.secret(name)) {
            refuse("secrets.\(name)", "is used by no placeholder")
        }
        for header in settings.headers {
            if !OutgoingRequest.isFieldName(header.name) { refuse("headers.\(header.name)", "is no field name") }
            if header.value.placeholders.contains(.text) || header.value.placeholders.contains(.code) {
                refuse("headers.\(header.name)", "must not hold {text} or {code}: a header is no place for them")
            }
        }
        if !all.contains(.phone) { refuse("body", "or url must hold {phone}") }
        switch settings.textMode {
        case .text where !all.contains(.text): refuse("body", "or url must hold {text}, or text_mode be \"params\"")
        case .params where !all.contains(.code): refuse("body", "or url must hold {code} with text_mode \"params\"")
        case .params where all.contains(.text): refuse("body", "must not hold {text} with text_mode \"params\"")
        default: break
        }
        if all.contains(.sender), !has("sender") { refuse("sender", "required by a placeholder, but not given") }
        if settings.method == .get, settings.body != .none { refuse("body", "must not be given with method GET") }
    }

    private func has(_ name: String, _ member: String) -> Bool {
        if case .object(let members) = value(name) { members.contains { $0.name == member } } else { false }
    }

    private static func isSecret(_ placeholder: Placeholder) -> Bool {
        if case .secret = placeholder { true } else { false }
    }

    private static func hasPath(_ url: String) -> Bool {
        let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        return parts.count == 4 && !parts[2].isEmpty
    }
}
