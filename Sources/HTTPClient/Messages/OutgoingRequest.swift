package import AuthDomain

/// The methods with which other services are called.
package enum OutgoingMethod: String, CaseIterable, Sendable {
    /// Reads.
    case get = "GET"
    /// Hands something in.
    case post = "POST"
    /// Sets something.
    case put = "PUT"
    /// Removes something.
    case delete = "DELETE"
}

/// A header field of a request; its value may be secret and is never described.
package struct OutgoingHeader: Sendable {
    /// The name: a token of RFC 9110 section 5.6.2.
    package let name: String
    /// The value: visible characters, spaces and bytes above ASCII, no line end.
    package let value: String

    /// Makes a field; the request checks it when it is sent.
    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// The name and password of HTTP Basic authentication (RFC 7617).
package struct BasicCredentials: Sendable {
    /// The user name, without a colon.
    package let user: String
    /// The password.
    package let password: SecretBytes

    /// Pairs a name with its password.
    package init(user: String, password: SecretBytes) {
        self.user = user
        self.password = password
    }
}

/// How much time and memory one call may take.
package struct OutgoingLimits: Sendable {
    /// The longest wait for a connection, its TLS handshake included.
    package var connect: Duration
    /// The longest time from handing the request in to the last byte of the answer.
    package var total: Duration
    /// The largest answer that is read, in bytes.
    package var responseBytes: Int

    /// Makes limits; the defaults are those of an SMS gateway (R-SMS-5: 5 s).
    package init(
        connect: Duration = .seconds(2), total: Duration = .seconds(5), responseBytes: Int = 64 * 1024
    ) {
        self.connect = connect
        self.total = total
        self.responseBytes = responseBytes
    }
}

/// A request to another service; its address comes from the settings alone.
package struct OutgoingRequest: Sendable, CustomStringConvertible, CustomReflectable {
    /// What to do there.
    package var method: OutgoingMethod
    /// An absolute `http` or `https` URL without user information.
    package var url: String
    /// Header fields in order; `Content-Type` is the caller's to give.
    package var headers: [OutgoingHeader]
    /// The body; empty for none.
    package var body: [UInt8]
    /// Basic authentication; nil for none.
    package var credentials: BasicCredentials?
    /// A PEM file of the only authorities to trust; nil for those of the system.
    package var authorityFile: String?
    /// How much time and memory the call may take.
    package var limits: OutgoingLimits

    /// Makes a request.
    package init(
        _ method: OutgoingMethod, _ url: String, headers: [OutgoingHeader] = [], body: [UInt8] = [],
        credentials: BasicCredentials? = nil, authorityFile: String? = nil, limits: OutgoingLimits = OutgoingLimits()
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.credentials = credentials
        self.authorityFile = authorityFile
        self.limits = limits
    }

    /// The method alone: address, fields and body may hold secrets.
    package var description: String { "\(method.rawValue) ***" }

    /// No children: a dump shows nothing.
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// Whether the request can be put on the wire as it is meant, with nothing smuggled in.
    var isWellFormed: Bool {
        Self.isAcceptableTarget(url) && headers.allSatisfy(Self.isWellFormed)
            && credentials.map { !$0.user.utf8.contains(UInt8(ascii: ":")) && Self.isText($0.user) } ?? true
            && authorityFile.map { !$0.utf8.contains(0) } ?? true
    }

    /// Whether a text is an `http` or `https` URL of plain ASCII with a host and no user information.
    package static func isAcceptableTarget(_ url: String) -> Bool {
        guard let scheme = ["https://", "http://"].first(where: { url.lowercased().hasPrefix($0) }) else {
            return false
        }
        let rest = url.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        return url.utf8.count <= 8192 && url.utf8.allSatisfy { (0x21...0x7E).contains($0) }
            && !authority.isEmpty && !authority.hasPrefix(":") && !authority.contains("@") && !authority.contains("\\")
    }

    /// Whether a text is a field name (RFC 9110 section 5.6.2).
    package static func isFieldName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 128
            && name.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    private static func isWellFormed(_ header: OutgoingHeader) -> Bool {
        isFieldName(header.name) && isText(header.value)
    }

    private static func isText(_ text: String) -> Bool {
        text.utf8.count <= 8192 && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }
}
