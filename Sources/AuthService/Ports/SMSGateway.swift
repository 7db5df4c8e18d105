package import AuthDomain

/// A way to a phone: hands messages to one provider (R-SMS-5).
package protocol SMSGateway: Sendable {
    /// Its name in the settings, in rows, logs and metrics.
    var name: String { get }

    /// Hands over one message and tells what became of it; never repeats it by itself and ends within its timeout.
    func send(_ message: OutgoingSMS) async -> GatewayOutcome
}
