package import AuthDomain

/// Records why a mailbox may be silent (Đ8.2.a: "mà không có lý do"; R-LOCK-14).
package struct KeepExemptions: Sendable {
    /// The longest exemption: nothing is open-ended.
    private static let longest = Duration.seconds(3 * 366 * 86_400)

    private let ports: ServicePorts
    private let desk: OperatorDesk

    /// Makes the use cases.
    package init(ports: ServicePorts, policy: ServicePolicy) {
        self.ports = ports
        desk = OperatorDesk(ports: ports, policy: policy)
    }

    /// Records an exemption; while it runs nothing is locked for inactivity, and the period begins anew at its end.
    package func record(
        _ address: String, reason: String, document: String, from: WallInstant, until: WallInstant,
        provenance: Provenance
    ) async throws(OperatorFailure) -> Exemption {
        let reason = try OperatorDesk.text(reason, field: "reason", limit: 500)
        let document = try OperatorDesk.text(document, field: "document", limit: 200)
        guard from < until, until - from <= Self.longest else {
            throw OperatorFailure.invalidRequest(field: "until", expected: "an instant after “from”, within 3 years")
        }
        let account = try await desk.account(address)
        let now = ports.clock.now()
        let exemption = Exemption(
            id: ports.random.identifier(prefix: "exm_"), account: account.id, reason: reason, document: document,
            from: from, until: until, actor: provenance.actor ?? provenance.client, recordedAt: now)
        let event = AuditEvent(
            time: now, code: .exemptionRecorded, result: .success, account: account.id,
            address: account.address.text, clause: "Điều 8.2.a", document: document,
            detail: "\(exemption.id) until \(RFC3339.format(until)): \(reason)", provenance: provenance)
        try await operating(OperatorFailure.init(_:)) { () async throws(OperatorRefusal) in
            try await ports.desk.add(exemption, event: event)
        }
        return exemption
    }

    /// The exemptions of an account, newest first.
    package func list(_ address: String) async throws(OperatorFailure) -> [Exemption] {
        let account = try await desk.account(address)
        return try await operating(OperatorFailure.init(_:)) { () async throws(StoreUnavailable) in
            try await ports.desk.exemptions(of: account.id)
        }
    }

    /// Ends an exemption now.
    package func end(_ address: String, _ id: String, provenance: Provenance) async throws(OperatorFailure) {
        let account = try await desk.account(address)
        let now = ports.clock.now()
        let event = AuditEvent(
            time: now, code: .exemptionEnded, result: .success, account: account.id, address: account.address.text,
            clause: "Điều 8.2.a", detail: String(id.prefix(64)), provenance: provenance)
        try await operating(OperatorFailure.init(_:)) { () async throws(OperatorRefusal) in
            try await ports.desk.endExemption(id, of: account.id, now: now, event: event)
        }
    }
}
