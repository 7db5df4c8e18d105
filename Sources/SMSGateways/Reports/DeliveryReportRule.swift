package import AuthDomain
internal import JSONText

/// A request of a gateway that reports on a message; the caller has bounded its size.
package struct ReportRequest: Sendable {
    /// The query without `?`.
    package let query: String
    /// The body.
    package let body: [UInt8]
    /// The address it came from.
    package let peer: NetworkAddress
    /// The reference and token of its path; nil when it came to the gateway's address without them.
    package let link: (reference: String, token: String)?

    /// Describes a request.
    package init(
        query: String, body: [UInt8] = [], peer: NetworkAddress, link: (reference: String, token: String)?
    ) {
        self.query = query
        self.body = body
        self.peer = peer
        self.link = link
    }
}

/// Which message a report is about.
package enum ReportSubject: Hashable, Sendable {
    /// Our reference.
    case reference(String)
    /// The gateway's own id, as its answer named it.
    case providerID(String)
}

/// A report that was checked and understood.
package struct ReceivedReport: Hashable, Sendable {
    /// Which message it is about.
    package let subject: ReportSubject
    /// What the carrier says.
    package let report: DeliveryReport
}

/// Why a report changes nothing; the raw values are metric labels.
package enum ReportFault: String, Error, CaseIterable, Sendable {
    /// It carries no valid token, or comes from an address that is not the gateway's.
    case forged
    /// It is larger than 8 kB, has more than 64 fields, or is no form, query or JSON.
    case malformed
    /// It names no message.
    case noSubject = "no_subject"
    /// It tells no state that the settings know.
    case unknownState = "unknown_state"
}

/// How the delivery reports of one gateway are read and checked.
package struct DeliveryReportRule: Hashable, Sendable {
    /// The most bytes of a query and of a body.
    package static let byteLimit = 8192

    enum Source: String, CaseIterable, Sendable {
        case query
        case form
        case json
    }

    struct State: Hashable, Sendable {
        let field: String
        let values: [String]
        let report: DeliveryReport
    }

    let source: Source
    /// The field with our reference; a link's own reference comes before it.
    let reference: String?
    /// The field with the gateway's id.
    let providerID: String?
    /// The first that fits decides.
    let states: [State]
    /// The addresses that may report; empty for any, and then a link's token is required.
    let addresses: [AddressBlock]
    /// Whether a report needs the token of its message.
    let needsToken: Bool

    /// Reads and checks a report.
    ///
    /// - Throws: `ReportFault`.
    package func read(
        _ request: ReportRequest, gateway: String, links: DeliveryReportLinks?
    ) throws(ReportFault) -> ReceivedReport {
        try authenticate(request, gateway: gateway, links: links)
        guard request.query.utf8.count <= Self.byteLimit, request.body.count <= Self.byteLimit else {
            throw .malformed
        }
        let fields = try fields(of: request)
        let subject: ReportSubject? =
            if let link = request.link {
                .reference(link.reference)
            } else if let reference, let text = fields(reference), Self.isReference(text) {
                .reference(text)
            } else if let providerID, let text = fields(providerID), (1...128).contains(text.utf8.count) {
                .providerID(text)
            } else {
                nil
            }
        guard let subject else { throw .noSubject }
        let state = states.first { state in fields(state.field).map(state.values.contains) ?? false }
        guard let state else { throw .unknownState }
        return ReceivedReport(subject: subject, report: state.report)
    }

    private func authenticate(
        _ request: ReportRequest, gateway: String, links: DeliveryReportLinks?
    ) throws(ReportFault) {
        guard addresses.isEmpty || addresses.contains(where: { $0.contains(request.peer) }) else { throw .forged }
        guard let link = request.link else {
            if needsToken || addresses.isEmpty { throw .forged }
            return
        }
        guard let links, links.accepts(link.token, gateway: gateway, reference: link.reference) else { throw .forged }
    }

    private func fields(of request: ReportRequest) throws(ReportFault) -> (String) -> String? {
        switch source {
        case .query:
            guard let form = FormFields(Array(request.query.utf8)) else { throw .malformed }
            return { form[$0] }
        case .form:
            guard let form = FormFields(request.body) else { throw .malformed }
            return { form[$0] }
        case .json:
            guard let json = JSONValue(exchanged: request.body) else { throw .malformed }
            return { name in JSONPointer(name).flatMap { json.at($0)?.scalarText } }
        }
    }

    private static func isReference(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
                default: false
                }
            }
    }
}

extension DeliveryReportRule {
    /// Kannel's reports: the state in `type`, by GET, under the link of their message.
    static func kannel(addresses: [AddressBlock]) -> DeliveryReportRule {
        let types: [(String, DeliveryReport)] = [
            ("1", .delivered), ("2", .failed), ("4", .buffered), ("8", .accepted), ("16", .rejected),
        ]
        return DeliveryReportRule(
            source: .query, reference: nil, providerID: nil,
            states: types.map { State(field: "type", values: [$0.0], report: $0.1) }, addresses: addresses,
            needsToken: true)
    }
}
