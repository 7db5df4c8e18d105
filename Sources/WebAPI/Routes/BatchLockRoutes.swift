import AuthDomain
import AuthService
import HTTPServer
import JSONText

/// Locks for many mailboxes at once, by operators and by systems that watch (Đ8.2.b, c; R-LOCK-16).
struct BatchLockRoutes: Sendable {
    let lock: LockAccounts
    let memory: any CallMemory
    let digest: any KeyedDigest
    let clock: any WallClock

    var routes: [Route] {
        [Route(.post, "/v1/locks", .operating, takesLockingKeys: true, action: lockAll)]
    }

    private func lockAll(_ call: Call) async throws(Problem) -> Answer {
        var fields = try call.body()
        let addresses = try fields.strings("accounts")
        let cause: LockCause = try fields.word("cause")
        let note = try fields.string("note")
        let document = try fields.string("document")
        try fields.finish()
        let source = try call.lockSource(for: cause)
        return try await once(call) { () async throws(Problem) in
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

    /// Carries a named call out once, and answers its repetitions from memory (R-API-4).
    private func once(_ call: Call, _ body: () async throws(Problem) -> Answer) async throws(Problem) -> Answer {
        let client = call.client?.name ?? ""
        guard let key = call.request.header("Idempotency-Key"), (1...100).contains(key.utf8.count) else {
            throw Problem.invalid("Idempotency-Key", .characters(1, 100))
        }
        let request = digest.digest(
            Array(call.request.path.utf8) + [0] + call.request.body, purpose: .namedCall)
        let beginning: CallBeginning
        do {
            beginning = try await memory.begin(client: client, key: key, digest: request, now: clock.now())
        } catch {
            throw Problem(error)
        }
        switch beginning {
        case .answered(let status, let body):
            return Answer(status: status, contentType: "application/json", body: body)
        case .inFlight: throw Problem.callInFlight
        case .different: throw Problem.callDiffers
        case .new: break
        }
        do {
            let answer = try await body()
            // Locked is locked: an answer that cannot be noted is given all the same, and repeating it does no harm.
            try? await memory.finish(client: client, key: key, status: answer.status, body: answer.body)
            return answer
        } catch {
            try? await memory.forget(client: client, key: key)
            throw error
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
