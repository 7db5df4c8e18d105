import JSONText
import AuthDomain
import AuthService

/// The rules of Điều 12 for pages that show them, and the check of a candidate (R-PW-10).
struct PasswordPolicyRoutes: Sendable {
    let policy: ServicePolicy
    let choice: PasswordChoice
    let clock: any WallClock

    var routes: [Route] {
        [
            Route(.get, "/v1/password-policy", .anyClient, action: show),
            Route(.post, "/v1/password-policy/check", .anyClient, action: check),
        ]
    }

    private func show(_ call: Call) async throws(Problem) -> Answer {
        .passwordPolicy(policy, call.language)
    }

    /// The candidate is looked at and forgotten: neither stored nor logged.
    private func check(_ call: Call) async throws(Problem) -> Answer {
        var fields = try call.body()
        let candidate = try fields.string("password")
        let address = try fields.optionalString("account", limit: PersonFields.accountLength.upperBound)
        try fields.finish()
        let violations = choice.violations(of: candidate, address: address, now: clock.now())
        return .json { writer in
            writer.field("acceptable", violations.isEmpty)
            writer.violations(violations, call.language)
        }
    }
}
