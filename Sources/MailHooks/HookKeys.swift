import AuthDomain
import HTTPServer

/// Where mail servers can put a client key: each program has its own place for a secret.
enum HookKeys {
    /// The longest field that is read, in bytes.
    private static let fieldLimit = 512

    /// `Authorization: Bearer KEY`, or `Basic` with the key as password, as weakforced's clients send it.
    static func authorization(_ request: HTTPRequest) -> ArraySlice<UInt8>? {
        guard let credentials = Credentials(request) else { return nil }
        switch credentials.scheme {
        case .bearer: return credentials.token
        case .basic: return Base64.decode(credentials.token, .padded).flatMap(password)
        }
    }

    /// A field that holds nothing but the key.
    static func field(_ name: String) -> @Sendable (HTTPRequest) -> ArraySlice<UInt8>? {
        { request in
            guard let field = request.headers.only(name), field.count <= fieldLimit else {
                return authorization(request)
            }
            return field
        }
    }

    /// The field `client_secret` of a form, as Dovecot's introspection sends it (RFC 6749 section 2.3.1).
    static func clientSecret(_ request: HTTPRequest) -> ArraySlice<UInt8>? {
        if let key = authorization(request) { return key }
        guard let form = try? FormFields(request.body[...]) else { return nil }
        return form.bytes("client_secret")
    }

    /// What follows the first colon of user and password.
    private static func password(_ userAndPassword: [UInt8]) -> ArraySlice<UInt8>? {
        guard let colon = userAndPassword.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        return userAndPassword[(colon + 1)...]
    }
}
