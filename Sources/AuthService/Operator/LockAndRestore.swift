package import AuthDomain

/// Locks a mailbox for a cause of Đ8.2 (R-LOCK-3, R-LOCK-11).
package struct LockAccount: Sendable {
    private let ports: ServicePorts
    private let desk: OperatorDesk

    /// Makes the use case.
    package init(ports: ServicePorts, policy: ServicePolicy) {
        self.ports = ports
        desk = OperatorDesk(ports: ports, policy: policy)
    }

    /// Adds a lock; a second one of the same cause is refused.
    ///
    /// - Returns: The account with the lock standing.
    package func callAsFunction(
        _ address: String, cause: LockCause, note: String, document: String?, source: LockSource = .operator,
        provenance: Provenance
    ) async throws(OperatorFailure) -> Account {
        let note = try OperatorDesk.text(note, field: "note", limit: 1000)
        let document = try document.map { text throws(OperatorFailure) in
            try OperatorDesk.text(text, field: "document", limit: 200)
        }
        guard cause.mayBeSet(by: source) else {
            throw OperatorFailure.invalidRequest(field: "cause", expected: "a cause that the caller can see for itself")
        }
        // A machine's word alone locks nobody: it names what it rests on (R-LOCK-16).
        guard document != nil || source == .operator else {
            throw OperatorFailure.invalidRequest(field: "document", expected: "the evidence that the lock rests on")
        }
        let account = try await desk.account(address)
        let lock = Lock(
            id: ports.random.identifier(prefix: "lck_"), cause: cause, source: source,
            lockedAt: ports.clock.now(), actor: provenance.actor ?? provenance.client, note: note,
            document: document)
        let event = desk.event(
            .accountLocked, account, cause: cause, document: document, detail: note, provenance)
        do {
            try await ports.operators.lock(account.id, lock, event: event)
        } catch {
            if error == .conflict { throw OperatorFailure.alreadyLocked(cause) }
            throw OperatorFailure(error)
        }
        ports.observer.locked(cause)
        return try await desk.account(account.id)
    }
}

/// A restored account and what the owner needs to come back, shown this once.
package struct RestoredAccount: Sendable {
    /// The account.
    package let account: Account
    /// The causes that were cleared.
    package let cleared: [LockCause]
    /// A new temporary password, when the old one could no longer serve.
    package let temporaryPassword: String?
    /// A new enrolment code, when the authenticators were revoked; nil also when it could not be stored.
    package let enrolmentCode: String?
}

/// Restores a locked mailbox on its organisation's request (Đ8.3; R-REST-1, 3, 4, 5).
package struct RestoreAccount: Sendable {
    private let ports: ServicePorts
    private let policy: ServicePolicy
    private let desk: OperatorDesk

    /// Makes the use case.
    package init(ports: ServicePorts, policy: ServicePolicy) {
        self.ports = ports
        self.policy = policy
        desk = OperatorDesk(ports: ports, policy: policy)
    }

    /// Clears every standing lock and count; the owner must change the password at the next sign-in.
    package func callAsFunction(
        _ address: String, document: String, requestedBy: String, remediation: String?, provenance: Provenance,
        owing review: (@Sendable (_ restoration: String) -> RestorationReview)? = nil
    ) async throws(OperatorFailure) -> RestoredAccount {
        let document = try OperatorDesk.text(document, field: "document", limit: 200)
        let requestedBy = try OperatorDesk.text(requestedBy, field: "requested_by", limit: 200)
        let remediation = try OperatorDesk.optionalText(remediation, field: "remediation", limit: 1000)
        let account = try await desk.account(address)
        let grounds = RestorationGrounds(document: document, remediation: remediation)
        let plan = try self.plan(account, grounds: grounds)
        let temporary = plan.issuesTemporaryPassword ? try await desk.temporaryPassword() : nil
        let now = ports.clock.now()
        let lifetime = policy.temporaryPasswordLifetime
        let id = ports.random.identifier(prefix: "res_")
        var restoration = RestorationWrite(
            account: account.id, id: id, clearing: account.locks,
            password: temporary.map { (record: $0.record, expiresAt: now + lifetime) },
            revokesAuthenticators: plan.revokesAuthenticators, document: document, requestedBy: requestedBy,
            remediation: remediation)
        restoration.review = review?(id)
        let write = restoration
        let causes = plan.clearedCauses.map(\.rawValue).joined(separator: " ")
        let event = AuditEvent(
            time: now, code: .accountRestored, result: .success, account: account.id,
            address: account.address.text, clause: "Điều 8.3", document: document,
            detail: "cleared \(causes); requested by \(requestedBy)", provenance: provenance)
        let states = try await operating(OperatorFailure.init(_:)) { () async throws(OperatorRefusal) in
            try await ports.operators.restore(write, now: now, event: event)
        }
        await ports.refresh(states, subject: account.id.text, lane: .shared)
        let code = plan.revokesAuthenticators ? await issueCode(account, document: document, provenance) : nil
        return RestoredAccount(
            account: try await desk.account(account.id), cleared: plan.clearedCauses,
            temporaryPassword: temporary?.text, enrolmentCode: code)
    }

    /// With lanes by device, five failures of strangers close the shared lane without a lock; that too is restored.
    private func plan(_ account: Account, grounds: RestorationGrounds) throws(OperatorFailure) -> RestorationPlan {
        do {
            return try Restoration.plan(locks: account.locks, grounds: grounds)
        } catch {
            switch error {
            case .missing(let requirements): throw OperatorFailure.missingGrounds(requirements)
            case .notLocked:
                guard account.budgets.values.contains(where: { $0.failures >= policy.limit }) else {
                    throw OperatorFailure.notLocked
                }
                return .ofExhaustedLane
            }
        }
    }

    /// A code to enrol anew with; nil when it could not be stored.
    ///
    /// The restoration is committed by then: a failure here must not keep its temporary password, which nobody is
    /// told again, from the operator, who can issue a code at any time.
    private func issueCode(_ account: Account, document: String, _ provenance: Provenance) async -> String? {
        let code = desk.enrolmentCode()
        let event = desk.event(.enrolmentCodeIssued, account, document: document, provenance)
        do {
            try await ports.operators.issueEnrolmentCode(
                account.id, code.record, now: ports.clock.now(), event: event)
            return code.text
        } catch {
            return nil
        }
    }
}
