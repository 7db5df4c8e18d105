package import Reactor

/// A complete request, framing checked and body read.
///
/// A class, because it is handed on through every layer.
package final class HTTPRequest: Sendable {
    /// The method as sent; methods are case-sensitive, so `get` is not `GET`.
    package let method: String
    /// The path as sent: percent-encoded, without the query; starts with `/`, or is `*`.
    package let path: String
    /// What follows the first `?`, as sent; `nil` when there is none.
    package let query: String?
    /// The header fields.
    package let headers: HTTPHeaders
    /// The body, at most as long as the route's limit.
    package let body: [UInt8]
    /// The numeric address of the peer, IPv4 addresses always in dotted form.
    package let peerAddress: String
    /// The port of the peer.
    package let peerPort: Int
    /// The loop that carries the request.
    package let loop: EventLoop

    /// A request from its parts.
    package init(
        method: String, path: String, query: String? = nil, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = [],
        peerAddress: String = "127.0.0.1", peerPort: Int = 0, loop: EventLoop
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.peerAddress = peerAddress
        self.peerPort = peerPort
        self.loop = loop
    }

    /// The value of the first header field of that name, whatever the case; `nil` when there is none.
    package func header(_ name: String) -> String? { headers[name] }
}

/// A method with its target split, as the request line gave them.
struct RequestTarget {
    let path: String
    let query: String?

    /// Takes origin form, absolute form and `*` (RFC 9112 section 3.2); `nil` for anything else.
    init?(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard !bytes.isEmpty, bytes.allSatisfy(ASCII.isVisible) else { return nil }
        let target = Self.withoutAuthority(bytes)
        guard target.first == UInt8(ascii: "/") || target.elementsEqual("*".utf8) else { return nil }
        if let mark = target.firstIndex(of: UInt8(ascii: "?")) {
            path = String(decoding: target[..<mark], as: UTF8.self)
            query = String(decoding: target[(mark + 1)...], as: UTF8.self)
        } else {
            path = String(decoding: target, as: UTF8.self)
            query = nil
        }
    }

    private static func withoutAuthority(_ bytes: UnsafeBufferPointer<UInt8>) -> Slice<UnsafeBufferPointer<UInt8>> {
        for scheme in ["http://", "https://"] where bytes.prefix(scheme.utf8.count).elementsEqual(scheme.utf8) {
            let rest = bytes.dropFirst(scheme.utf8.count)
            guard let slash = rest.firstIndex(of: UInt8(ascii: "/")) else { break }
            return rest[slash...]
        }
        return bytes[...]
    }
}
