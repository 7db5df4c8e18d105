import AuthDomain

/// Has a wrong entry judged by the database and gives the place in the budget back (R-LOCK-4…8).
struct FailureRecord: Sendable {
    let ports: ServicePorts
    let policy: ServicePolicy

    /// Judges a failure, settles its ticket, and returns the refusal to answer with.
    ///
    /// The answer is the same for the entries below the limit and the one that reaches it; whoever comes later finds
    /// the lock. An entry that the database refuses to count reveals nothing about itself.
    func refusal(
        of claim: ClaimedIdentity, _ key: BudgetKey, ticket: String, code: AuditCode, factor: String,
        distinct: WrongValue? = nil, provenance: Provenance
    ) async -> SignInFailure {
        let judgement: FailureJudgement
        do {
            judgement = try await judge(
                claim, key, code: code, factor: factor, distinct: distinct, provenance: provenance)
        } catch {
            // Evaluated but not on record: the place stays taken until its ticket expires. Given back, a database
            // that reads and cannot write would let anyone guess without end, the right guess alone not being 503.
            return SignInFailure(error)
        }
        await ports.budget.settle(key, ticket: ticket, judged: judgement.state)
        switch judgement {
        case .refused:
            ports.observer.signIn(.locked)
            return .accountLocked(nil)
        case .repeated:
            break
        case .counted:
            ports.observer.judgedFailure(key.kind)
        case .reachedLimit:
            ports.observer.judgedFailure(key.kind)
            if claim.account != nil, locksAccount(key) { ports.observer.locked(key.kind.lockCause) }
        }
        return key.kind == .password ? .invalidCredentials : .invalidCode
    }

    private func locksAccount(_ key: BudgetKey) -> Bool {
        key.lane == .shared && policy.lanes == .single
    }

    private func judge(
        _ claim: ClaimedIdentity, _ key: BudgetKey, code: AuditCode, factor: String, distinct: WrongValue?,
        provenance: Provenance
    ) async throws(StoreUnavailable) -> FailureJudgement {
        let now = ports.clock.now()
        let event = AuditEvent(
            time: now, code: code, result: .failure, account: claim.account?.id, address: claim.addressAsUsed,
            factor: factor, provenance: provenance)
        guard let account = claim.account else {
            return try await ports.judge.judgeUnknown(
                key, limit: policy.limit, now: now, expiresAt: now + policy.unknownAddressMemory, event: event)
        }
        let cause = key.kind.lockCause
        let lock =
            locksAccount(key)
            ? Lock(
                id: ports.random.identifier(prefix: "lck_"), cause: cause, source: .automatic, lockedAt: now,
                actor: "otpd", note: nil, document: nil) : nil
        let limitEvent = AuditEvent(
            time: now, code: lock == nil ? .laneExhausted : .signInLocked, result: .success, account: account.id,
            address: claim.addressAsUsed, cause: lock?.cause, clause: lock?.cause.clause, factor: factor,
            detail: lock == nil ? "lane \(key.lane.text.isEmpty ? "shared" : key.lane.text)" : nil,
            provenance: provenance)
        return try await ports.judge.judge(
            AccountFailure(
                account: account.id, kind: key.kind, lane: key.lane, limit: policy.limit, now: now, event: event,
                lock: lock, limitEvent: limitEvent, distinct: distinct))
    }
}

extension FailureJudgement {
    /// The state that the database now holds, if it changed.
    var state: BudgetState? {
        switch self {
        case .counted(let state), .reachedLimit(let state): state
        case .refused, .repeated: nil
        }
    }
}
