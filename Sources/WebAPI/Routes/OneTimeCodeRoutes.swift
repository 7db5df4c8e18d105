import JSONText
import AuthDomain
import AuthService

/// The check of single codes, for systems that verify the password elsewhere.
struct OneTimeCodeRoutes: Sendable {
    let verify: VerifyOneTimeCode
    let send: SendCheckCode

    var routes: [Route] {
        [
            Route(.post, "/v1/otp/verify", .scopes([.otp]), action: verify),
            Route(.post, "/v1/otp/sms", .scopes([.otp]), naming: .optional, action: send),
        ]
    }

    private func verify(_ call: Call) async throws(Problem) -> Answer {
        var fields = try call.body()
        let address = try fields.string("account", characters: PersonFields.accountLength)
        let kind: FactorKind = try fields.optionalWord("kind") ?? .totp
        let code = try CodeFields.code(kind, in: &fields)
        let person = try PersonFields.read(&fields)
        try fields.finish()
        let provenance = call.provenance(entry: "api", person: person)
        let proven = try await attempting { () async throws(SignInFailure) in
            try await verify(address: address, code: code, kind: kind, person: person, provenance: provenance)
        }
        return .json { writer in
            writer.field("verified", true)
            writer.field("kind", proven.rawValue)
        }
    }

    private func send(_ call: Call) async throws(Problem) -> Answer {
        var fields = try call.body()
        let address = try fields.string("account", characters: PersonFields.accountLength)
        let person = try PersonFields.read(&fields)
        try fields.finish()
        let provenance = call.provenance(entry: "api", person: person)
        let sent = try await attempting { () async throws(SignInFailure) in
            try await send(address: address, language: call.language, person: person, provenance: provenance)
        }
        return .sent(sent)
    }
}
