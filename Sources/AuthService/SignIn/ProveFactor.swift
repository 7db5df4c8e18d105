import AuthDomain

/// The second step: a one-time code, a recovery code or the operator's enrolment code.
package struct ProveFactor: Sendable {
    private let ports: ServicePorts
    private let policy: ServicePolicy
    private let session: SignInSession

    /// Makes the use case.
    package init(ports: ServicePorts, policy: ServicePolicy) {
        self.ports = ports
        self.policy = policy
        session = SignInSession(ports: ports, policy: policy)
    }

    /// Proves a factor; when nothing more is owed this completes the sign-in in the same commit.
    package func callAsFunction(
        signIn id: String, kind: FactorKind, code: String, provenance: Provenance
    ) async throws(SignInFailure) -> SignInView {
        var signIn = try await session.open(id, provenance: provenance)
        guard signIn.status == .factorRequired else { throw SignInFailure.outOfOrder(owed: signIn.status) }
        let account = signIn.account
        let before = signIn.record
        let provenance = before.provenance(of: provenance)
        let presentation = FactorEvaluator.Presentation(
            claim: ClaimedIdentity(
                account: account, unknownSubject: account.id.text, addressAsUsed: before.addressAsUsed),
            lane: before.lane, passwordVersion: before.passwordVersion, kind: kind, code: code,
            transaction: id, purpose: .login, provenance: provenance)
        let proof = try await FactorEvaluator(ports: ports, policy: policy).prove(presentation, resetting: false) {
            proof in
            var proven = before
            proven.proof = proof
            guard session.owed(proven, account: account) == .complete else { return nil }
            return session.completion(of: proven, account: account, provenance: provenance)
        }
        ports.observer.signIn(.factorAccepted)
        signIn.record.proof = proof
        signIn.record.provenAt = ports.clock.now()
        if session.owed(signIn.record, account: account) == .complete { session.markComplete(&signIn.record) }
        try await session.save(signIn)
        return try session.view(id, signIn.record, account: account)
    }
}

/// Shows a sign-in as it is now.
package struct ReadSignIn: Sendable {
    private let session: SignInSession

    /// Makes the use case.
    package init(ports: ServicePorts, policy: ServicePolicy) {
        session = SignInSession(ports: ports, policy: policy)
    }

    /// The sign-in; complete ones come with a fresh assertion, so that a lost answer can be fetched again.
    package func callAsFunction(signIn id: String, provenance: Provenance) async throws(SignInFailure) -> SignInView {
        let signIn = try await session.open(id, provenance: provenance)
        return try session.view(id, signIn.record, account: signIn.account)
    }
}
