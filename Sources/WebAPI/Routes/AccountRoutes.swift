import AuthDomain
import AuthService
import JSONText

/// Provisioning, showing, changing and destroying accounts (api.md, admin listener).
struct AccountRoutes: Sendable {
    let provision: ProvisionAccount
    let keep: KeepAccounts
    let restorations: any RestorationTracker
    let pages: AccountPages

    var routes: [Route] {
        [
            Route(.post, "/v1/accounts", .operating, naming: .optional, action: provision),
            Route(.get, "/v1/accounts/{address}", .reading, action: read),
            Route(.patch, "/v1/accounts/{address}", .operating, action: change),
            Route(.delete, "/v1/accounts/{address}", .operating, action: destroy),
        ]
    }

    private func provision(_ call: Call) async throws(Problem) -> Answer {
        var fields = try call.body()
        var request = ProvisioningRequest(
            address: try fields.string("address", characters: 1...320), kind: try fields.word("kind"))
        request.aliases = try fields.optionalStrings("aliases") ?? []
        request.displayName = try fields.optionalString("display_name")
        request.organisation = try fields.optionalString("organisation")
        request.phone = try fields.optionalString("phone")
        request.notifiedAt = try fields.optionalInstant("notified_at")
        request.document = try fields.optionalString("document")
        request.passwordHash = try fields.optionalString("password_hash", limit: 1_024)
        try fields.finish()
        let wanted = request
        let made = try await operating { () async throws(OperatorFailure) in
            try await provision(wanted, provenance: call.provenance(entry: "api"))
        }
        var answer = Answer.json(201) { writer in
            writer.name("account")
            pages.write(made.account, to: &writer, call.language)
            writer.optional("temporary_password", made.temporaryPassword)
            writer.optional("enrolment_code", made.enrolmentCode)
            let warnings =
                made.warnings.map { (message: $0.message(call.language), clause: Optional($0.clause)) }
                + (made.phoneTakesNoSMS ? [(PhoneRoutes.takesNoSMS(call.language), nil)] : [])
            guard !warnings.isEmpty else { return }
            writer.array("warnings", warnings) { writer, warning in
                writer.object { writer in
                    writer.field("message", warning.message)
                    writer.nullable("clause", warning.clause)
                }
            }
        }
        answer.headers = [("Location", "/v1/accounts/" + made.account.address.text)]
        return answer
    }

    private func read(_ call: Call) async throws(Problem) -> Answer {
        let account = try await operating { () async throws(OperatorFailure) in
            try await keep.read(call.parameter("address"))
        }
        do throws(StoreUnavailable) {
            let isPending = try await restorations.isRestorationPending(account.id)
            return .json(pages, account, isRestorationPending: isPending, call.language)
        } catch {
            throw Problem(error)
        }
    }

    /// A merge (RFC 7396): a field left out stays, null clears what may be empty.
    private func change(_ call: Call) async throws(Problem) -> Answer {
        var fields = try call.body()
        try fields.refuseNull("kind", "aliases", "notified_at")
        var change = AccountChangeRequest()
        change.kind = try fields.optionalWord("kind")
        change.aliases = try fields.optionalStrings("aliases")
        change.displayName = try fields.clearableString("display_name")
        change.organisation = try fields.clearableString("organisation")
        change.phone = try fields.clearableString("phone")
        change.notifiedAt = try fields.optionalInstant("notified_at")
        change.undelivered = try fields.optionalString("notice_undelivered", limit: 200)
        change.document = try fields.optionalString("document", limit: 200)
        try fields.finish()
        let wanted = change
        let account = try await operating { () async throws(OperatorFailure) in
            try await keep.change(call.parameter("address"), wanted, provenance: call.provenance(entry: "api"))
        }
        return .json(pages, account, call.language)
    }

    private func destroy(_ call: Call) async throws(Problem) -> Answer {
        try await operating { () async throws(OperatorFailure) in
            try await keep.destroy(call.parameter("address"), provenance: call.provenance(entry: "api"))
        }
        return .noContent
    }
}

extension RouteAccess {
    /// Acts of operators.
    static let operating = RouteAccess.scopes([.operate])
    /// What may be looked at without acting.
    static let reading = RouteAccess.scopes([.operate, .read])
}

/// Runs an operator's act and answers its failure by the table.
func operating<Value>(_ body: () async throws(OperatorFailure) -> Value) async throws(Problem) -> Value {
    do {
        return try await body()
    } catch {
        throw Problem(error)
    }
}
