import AuthDomain
import AuthService
import JSONText

/// App passwords for their owners, through a complete sign-in (api.md, service listener).
struct AppPasswordRoutes: Sendable {
    let desk: AppPasswordDesk
    let tokens: AccessTokens

    var routes: [Route] {
        let access = RouteAccess.scopes([.signIn])
        return [
            Route(.post, "/v1/sign-ins/{id}/app-passwords", access, action: issue),
            Route(.get, "/v1/sign-ins/{id}/app-passwords", access, action: list),
            Route(.delete, "/v1/sign-ins/{id}/app-passwords/{password}", access, action: revoke),
            Route(.post, "/v1/sign-ins/{id}/access-tokens", access, action: issueToken),
        ]
    }

    private func issue(_ call: Call) async throws(Problem) -> Answer {
        var fields = try call.body()
        let request = try AppPasswordFields.read(&fields)
        try fields.finish()
        let issued = try await owning { () async throws(AppPasswordFailure) in
            try await desk.issue(
                signIn: call.parameter("id"), request, provenance: call.provenance(entry: "web"))
        }
        return .json(201) { $0.issued(issued) }
    }

    private func list(_ call: Call) async throws(Problem) -> Answer {
        let records = try await owning { () async throws(AppPasswordFailure) in
            try await desk.list(signIn: call.parameter("id"), provenance: call.provenance(entry: "web"))
        }
        return .json { $0.appPasswords(records) }
    }

    private func revoke(_ call: Call) async throws(Problem) -> Answer {
        try await owning { () async throws(AppPasswordFailure) in
            try await desk.revoke(
                signIn: call.parameter("id"), AppPasswordID(call.parameter("password")),
                provenance: call.provenance(entry: "web"))
        }
        return .noContent
    }

    private func issueToken(_ call: Call) async throws(Problem) -> Answer {
        let fields = try call.body()
        try fields.finish()
        let token = try await attempting { () async throws(SignInFailure) in
            try await tokens.issue(signIn: call.parameter("id"), provenance: call.provenance(entry: "web"))
        }
        return .json(201) { writer in
            writer.field("access_token", token.text)
            writer.field("token_type", "Bearer")
            writer.field("expires_in", Int(token.lifetime.components.seconds))
            writer.field("scope", "mail")
        }
    }

    private func owning<Value>(
        _ body: () async throws(AppPasswordFailure) -> Value
    ) async throws(Problem) -> Value {
        do {
            return try await body()
        } catch {
            throw Problem(error)
        }
    }
}

/// App passwords as operators see them: list, revoke, and make for applications (R-SCOPE-7).
struct AccountAppPasswordRoutes: Sendable {
    let manage: ManageAppPasswords

    var routes: [Route] {
        [
            Route(.get, "/v1/accounts/{address}/app-passwords", .reading, action: list),
            Route(.post, "/v1/accounts/{address}/app-passwords", .operating, action: issue),
            Route(.delete, "/v1/accounts/{address}/app-passwords/{password}", .operating, action: revoke),
        ]
    }

    private func list(_ call: Call) async throws(Problem) -> Answer {
        let records = try await operating { () async throws(OperatorFailure) in
            try await manage.list(call.parameter("address"))
        }
        return .json { $0.appPasswords(records) }
    }

    private func issue(_ call: Call) async throws(Problem) -> Answer {
        var fields = try call.body()
        let request = try AppPasswordFields.read(&fields)
        let document = try fields.string("document")
        try fields.finish()
        let issued = try await operating { () async throws(OperatorFailure) in
            try await manage.issue(
                call.parameter("address"), request, document: document, provenance: call.provenance(entry: "api"))
        }
        return .json(201) { $0.issued(issued) }
    }

    private func revoke(_ call: Call) async throws(Problem) -> Answer {
        try await operating { () async throws(OperatorFailure) in
            try await manage.revoke(
                call.parameter("address"), AppPasswordID(call.parameter("password")),
                provenance: call.provenance(entry: "api"))
        }
        return .noContent
    }
}

/// What a new app password is to be.
enum AppPasswordFields {
    static func read(_ fields: inout FieldReader) throws(Problem) -> AppPasswordRequest {
        let label = try fields.string("label")
        guard let services: [MailService] = try fields.optionalWords("services") else {
            throw Problem.invalid("services", .required)
        }
        var request = AppPasswordRequest(label: label, services: services)
        for text in try fields.optionalStrings("networks") ?? [] {
            guard let block = AddressBlock(text) else { throw Problem.invalid("networks", .networks) }
            request.networks.append(block)
        }
        request.expiresAt = try fields.optionalInstant("expires_at")
        return request
    }
}
