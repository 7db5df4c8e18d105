import AuthDomain

/// Operators see and end app passwords, and make them for applications, which cannot prove a one-time code
/// (T-4, R-SCOPE-7).
package struct ManageAppPasswords: Sendable {
    private let mail: MailPorts
    private let policy: ServicePolicy
    private let desk: OperatorDesk
    private let mint: AppPasswordMint

    /// Makes the use cases.
    package init(mail: MailPorts, policy: ServicePolicy) {
        self.mail = mail
        self.policy = policy
        desk = OperatorDesk(ports: mail.base, policy: policy)
        mint = AppPasswordMint(ports: mail.base)
    }

    /// The app passwords of an account, oldest first.
    package func list(_ address: String) async throws(OperatorFailure) -> [AppPasswordRecord] {
        let account = try await desk.account(address)
        return try await operating(OperatorFailure.init(_:)) { () async throws(StoreUnavailable) in
            try await mail.appPasswords.appPasswords(of: account.id)
        }
    }

    /// Makes one for a system or service account, on the strength of the paper that approves it (Đ10.1.e, Đ16.2).
    ///
    /// People make their own, after a complete sign-in: nobody else ever knows one of theirs.
    package func issue(
        _ address: String, _ request: AppPasswordRequest, document: String, provenance: Provenance
    ) async throws(OperatorFailure) -> IssuedAppPassword {
        let document = try OperatorDesk.text(document, field: "document", limit: 200)
        let account = try await desk.account(address)
        guard account.kind == .system || account.kind == .service else {
            throw .invalidRequest(field: "account", expected: "one of kind system or service; people make their own")
        }
        let now = mail.base.clock.now()
        if let (field, expected) = mint.objection(to: request, now: now) {
            throw .invalidRequest(field: field, expected: expected)
        }
        let issued = mint.make(request, account: account.id, document: document, now: now)
        let condition = AppPasswordGuard(
            account: account.id, passwordVersion: nil, maximum: policy.mail.maximumAppPasswords)
        let event = mint.event(
            .appPasswordIssued, issued.record, address: account.address.text, provenance: provenance)
        let verdict = try await operating(OperatorFailure.init(_:)) { () async throws(StoreUnavailable) in
            try await mail.appPasswords.issue(issued.record, guard: condition, event: event)
        }
        switch verdict {
        case .stored: return issued
        case .locked: throw .standsLocked(account.locks.map(\.cause))
        case .outdated: throw .notFound
        case .tooMany:
            throw .invalidRequest(field: "body", expected: "at most \(condition.maximum) app passwords an account")
        }
    }

    /// Revokes one.
    package func revoke(
        _ address: String, _ id: AppPasswordID, provenance: Provenance
    ) async throws(OperatorFailure) {
        let account = try await desk.account(address)
        let event = mint.revocation(id, account: account.id, address: account.address.text, provenance: provenance)
        try await operating(OperatorFailure.init(_:)) { () async throws(OperatorRefusal) in
            try await mail.appPasswords.revokeAppPassword(id, of: account.id, now: mail.base.clock.now(), event: event)
        }
    }
}
