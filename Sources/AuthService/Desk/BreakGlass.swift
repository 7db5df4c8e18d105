internal import AuthDomain

/// Restores the mailboxes that requests come through, without a request, to be reviewed afterwards (R-REST-7, T-18).
///
/// Five wrong guesses by a stranger lock kythuat@ like any other mailbox, and with it the city's only way to ask for a
/// restoration. A named person restores it on the admin listener; another one reviews the act.
package struct BreakGlass: Sendable {
    private let ports: ServicePorts
    private let policy: ServicePolicy
    private let desk: OperatorDesk
    private let restore: RestoreAccount

    /// Makes the use cases.
    package init(ports: ServicePorts, policy: ServicePolicy) {
        self.ports = ports
        self.policy = policy
        desk = OperatorDesk(ports: ports, policy: policy)
        restore = RestoreAccount(ports: ports, policy: policy)
    }

    /// Restores a listed mailbox at once.
    package func act(
        _ address: String, reason: String, remediation: String?, provenance: Provenance
    ) async throws(OperatorFailure) -> RestoredAccount {
        let reason = try OperatorDesk.text(reason, field: "reason", limit: 500)
        let actor = try Self.named(provenance)
        let account = try await desk.account(address)
        guard policy.breakGlass.contains(account.address.text) else { throw OperatorFailure.notBreakGlass }
        // A prohibited act is for the city's office alone to forgive (R-REST-3).
        guard !account.locks.contains(where: \.cause.requiresDecision) else {
            throw OperatorFailure.missingGrounds([.decision])
        }
        let rules = ports.deadlines.rules
        let now = ports.clock.now()
        return try await restore(
            account.address.text, document: String("break-glass: \(reason)".prefix(200)), requestedBy: actor,
            remediation: remediation, provenance: provenance,
            owing: { restoration in
                RestorationReview(
                    restoration: restoration, account: account.id, reason: reason, actedBy: actor, actedAt: now,
                    dueAt: rules.calendar.end(ofWorkingDays: rules.restorationWorkingDays, from: now))
            })
    }

    /// Reviews that are owed, the most urgent first.
    package func owed(after cursor: String?, limit: Int) async throws(OperatorFailure) -> DeskPage<RestorationReview> {
        try await operating(OperatorFailure.init(_:)) { () async throws(StoreUnavailable) in
            try await ports.desk.openReviews(after: cursor, limit: limit)
        }
    }

    /// Records what a review found; by another person than the one who acted.
    package func review(
        _ restoration: String, document: String, finding: String, provenance: Provenance
    ) async throws(OperatorFailure) -> RestorationReview {
        let document = try OperatorDesk.text(document, field: "document", limit: 200)
        let finding = try OperatorDesk.text(finding, field: "finding", limit: 1000)
        let actor = try Self.named(provenance)
        let found = try await operating(OperatorFailure.init(_:)) { () async throws(StoreUnavailable) in
            try await ports.desk.review(restoration)
        }
        guard var review = found else { throw OperatorFailure.notFound }
        guard review.finding == nil else { throw OperatorFailure.alreadyClosed }
        guard review.actedBy != actor else { throw OperatorFailure.sameActor }
        let now = ports.clock.now()
        let result = RestorationReview.Finding(at: now, actor: actor, document: document, text: finding)
        review.finding = result
        let event = AuditEvent(
            time: now, code: .restorationReviewed, result: .success, account: review.account,
            address: review.address, clause: "Điều 8.3", document: document, detail: "\(restoration): \(finding)",
            provenance: provenance)
        do {
            try await ports.desk.finish(restoration, with: result, event: event)
        } catch {
            if error == .conflict { throw OperatorFailure.alreadyClosed }
            throw OperatorFailure(error)
        }
        return review
    }

    private static func named(_ provenance: Provenance) throws(OperatorFailure) -> String {
        guard let actor = provenance.actor else {
            throw OperatorFailure.invalidRequest(field: "X-Actor", expected: "the name of the person who acts")
        }
        return actor
    }
}
