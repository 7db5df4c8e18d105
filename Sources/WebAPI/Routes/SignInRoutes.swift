import AuthDomain
import AuthService
import JSONText

/// The sign-in machine: password, factor, new password, enrolment (api.md, service listener).
struct SignInRoutes: Sendable {
    let begin: BeginSignIn
    let read: ReadSignIn
    let prove: ProveFactor
    let choose: ChoosePassword
    let enrol: EnrolTOTP
    let send: SendSignInCode
    /// Draws a QR code as SVG; nil when the text does not fit one.
    let drawQRCode: @Sendable (String) -> String?

    var routes: [Route] {
        let access = RouteAccess.scopes([.signIn])
        return [
            Route(.post, "/v1/sign-ins", access, action: begin),
            Route(.get, "/v1/sign-ins/{id}", access, action: read),
            Route(.post, "/v1/sign-ins/{id}/sms", access, naming: .optional, action: send),
            Route(.post, "/v1/sign-ins/{id}/factor", access, action: prove),
            Route(.post, "/v1/sign-ins/{id}/password", access, action: choosePassword),
            Route(.post, "/v1/sign-ins/{id}/totp", access, action: beginEnrolment),
            Route(.post, "/v1/sign-ins/{id}/totp/{enrolment}", access, action: confirmEnrolment),
        ]
    }

    private func begin(_ call: Call) async throws(Problem) -> Answer {
        var fields = try call.body()
        let address = try fields.string("account", characters: PersonFields.accountLength)
        let password = try fields.string("password")
        let person = try PersonFields.read(&fields)
        try fields.finish()
        let provenance = call.provenance(entry: "web", person: person)
        let view = try await attempting { () async throws(SignInFailure) in
            try await begin(address: address, password: password, person: person, provenance: provenance)
        }
        var answer = Answer.signIn(view, status: 201, call.language)
        answer.headers = [("Location", "/v1/sign-ins/" + view.id)]
        return answer
    }

    private func read(_ call: Call) async throws(Problem) -> Answer {
        let view = try await attempting { () async throws(SignInFailure) in
            try await read(signIn: call.parameter("id"), provenance: call.provenance(entry: "web"))
        }
        return .signIn(view, call.language)
    }

    private func send(_ call: Call) async throws(Problem) -> Answer {
        try call.body().finish()
        let sent = try await attempting { () async throws(SignInFailure) in
            try await send(
                signIn: call.parameter("id"), language: call.language, provenance: call.provenance(entry: "web"))
        }
        return .sent(sent)
    }

    private func prove(_ call: Call) async throws(Problem) -> Answer {
        var fields = try call.body()
        let kind: FactorKind = try fields.word("kind")
        let code = try CodeFields.code(kind, in: &fields)
        try fields.finish()
        let view = try await attempting { () async throws(SignInFailure) in
            try await prove(
                signIn: call.parameter("id"), kind: kind, code: code, provenance: call.provenance(entry: "web"))
        }
        return .signIn(view, call.language)
    }

    private func choosePassword(_ call: Call) async throws(Problem) -> Answer {
        var fields = try call.body()
        let new = try fields.string("new_password")
        let current = try fields.optionalString("current_password")
        try fields.finish()
        let view = try await attempting { () async throws(SignInFailure) in
            try await choose(
                signIn: call.parameter("id"), newPassword: new, currentPassword: current,
                provenance: call.provenance(entry: "web"))
        }
        return .signIn(view, call.language)
    }

    private func beginEnrolment(_ call: Call) async throws(Problem) -> Answer {
        var fields = try call.body()
        let label = try fields.optionalString("label")
        try fields.finish()
        let offer = try await attempting { () async throws(SignInFailure) in
            try await enrol.begin(
                signIn: call.parameter("id"), label: label, provenance: call.provenance(entry: "web"))
        }
        guard let drawing = drawQRCode(offer.uri) else {
            throw Problem.unavailable(reason: "key URI does not fit a QR code")
        }
        return .json(201) { writer in
            writer.field("enrolment", offer.id.text)
            writer.field("secret", offer.secret)
            writer.field("uri", offer.uri)
            writer.field("qr_svg", drawing)
        }
    }

    private func confirmEnrolment(_ call: Call) async throws(Problem) -> Answer {
        var fields = try call.body()
        let code = try CodeFields.code(.totp, in: &fields)
        try fields.finish()
        let view = try await attempting { () async throws(SignInFailure) in
            try await enrol.confirm(
                signIn: call.parameter("id"), enrolment: AuthenticatorID(call.parameter("enrolment")), code: code,
                provenance: call.provenance(entry: "web"))
        }
        return .signIn(view, call.language)
    }
}

/// Runs a step of a sign-in and answers its failure by the table.
func attempting<Value>(_ body: () async throws(SignInFailure) -> Value) async throws(Problem) -> Value {
    do {
        return try await body()
    } catch {
        throw Problem(error)
    }
}
