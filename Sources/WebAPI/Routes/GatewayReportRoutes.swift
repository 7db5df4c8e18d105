package import AuthDomain
import HTTPServer

/// What a gateway sent to say what became of a message; nothing of it is checked yet.
package struct GatewayReport: Sendable {
    /// The gateway that the path names.
    package let gateway: String
    /// The message and the token that the path names; nil when it names the gateway alone.
    package let link: (reference: String, token: String)?
    /// The query, as sent.
    package let query: String
    /// The body, at most 16 KiB.
    package let body: [UInt8]
    /// Who opened the connection.
    package let peer: NetworkAddress
    /// The request id, for log and audit.
    package let requestID: String
}

/// What becomes of a report.
package enum GatewayReportOutcome: Sendable {
    /// It was believed, also when it told nothing new.
    case taken
    /// It has no valid token, comes from a foreign address, or names what is not there: told alike.
    case unknown
    /// It is authentic but tells nothing that the settings know.
    case notUnderstood
    /// The database did not take it; the gateway may try again.
    case unavailable(reason: String)
}

/// Delivery reports of SMS gateways (R-SMSOTP-1).
///
/// They stand on the service listener, the only one that a carrier may ever reach: whoever could call the admin listener
/// could try the operators' routes too. Gateways have no client key; the token of each message, which only this service
/// can make, and the addresses of the settings take its place.
struct GatewayReportRoutes: Sendable {
    /// Checks and records a report.
    typealias Receiver = @Sendable (GatewayReport) async -> GatewayReportOutcome

    static let template = "/v1/sms/reports/{gateway}/{reference}/{token}"
    static let plainTemplate = "/v1/sms/reports/{gateway}"

    let receive: Receiver

    var routes: [Route] {
        [
            Route(.get, Self.template, .open, action: take), Route(.post, Self.template, .open, action: take),
            Route(.get, Self.plainTemplate, .open, action: take), Route(.post, Self.plainTemplate, .open, action: take),
        ]
    }

    private func take(_ call: Call) async throws(Problem) -> Answer {
        guard call.request.body.isEmpty || Self.isTaken(call.request.header("Content-Type")) else {
            throw Problem.wrongMediaType
        }
        guard let peer = NetworkAddress(call.request.peerAddress) else { throw Problem.noRoute }
        let reference = call.parameters["reference"]
        let report = GatewayReport(
            gateway: call.parameter("gateway"),
            link: reference.map { (reference: $0, token: call.parameter("token")) },
            query: call.request.query ?? "", body: call.request.body, peer: peer,
            requestID: call.requestID)
        switch await receive(report) {
        case .taken: return Self.taken
        case .unknown: throw Problem.noRoute
        case .notUnderstood: throw Problem.invalid("report", .report)
        case .unavailable(let reason): throw Problem.unavailable(reason: reason)
        }
    }

    /// 200 without content: Kannel takes any other success for a failure.
    private static let taken = Answer(status: 200, contentType: nil, body: [])

    /// Forms and JSON, whatever their parameters: carriers are sloppy, and the reader is strict.
    private static func isTaken(_ field: String?) -> Bool {
        guard let field, field.utf8.count <= 256 else { return field == nil }
        let type = field.prefix { $0 != ";" }.lowercased().filter { $0 != " " && $0 != "\t" }
        return ["application/x-www-form-urlencoded", "application/json", "text/json"].contains(type)
    }
}
