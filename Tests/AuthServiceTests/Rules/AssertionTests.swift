import AuthDomain
import Foundation
import Testing

@testable import AuthService

@Suite("What an assertion says")
struct AssertionTests {
    private static let at = WallInstant(seconds: 1_795_420_800)

    private func claims(
        _ proof: FactorProof = .recoveryCode, audience: String = "sso", lifetime: Duration = .seconds(60)
    ) throws -> [String: Any] {
        let account = Account(
            id: AccountID("acc_1"), address: MailboxAddress(canonical: "an@hanoi.gov.vn"), aliases: [],
            kind: .personal, displayName: nil, organisation: nil, lifecycle: .active,
            password: PasswordCredential(
                record: "", version: 1, changedAt: Self.at, mustChange: false, isIssued: false, expiresAt: nil),
            budgets: [:], locks: [], authenticators: [], recoveryCodesLeft: 0, enrolmentCode: nil, sealedPhone: nil,
            maskedPhone: nil, notifiedAt: nil, createdAt: Self.at, lastSignInAt: nil)
        let payload = Assertion(
            issuer: "https://sso.thudo.gov.vn", audience: audience, account: account,
            authenticatedAt: Self.at - .seconds(5), proof: proof, issuedAt: Self.at, lifetime: lifetime,
            identifier: "ast_1"
        ).payload()
        return try #require(try JSONSerialization.jsonObject(with: Data(payload)) as? [String: Any])
    }

    @Test("R-JWT-1, R-JWT-2: every claim is there")
    func allClaims() throws {
        let claims = try claims(.totp(AuthenticatorID("a")))
        #expect(claims["iss"] as? String == "https://sso.thudo.gov.vn")
        #expect(claims["aud"] as? String == "sso")
        #expect(claims["sub"] as? String == "acc_1")
        #expect(claims["email"] as? String == "an@hanoi.gov.vn")
        #expect(claims["auth_time"] as? Int64 == Self.at.seconds - 5)
        #expect(claims["iat"] as? Int64 == Self.at.seconds && claims["nbf"] as? Int64 == Self.at.seconds)
        #expect(claims["jti"] as? String == "ast_1")
        #expect(claims["amr"] as? [String] == ["pwd", "otp", "mfa"])
        #expect(claims["acr"] as? String == "urn:otpd:acr:mfa")
        #expect(claims["otpd_recovery_code"] == nil)
        #expect(Assertion.type == "otpd-assertion+jwt")
    }

    @Test("R-JWT-2: a recovery code is told apart")
    func recovery() throws {
        #expect(try claims(.recoveryCode)["otpd_recovery_code"] as? Bool == true)
        #expect(try claims(.enrolmentCode(id: "e"))["otpd_recovery_code"] == nil)
    }

    @Test("an assertion lives sixty seconds at most", arguments: [1, 30, 60, 61, 86_400])
    func lifetime(_ seconds: Int64) throws {
        let expiry = try claims(lifetime: .seconds(seconds))["exp"] as? Int64
        #expect(expiry == Self.at.seconds + min(seconds, 60))
    }

    @Test(
        "text from outside stays inside its string",
        arguments: ["a\"b", "a\\", "a\u{0}\u{1F}\n", "\",\"sub\":\"acc_2", "ế🦆\u{2028}"])
    func escaping(_ audience: String) throws {
        let claims = try claims(audience: audience)
        #expect(claims["aud"] as? String == audience)
        #expect(claims["sub"] as? String == "acc_1")
    }
}
