package import AuthDomain

/// Gives an owner a way back in without ever seeing or choosing a password: temporary passwords, enrolment codes,
/// and the revocation of lost authenticators (R-OTP-6, R-PW-9, R-ROLE-2).
package struct ReissueCredentials: Sendable {
    private let ports: ServicePorts
    private let policy: ServicePolicy
    private let desk: OperatorDesk

    /// Makes the use cases.
    package init(ports: ServicePorts, policy: ServicePolicy) {
        self.ports = ports
        self.policy = policy
        desk = OperatorDesk(ports: ports, policy: policy)
    }

    /// Sets a temporary password that must be changed at the next sign-in; refused while a lock stands.
    package func resetPassword(
        _ address: String, document: String, provenance: Provenance
    ) async throws(OperatorFailure) -> String {
        let document = try OperatorDesk.text(document, field: "document", limit: 200)
        let account = try await signingIn(address)
        let temporary = try await desk.temporaryPassword()
        let now = ports.clock.now()
        let event = desk.event(.passwordReset, account, document: document, provenance)
        do {
            try await ports.operators.resetPassword(
                account.id, record: temporary.record, expiresAt: now + policy.temporaryPasswordLifetime, now: now,
                event: event)
        } catch {
            if error == .conflict { throw OperatorFailure.standsLocked(account.locks.map(\.cause)) }
            throw OperatorFailure(error)
        }
        return temporary.text
    }

    /// Issues an enrolment code; an older one dies.
    package func issueEnrolmentCode(
        _ address: String, document: String, provenance: Provenance
    ) async throws(OperatorFailure) -> (code: String, expiresAt: WallInstant) {
        let document = try OperatorDesk.text(document, field: "document", limit: 200)
        let account = try await signingIn(address)
        let code = desk.enrolmentCode()
        let event = desk.event(.enrolmentCodeIssued, account, document: document, provenance)
        try await operating(OperatorFailure.init(_:)) { () async throws(OperatorRefusal) in
            try await ports.operators.issueEnrolmentCode(
                account.id, code.record, now: ports.clock.now(), event: event)
        }
        return (code.text, code.record.expiresAt)
    }

    /// Revokes one authenticator: lost, or its holder has left (T-6).
    package func revokeAuthenticator(
        _ address: String, _ id: AuthenticatorID, provenance: Provenance
    ) async throws(OperatorFailure) {
        let account = try await desk.account(address)
        let event = desk.event(.authenticatorRevoked, account, authenticator: id, provenance)
        try await operating(OperatorFailure.init(_:)) { () async throws(OperatorRefusal) in
            try await ports.operators.revokeAuthenticator(account.id, id, now: ports.clock.now(), event: event)
        }
    }

    private func signingIn(_ address: String) async throws(OperatorFailure) -> Account {
        let account = try await desk.account(address)
        guard account.kind.canSignIn else { throw OperatorFailure.hasNoLogin(account.kind) }
        return account
    }
}
