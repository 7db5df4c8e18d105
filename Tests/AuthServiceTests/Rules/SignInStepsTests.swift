import AuthDomain
import AuthService
import Testing

@Suite("What a sign-in owes")
struct SignInStepsTests {
    private static let proofs: [FactorProof?] = [
        nil, .totp(AuthenticatorID("a")), .recoveryCode, .enrolmentCode(id: "e"),
    ]

    /// Every combination; a row is proof, hasEnrolled, mustChange, hasAuthenticator.
    private static let table: [(Int, Bool, Bool, Bool, SignInStatus)] = proofs.indices.flatMap { proof in
        [false, true].flatMap { enrolled in
            [false, true].flatMap { change in
                [false, true].map { bound in (proof, enrolled, change, bound, expected(proof, enrolled, change, bound))
                }
            }
        }
    }

    /// The rule in words of its own: factor, then password, then an authenticator, then nothing.
    private static func expected(_ proof: Int, _ enrolled: Bool, _ change: Bool, _ bound: Bool) -> SignInStatus {
        switch (proof, change) {
        case (0, _): .factorRequired
        case (_, true): .passwordChangeRequired
        case (3, _): enrolled ? .complete : .enrolmentRequired
        default: bound ? .complete : .enrolmentRequired
        }
    }

    @Test("R-FIRST-1, R-OTP-1: every combination of proof, enrolment, duty and authenticator", arguments: table)
    func everyCombination(_ row: (Int, Bool, Bool, Bool, SignInStatus)) {
        #expect(
            SignInSteps.owed(
                proof: Self.proofs[row.0], hasEnrolled: row.1, mustChangePassword: row.2, hasAuthenticator: row.3)
                == row.4)
    }

    @Test("R-OTP-1: nothing completes without a proven factor")
    func neverWithoutFactor() {
        for row in Self.table where row.0 == 0 { #expect(row.4 == .factorRequired) }
        #expect(Self.table.count { $0.4 == .complete } > 0)
    }

    @Test("R-JWT-2: every proof earns password, one-time code and both together")
    func methods() {
        for proof in Self.proofs.compactMap({ $0 }) { #expect(proof.methodReferences == ["pwd", "otp", "mfa"]) }
    }
}
