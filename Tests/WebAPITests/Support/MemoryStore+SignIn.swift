import AuthDomain
import AuthService

extension MemoryStore: AccountReader {
    func account(at address: MailboxAddress) async throws(StoreUnavailable) -> Account? {
        try reading { $0.find(address) }
    }

    func account(id: AccountID) async throws(StoreUnavailable) -> Account? {
        try reading { $0.rows[id]?.account }
    }

    func budget(_ key: BudgetKey, now: WallInstant) async throws(StoreUnavailable) -> BudgetState {
        try reading { $0.unknown[key] ?? .fresh }
    }

    func passwordHistory(of account: AccountID, limit: Int) async throws(StoreUnavailable) -> [String] {
        try reading { Array(($0.rows[account]?.history ?? []).prefix(limit)) }
    }

    func recoveryCode(of account: AccountID, slot: Int) async throws(StoreUnavailable) -> RecoveryCodeRecord? {
        try reading { $0.rows[account]?.recoveryCodes.first { $0.slot == slot } }
    }
}

extension MemoryStore: FailureJudge {
    func judge(_ failure: AccountFailure) async throws(StoreUnavailable) -> FailureJudgement {
        try reading { state in
            guard let account = state.rows[failure.account]?.account, account.locks.isEmpty else { return .refused }
            if let value = failure.distinct,
                !state.wrongValues[failure.account, default: []].insert(value.digest).inserted
            {
                return .repeated
            }
            var budget = account.budgets[failure.kind] ?? .fresh
            guard budget.failures < failure.limit else { return .refused }
            budget.failures += 1
            let counted = budget
            state.update(failure.account) { $0.budgets[failure.kind] = counted }
            state.audit.append(failure.event)
            guard counted.failures == failure.limit else { return .counted(counted) }
            if let lock = failure.lock { state.update(failure.account) { $0.locks.append(lock) } }
            state.audit.append(failure.limitEvent)
            return .reachedLimit(counted)
        }
    }

    func judgeUnknown(
        _ key: BudgetKey, limit: Int, now: WallInstant, expiresAt: WallInstant, event: AuditEvent
    ) async throws(StoreUnavailable) -> FailureJudgement {
        try reading { state in
            var budget = state.unknown[key] ?? .fresh
            guard budget.failures < limit else { return .refused }
            budget.failures += 1
            state.unknown[key] = budget
            state.audit.append(event)
            return budget.failures == limit ? .reachedLimit(budget) : .counted(budget)
        }
    }
}

extension MemoryStore: SignInLedger {
    func accept(
        _ factor: ConsumedFactor, guard step: StepGuard, now: WallInstant, resetting: Bool, event: AuditEvent,
        completion: Completion?
    ) async throws(StoreUnavailable) -> StepVerdict {
        try reading { state in
            if let refusal = state.refusal(step) { return refusal }
            if case .totp(let id, let used) = factor {
                guard let place = state.rows[step.account]?.account.authenticators.firstIndex(where: { $0.id == id })
                else { return .outdated }
                let old = state.rows[step.account]?.account.authenticators[place]
                guard let old, old.lastAcceptedStep.map({ $0 < used }) ?? true else { return .alreadyUsed }
                state.update(step.account) { $0.authenticators[place] = old.used(used, now: now) }
            }
            if case .recoveryCode(let slot) = factor {
                guard let place = state.rows[step.account]?.recoveryCodes.firstIndex(where: { $0.slot == slot })
                else { return .alreadyUsed }
                state.rows[step.account]?.recoveryCodes.remove(at: place)
                state.update(step.account) { $0.recoveryCodesLeft -= 1 }
            }
            state.audit.append(event)
            return .committed(state.complete(step.account, completion, now, also: resetting ? [step.kind] : []))
        }
    }

    func changePassword(
        to record: String, guard step: StepGuard, keeping history: Int, now: WallInstant, event: AuditEvent,
        completion: Completion?
    ) async throws(StoreUnavailable) -> StepVerdict {
        try reading { state in
            if let refusal = state.refusal(step) { return refusal }
            if let old = state.rows[step.account]?.account.password.record {
                state.rows[step.account]?.history.insert(old, at: 0)
            }
            state.update(step.account) { draft in
                draft.password = PasswordCredential(
                    record: record, version: draft.password.version + 1, changedAt: now, mustChange: false,
                    isIssued: false, expiresAt: nil)
            }
            state.audit.append(event)
            return .committed(state.complete(step.account, completion, now, also: []))
        }
    }

    func confirmEnrolment(
        _ enrolment: ConfirmedEnrolment, guard step: StepGuard, now: WallInstant, events: [AuditEvent],
        completion: Completion?
    ) async throws(StoreUnavailable) -> StepVerdict {
        try reading { state in
            if let refusal = state.refusal(step) { return refusal }
            state.update(step.account) { draft in
                draft.authenticators.removeAll { $0.label == enrolment.authenticator.label }
                draft.authenticators.append(enrolment.authenticator)
                if let codes = enrolment.recoveryCodes { draft.recoveryCodesLeft = codes.count }
                if enrolment.spentEnrolmentCode != nil { draft.enrolmentCode = nil }
            }
            if let codes = enrolment.recoveryCodes { state.rows[step.account]?.recoveryCodes = codes }
            state.audit += events
            return .committed(state.complete(step.account, completion, now, also: []))
        }
    }

    func rehash(account: AccountID, version: Int64, record: String) async throws(StoreUnavailable) {}
}

extension MemoryStore.State {
    func refusal(_ step: StepGuard) -> StepVerdict? {
        guard let account = rows[step.account]?.account else { return .outdated }
        if let version = step.passwordVersion, account.password.version != version { return .outdated }
        let failures = account.budgets[step.kind]?.failures ?? 0
        return account.locks.isEmpty && failures < step.limit ? nil : .locked
    }

    mutating func complete(
        _ id: AccountID, _ completion: Completion?, _ now: WallInstant, also: [BudgetKind]
    ) -> [BudgetKind: BudgetState] {
        guard let completion else { return reset(id, also) }
        audit.append(completion.event)
        update(id) { $0.lastSignInAt = now }
        return reset(id, BudgetKind.allCases)
    }
}

extension Authenticator {
    func used(_ step: TimeStep, now: WallInstant) -> Authenticator {
        Authenticator(
            id: id, label: label, sealedSecret: sealedSecret, parameters: parameters, lastAcceptedStep: step,
            createdAt: createdAt, confirmedAt: confirmedAt, lastUsedAt: now)
    }
}
