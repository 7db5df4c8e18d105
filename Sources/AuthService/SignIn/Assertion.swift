import AuthDomain

/// The claims that the single sign-on page receives about a complete sign-in (R-JWT-1, R-JWT-2).
struct Assertion {
    /// Header `typ`, so that no other token can be taken for an assertion (RFC 8725 §3.11).
    static let type = "otpd-assertion+jwt"
    /// The authentication context: password and one-time code.
    static let contextReference = "urn:otpd:acr:mfa"

    let issuer: String
    let audience: String
    let account: Account
    let authenticatedAt: WallInstant
    let proof: FactorProof
    let issuedAt: WallInstant
    let lifetime: Duration
    let identifier: String

    /// The payload in JSON.
    func payload() -> [UInt8] {
        let lifetimeSeconds = min(lifetime.components.seconds, 60)
        var json = "{"
        json += "\"iss\":\(Self.quoted(issuer)),\"aud\":\(Self.quoted(audience)),"
        json += "\"sub\":\(Self.quoted(account.id.text)),\"email\":\(Self.quoted(account.address.text)),"
        json += "\"auth_time\":\(authenticatedAt.seconds),\"iat\":\(issuedAt.seconds),\"nbf\":\(issuedAt.seconds),"
        json += "\"exp\":\(issuedAt.seconds + lifetimeSeconds),\"jti\":\(Self.quoted(identifier)),"
        json += "\"amr\":[\(proof.methodReferences.map(Self.quoted).joined(separator: ","))],"
        json += "\"acr\":\(Self.quoted(Self.contextReference))"
        if proof == .recoveryCode { json += ",\"otpd_recovery_code\":true" }
        return Array((json + "}").utf8)
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\u{0}"..."\u{1F}": quoted += "\\u00" + Hex.encode([UInt8(scalar.value)])
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
