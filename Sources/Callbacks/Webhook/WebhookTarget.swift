internal import AuthDomain
package import AuthService
package import HTTPClient

/// A receiver of signed webhooks by Standard Webhooks 1.0.0 (R-HOOK-1).
package struct WebhookTarget: EventTarget {
    private let url: String
    private let signer: WebhookSigner
    private let http: OutgoingHTTP
    private let limits: OutgoingLimits
    private let authorityFile: String?
    private let clock: any WallClock

    /// Makes a target.
    ///
    /// - Parameters:
    ///   - url: Where to post; from the settings alone, no redirect is followed.
    ///   - signer: Holds the secrets.
    ///   - http: The threads that wait for the receiver.
    ///   - limit: The longest that one delivery takes.
    ///   - authorityFile: A PEM file of the only authorities to trust; nil for those of the system.
    ///   - clock: The time that receivers compare with their own.
    package init(
        url: String, signer: WebhookSigner, http: OutgoingHTTP, limit: Duration = .seconds(15),
        authorityFile: String? = nil, clock: any WallClock
    ) {
        self.url = url
        self.signer = signer
        self.http = http
        self.limits = OutgoingLimits(connect: min(limit, .seconds(5)), total: limit, responseBytes: 16 * 1024)
        self.authorityFile = authorityFile
        self.clock = clock
    }

    /// Posts the event; only 2xx means that it arrived.
    package func deliver(_ message: OutboxMessage) async -> DeliveryOutcome {
        let body = Self.body(of: message)
        let timestamp = clock.now().seconds
        let headers = [
            OutgoingHeader("Content-Type", "application/json"),
            OutgoingHeader("webhook-id", message.id),
            OutgoingHeader("webhook-timestamp", "\(timestamp)"),
            OutgoingHeader(
                "webhook-signature", signer.signature(id: message.id, timestamp: timestamp, body: body)),
        ]
        let request = OutgoingRequest(
            .post, url, headers: headers, body: body, authorityFile: authorityFile, limits: limits)
        do throws(OutgoingFailure) {
            return DeliveryOutcome(try await http.send(request), at: clock.now())
        } catch {
            return DeliveryOutcome(error)
        }
    }

    /// The body, the same at every attempt: its time is when the event happened.
    static func body(of message: OutboxMessage) -> [UInt8] {
        let time = RFC3339.format(message.occurredAt)
        return Array(#"{"type":"\#(message.type.rawValue)","timestamp":"\#(time)","data":\#(message.data)}"#.utf8)
    }
}
