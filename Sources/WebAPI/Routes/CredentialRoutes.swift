import AuthDomain
import AuthService
import JSONText

/// Locks, restorations and new credentials for an account (api.md, admin listener; Đ8).
struct CredentialRoutes: Sendable {
    let lock: LockAccount
    let restore: RestoreAccount
    let reissue: ReissueCredentials
    let pages: AccountPages

    var routes: [Route] {
        [
            Route(
                .post, "/v1/accounts/{address}/locks", .operating, takesLockingKeys: true, naming: .optional,
                action: lock),
            Route(.post, "/v1/accounts/{address}/restorations", .operating, naming: .optional, action: restore),
            Route(
                .post, "/v1/accounts/{address}/password-resets", .operating, naming: .optional, action: resetPassword),
            Route(
                .post, "/v1/accounts/{address}/enrolment-codes", .operating, naming: .optional,
                action: issueEnrolmentCode),
            Route(.delete, "/v1/accounts/{address}/authenticators/{id}", .operating, action: revokeAuthenticator),
        ]
    }

    private func lock(_ call: Call) async throws(Problem) -> Answer {
        var fields = try call.body()
        let cause: LockCause = try fields.word("cause")
        let note = try fields.string("note")
        let document = try fields.optionalString("document")
        try fields.finish()
        let source = try call.lockSource(for: cause)
        let account = try await operating { () async throws(OperatorFailure) in
            try await lock(
                call.parameter("address"), cause: cause, note: note, document: document, source: source,
                provenance: call.provenance(entry: "api"))
        }
        return .json(201) { writer in
            writer.name("account")
            pages.write(account, to: &writer, call.language)
            if let lock = account.locks.first(where: { $0.cause == cause }) {
                writer.name("lock")
                pages.write(lock, to: &writer, call.language)
            }
        }
    }

    private func restore(_ call: Call) async throws(Problem) -> Answer {
        var fields = try call.body()
        let document = try fields.string("document")
        let requestedBy = try fields.string("requested_by")
        let remediation = try fields.optionalString("remediation", limit: 1_000)
        try fields.finish()
        let restored = try await operating { () async throws(OperatorFailure) in
            try await restore(
                call.parameter("address"), document: document, requestedBy: requestedBy, remediation: remediation,
                provenance: call.provenance(entry: "api"))
        }
        return .json { pages.write(restored, to: &$0, call.language) }
    }

    private func resetPassword(_ call: Call) async throws(Problem) -> Answer {
        let document = try Self.document(call)
        let password = try await operating { () async throws(OperatorFailure) in
            try await reissue.resetPassword(
                call.parameter("address"), document: document, provenance: call.provenance(entry: "api"))
        }
        return .json { $0.field("temporary_password", password) }
    }

    private func issueEnrolmentCode(_ call: Call) async throws(Problem) -> Answer {
        let document = try Self.document(call)
        let issued = try await operating { () async throws(OperatorFailure) in
            try await reissue.issueEnrolmentCode(
                call.parameter("address"), document: document, provenance: call.provenance(entry: "api"))
        }
        return .json(201) { writer in
            writer.field("enrolment_code", issued.code)
            writer.field("expires_at", RFC3339.format(issued.expiresAt))
        }
    }

    private func revokeAuthenticator(_ call: Call) async throws(Problem) -> Answer {
        try await operating { () async throws(OperatorFailure) in
            try await reissue.revokeAuthenticator(
                call.parameter("address"), AuthenticatorID(call.parameter("id")),
                provenance: call.provenance(entry: "api"))
        }
        return .noContent
    }

    private static func document(_ call: Call) throws(Problem) -> String {
        var fields = try call.body()
        let document = try fields.string("document")
        try fields.finish()
        return document
    }
}
