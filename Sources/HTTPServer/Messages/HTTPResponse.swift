/// An answer: status, header fields and a body that is in memory as a whole.
///
/// `Date`, `Content-Length` and `Connection` are the engine's; a `Server` field is never sent.
package struct HTTPResponse: Sendable {
    /// The status code, 200 to 599.
    package var status: Int
    /// The header fields in the order they are sent; a name or value with a control character turns the answer to 500.
    package var headers: [(String, String)]
    /// The body; not sent in answer to `HEAD`.
    package var body: [UInt8]

    /// An answer from its parts.
    package init(status: Int, headers: [(String, String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// A request that the engine itself answers, before or instead of the handler.
package struct Refusal: Sendable {
    /// Why the engine refuses.
    package enum Reason: String, CaseIterable, Sendable {
        /// Framing that RFC 9112 forbids, or that two readers may read in two ways: 400.
        case malformed
        /// The body is, or is declared, longer than the route's limit: 413.
        case bodyTooLarge
        /// Too many header fields or too many bytes in them: 431.
        case headersTooLarge
        /// The header was not complete in time: 408.
        case headerTimeout
        /// The body was not complete in time: 408.
        case bodyTimeout
        /// More requests are in flight than the limit: 503.
        case overloaded
        /// The handler did not answer in time: 503.
        case handlerTimeout
        /// More connections in all than the limit: closed without an answer.
        case connectionLimit
        /// More connections from one address than the limit: closed without an answer.
        case addressLimit

        /// The status that goes with the reason.
        package var status: Int {
            switch self {
            case .malformed: 400
            case .bodyTooLarge: 413
            case .headersTooLarge: 431
            case .headerTimeout, .bodyTimeout: 408
            case .overloaded, .handlerTimeout, .connectionLimit, .addressLimit: 503
            }
        }
    }

    /// Why the engine refuses.
    package let reason: Reason
    /// The method, once the request line is known.
    package let method: String?
    /// The path, once the request line is known.
    package let path: String?
    /// The header fields as far as they are known; do not rely on them when the reason is `.malformed`.
    package let headers: HTTPHeaders

    /// The status that goes with the reason.
    package var status: Int { reason.status }
}
