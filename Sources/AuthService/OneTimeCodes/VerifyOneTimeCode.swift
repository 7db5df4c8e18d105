import AuthDomain

/// Checks a one-time code by itself, for systems that verify the password elsewhere (`POST /v1/otp/verify`).
package struct VerifyOneTimeCode: Sendable {
    private let ports: ServicePorts
    private let policy: ServicePolicy

    /// Makes the use case.
    package init(ports: ServicePorts, policy: ServicePolicy) {
        self.ports = ports
        self.policy = policy
    }

    /// Verifies and consumes a code; success ends the failures counted on the account's OTP budget.
    ///
    /// An enrolment code is none of these: it stays usable until an enrolment is confirmed with it, so that whoever
    /// relies on this check would let it in again and again.
    ///
    /// - Throws: `invalidCode` for a wrong or used code and for an address that has no account; `accountLocked`
    ///   when a lock stands; `invalidRequest` for an enrolment code, unseen and alike for every address.
    package func callAsFunction(
        address: String, code: String, kind: FactorKind, person: PersonalClient, provenance: Provenance
    ) async throws(SignInFailure) -> FactorKind {
        guard kind != .enrolmentCode else {
            throw SignInFailure.invalidRequest(field: "kind", expected: "totp, sms or recovery")
        }
        let throttle = AddressThrottle(ports: ports, policy: policy)
        try await throttle.take(person.address)
        let claim = try await ClaimResolver(ports: ports, policy: policy).resolve(address)
        let presentation = FactorEvaluator.Presentation(
            claim: claim, lane: .shared, passwordVersion: nil, kind: kind, code: code,
            transaction: SMSCodeBinding.check(client: provenance.client, subject: claim.subject), purpose: .check,
            provenance: provenance)
        let proof = try await FactorEvaluator(ports: ports, policy: policy).prove(presentation, resetting: true) {
            _ in nil
        }
        await throttle.giveBack(person.address)
        ports.observer.signIn(.factorAccepted)
        return proof.kind
    }
}
