/// A complete answer of another service.
package struct OutgoingResponse: Sendable {
    /// The status code; redirects are answers like any other.
    package let status: Int
    /// The first value of each header field, names in lower case; at most 64 fields.
    package let headers: [String: String]
    /// The whole body, within the limit of its request.
    package let body: [UInt8]

    /// Makes an answer.
    package init(status: Int, headers: [String: String] = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// Why a call brought no complete answer; it holds neither address nor content.
package struct OutgoingFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// What the other side may know of the request.
    package enum Delivery: String, Sendable {
        /// Not one byte of the request left: repeating it elsewhere doubles nothing.
        case notSent = "not_sent"
        /// Some or all of it left: the other side may have acted.
        case ambiguous
    }

    /// What went wrong, from a closed set fit for metric labels.
    package enum Reason: String, CaseIterable, Sendable {
        case poolFull = "pool_full"
        case shutDown = "shut_down"
        case invalidRequest = "invalid_request"
        case resolve
        case connect
        case tls
        case timeout
        case reset
        case truncated
        case tooLarge = "too_large"
        case malformed
        case other
    }

    /// What went wrong.
    package let reason: Reason
    /// What the other side may know.
    package let delivery: Delivery

    /// Makes a failure.
    package init(_ reason: Reason, _ delivery: Delivery) {
        self.reason = reason
        self.delivery = delivery
    }

    /// Reason and delivery: `timeout (ambiguous)`.
    package var description: String { "\(reason.rawValue) (\(delivery.rawValue))" }
}
