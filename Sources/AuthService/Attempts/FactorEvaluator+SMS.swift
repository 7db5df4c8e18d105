import AuthDomain

/// Codes by SMS: compared with what is kept for their transaction; whether they were used, the database decides.
extension FactorEvaluator {
    /// Compares a code with the live one of its transaction; the same look-up is made for unknown accounts.
    func matchSMSCode(_ presentation: Presentation) async throws(SignInFailure) -> Finding {
        guard let code = try? OTPCode(parsing: presentation.code) else { return .wrong }
        let account = presentation.claim.account
        let binding = account.flatMap { account in
            ports.phone(of: account).map { phone in
                SMSCodeBinding(
                    transaction: presentation.transaction, account: account.id, phone: phone,
                    purpose: presentation.purpose)
            }
        }
        let slot = SMSCodeBinding.slot(transaction: presentation.transaction, purpose: presentation.purpose)
        let issue = try await reaching(SignInFailure.init(_:)) { () async throws(CountersUnavailable) in
            try await LiveCodes(ports: ports).issue(of: code, slot: slot, binding: binding)
        }
        guard let issue, let phone = account?.phone else { return .wrong }
        return .fits(.smsCode(issue: issue), .sms(phone: Hex.encode(phone.index)))
    }

    /// Evaluates the code that confirms a new number, within the account's budget for codes.
    ///
    /// - Parameter commit: Consumes the issue and writes what the proof is worth, guarded by the step.
    /// - Returns: The budgets that changed.
    func proveNumber(
        _ text: String, pending: PendingPhone, phone: PhoneNumber, account: Account, provenance: Provenance,
        commit: (String, StepGuard) async throws(StoreUnavailable) -> StepVerdict
    ) async throws(SignInFailure) -> [BudgetKind: BudgetState] {
        let claim = ClaimedIdentity(
            account: account, unknownSubject: account.id.text, addressAsUsed: account.address.text)
        let key = BudgetKey(subject: account.id.text, kind: .oneTimeCode, lane: .shared)
        let durable = try await ClaimResolver(ports: ports, policy: policy).openState(claim, key)
        let ticket = ports.random.identifier(prefix: "")
        try await ports.place(in: key, ticket: ticket, durable: durable, limit: policy.limit)
        ports.observer.evaluating(key.kind)
        let binding = SMSCodeBinding(
            transaction: pending.id, account: account.id, phone: phone, purpose: .phoneVerification)
        let issue: String?
        do {
            issue = try await (try? OTPCode(parsing: text)).asyncFlatMap { code async throws(CountersUnavailable) in
                try await LiveCodes(ports: ports).issue(of: code, slot: binding.slot, binding: binding)
            }
        } catch {
            await ports.budget.settle(key, ticket: ticket, judged: nil)
            throw SignInFailure(error)
        }
        guard let issue else {
            ports.observer.signIn(.wrongCode)
            throw await FailureRecord(ports: ports, policy: policy).refusal(
                of: claim, key, ticket: ticket, code: .factorFailed, factor: FactorKind.sms.rawValue,
                provenance: provenance)
        }
        let step = StepGuard(
            account: account.id, passwordVersion: nil, kind: key.kind, lane: key.lane, limit: policy.limit)
        let verdict: StepVerdict
        do {
            verdict = try await commit(issue, step)
        } catch {
            await ports.budget.settle(key, ticket: ticket, judged: nil)
            throw SignInFailure(error)
        }
        guard case .committed(let states) = verdict else {
            await ports.budget.settle(key, ticket: ticket, judged: nil)
            throw refusal(verdict)
        }
        await ports.budget.settle(key, ticket: ticket, judged: states[key.kind])
        ports.sms?.observer.verified()
        return states
    }

    private func refusal(_ verdict: StepVerdict) -> SignInFailure {
        switch verdict {
        case .committed, .alreadyUsed: replayed()
        case .locked: .accountLocked(nil)
        case .outdated: .overtaken
        }
    }
}

extension Optional {
    /// `flatMap` with a body that waits.
    fileprivate func asyncFlatMap<Value, Failure: Error>(
        _ body: (Wrapped) async throws(Failure) -> Value?
    ) async throws(Failure) -> Value? {
        guard let self else { return nil }
        return try await body(self)
    }
}
