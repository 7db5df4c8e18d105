import AuthDomain
import HTTPServer

/// Where mail servers can put a client key: each program has its own place for a secret.
enum HookKeys {
    /// The longest field that is read, in bytes.
    private static let fieldLimit = 512

    /// `Authorization: Bearer KEY`, or `Basic` with the key as password, as weakforced's clients send it.
    static func authorization(_ request: HTTPRequest) -> String? {
        guard let field = single("Authorization", request) else { return nil }
        let parts = field.split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count == 2 else { return nil }
        switch parts[0].lowercased() {
        case "bearer": return String(parts[1])
        case "basic": return Base64.decode(parts[1].utf8, .padded).flatMap(password)
        default: return nil
        }
    }

    /// A field that holds nothing but the key.
    static func field(_ name: String) -> @Sendable (HTTPRequest) -> String? {
        { request in single(name, request) ?? authorization(request) }
    }

    /// The field `client_secret` of a form, as Dovecot's introspection sends it (RFC 6749 section 2.3.1).
    static func clientSecret(_ request: HTTPRequest) -> String? {
        if let key = authorization(request) { return key }
        guard let form = try? FormFields(request.body) else { return nil }
        return form.text("client_secret")
    }

    /// What follows the first colon of user and password.
    private static func password(_ userAndPassword: [UInt8]) -> String? {
        guard let colon = userAndPassword.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        return String(validating: userAndPassword[(colon + 1)...], as: UTF8.self)
    }

    /// A field that is there exactly once: two of them could be read in two ways.
    private static func single(_ name: String, _ request: HTTPRequest) -> String? {
        let fields = request.headers.all(name)
        guard fields.count == 1, let field = fields.first, field.utf8.count <= fieldLimit else { return nil }
        return field
    }
}
