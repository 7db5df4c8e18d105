import AuthDomain
import AuthService

/// The field `client` of a body: the person's machine, as told by the calling system, believed since that has a key.
enum PersonFields {
    /// Characters of an account name as typed.
    static let accountLength = 1...320
    private static let userAgentLimit = 256
    private static let deviceLimit = 512

    static func read(_ fields: inout FieldReader) throws(Problem) -> PersonalClient {
        var client = try fields.object("client")
        guard let address = NetworkAddress(try client.string("ip")) else {
            throw Problem.invalid("client.ip", .networkAddress)
        }
        let userAgent = try client.optionalString("user_agent")
        let device = try client.optionalString("device", limit: deviceLimit)
        try client.finish()
        return PersonalClient(address: address, userAgent: userAgent.map(cut), device: device)
    }

    /// Browsers say what they like: cut, and control characters made visible, so that no line of a log breaks.
    private static func cut(_ userAgent: String) -> String {
        var text = String.UnicodeScalarView()
        for scalar in userAgent.unicodeScalars.prefix(userAgentLimit) {
            text.append(scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar)
        }
        return String(text)
    }
}

/// The field `code` of a body.
enum CodeFields {
    /// The longest code that is read: 12 characters with spaces and hyphens as a person may type them.
    private static let limit = 64

    /// A code that can be one of its kind; anything else is refused before any look-up, alike for every account.
    static func code(_ kind: FactorKind, in fields: inout FieldReader) throws(Problem) -> String {
        let code = try fields.string("code", characters: 1...limit)
        switch kind {
        case .totp, .sms:
            guard (try? OTPCode(parsing: code)) != nil else { throw Problem.invalid("code", .oneTimeCode) }
        case .recovery:
            guard RecoveryCode(parsing: code) != nil else { throw Problem.invalid("code", .printedCode) }
        case .enrolmentCode:
            guard EnrolmentCode(parsing: code) != nil else { throw Problem.invalid("code", .printedCode) }
        }
        return code
    }
}
