import AuthDomain

/// Makes app passwords and their audit rows, for owners and operators alike.
struct AppPasswordMint: Sendable {
    private static let labelLimit = 64

    let ports: ServicePorts

    /// The field of a request that cannot be meant, and what is expected of it.
    func objection(to request: AppPasswordRequest, now: WallInstant) -> (field: String, expected: String)? {
        let isPrintable = request.label.unicodeScalars.allSatisfy { scalar in
            ![.control, .unassigned, .surrogate].contains(scalar.properties.generalCategory)
        }
        let isBlank = request.label.unicodeScalars.allSatisfy(\.properties.isWhitespace)
        guard isPrintable, !isBlank, request.label.unicodeScalars.count <= Self.labelLimit else {
            return ("label", "1 to \(Self.labelLimit) printable characters")
        }
        guard !request.services.isEmpty else { return ("services", "at least one service") }
        guard request.networks.count <= AppPasswordTerms.maximumNetworks else {
            return ("networks", "at most \(AppPasswordTerms.maximumNetworks) networks")
        }
        guard request.expiresAt.map({ $0 > now }) ?? true else { return ("expires_at", "an instant to come") }
        return nil
    }

    /// A password with its record.
    func make(
        _ request: AppPasswordRequest, account: AccountID, document: String?, now: WallInstant
    ) -> IssuedAppPassword {
        let password = AppPassword(random: ports.random.bytes(count: AppPassword.randomByteCount))
        let id = AppPasswordID(ports.random.identifier(prefix: "apw_"))
        let terms = AppPasswordTerms(
            services: request.services, networks: request.networks, expiresAt: request.expiresAt)
        let digests = AppPasswordDigests(digest: ports.digest)
        return IssuedAppPassword(
            record: AppPasswordRecord(
                id: id, account: account, label: request.label, lookup: digests.lookup(of: password),
                digest: digests.proof(of: password, id: id, account: account, terms: terms), terms: terms,
                document: document, createdAt: now, lastUse: nil),
            password: password.text)
    }

    /// The row that goes with making one.
    func event(
        _ code: AuditCode, _ record: AppPasswordRecord, address: String, provenance: Provenance
    ) -> AuditEvent {
        let services = record.terms.services.map(\.rawValue).joined(separator: " ")
        return AuditEvent(
            time: record.createdAt, code: code, result: .success, account: record.account, address: address,
            factor: "app_password", document: record.document, detail: "\(record.id): \(services)",
            provenance: provenance)
    }

    /// The row that goes with revoking one.
    func revocation(
        _ id: AppPasswordID, account: AccountID, address: String, provenance: Provenance
    ) -> AuditEvent {
        AuditEvent(
            time: ports.clock.now(), code: .appPasswordRevoked, result: .success, account: account, address: address,
            factor: "app_password", detail: id.text, provenance: provenance)
    }
}
