import AuthDomain
import AuthService
import HTTPServer
import JSONText

/// Locks for many mailboxes at once, by operators and by systems that watch (Đ8.2.b, c; R-LOCK-16).
struct BatchLockRoutes: Sendable {
    let lock: LockAccounts

    var routes: [Route] {
        [Route(.post, "/v1/locks", .operating, takesLockingKeys: true, naming: .required, action: lockAll)]
    }

    private func lockAll(_ call: Call) async throws(Problem) -> Answer {
        var fields = try call.body()
        let addresses = try fields.strings("accounts")
        let cause: LockCause = try fields.word("cause")
        let note = try fields.string("note")
        let document = try fields.string("document")
        try fields.finish()
        let source = try call.lockSource(for: cause)
        let results = try await operating { () async throws(OperatorFailure) in
            try await lock(
                addresses, cause: cause, note: note, document: document, source: source,
                provenance: call.provenance(entry: "api"))
        }
        return .json { writer in
            writer.field("cause", cause.rawValue)
            writer.field("clause", cause.clause)
            writer.array("results", results) { writer, result in
                writer.object { writer in
                    writer.field("address", result.address)
                    writer.field("outcome", result.outcome.rawValue)
                }
            }
        }
    }
}

extension Call {
    /// Who locks: an operator's system for any cause, a watching one for those it was given.
    func lockSource(for cause: LockCause) throws(Problem) -> LockSource {
        guard let causes = client?.lockCauses else { return .operator }
        guard causes.contains(cause) else { throw Problem.causeForbidden(causes) }
        return .monitoring
    }
}
