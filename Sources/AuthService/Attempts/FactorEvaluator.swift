import AuthDomain

/// Evaluates a second factor within its budget and has the database consume it.
struct FactorEvaluator: Sendable {
    /// What the caller presented and what is to be written with it.
    struct Presentation: Sendable {
        let claim: ClaimedIdentity
        let lane: BudgetLane
        /// The password version proven before; nil outside a sign-in.
        let passwordVersion: Int64?
        let kind: FactorKind
        let code: String
        /// What a code by SMS must have been sent for.
        let transaction: String
        let purpose: SMSPurpose
        let provenance: Provenance
    }

    /// What evaluating found, before anything is written.
    enum Finding {
        case fits(ConsumedFactor, FactorProof)
        case alreadyUsed
        case wrong
    }

    let ports: ServicePorts
    let policy: ServicePolicy

    /// Evaluates and consumes a factor.
    ///
    /// - Parameters:
    ///   - presentation: What was presented.
    ///   - resetting: Whether success ends the failures counted so far, as it does outside a sign-in.
    ///   - completion: What to write when the proof completes a sign-in; nil if it does not.
    func prove(
        _ presentation: Presentation, resetting: Bool,
        completion: @Sendable (FactorProof) -> Completion?
    ) async throws(SignInFailure) -> FactorProof {
        guard ports.clockHealth.isTrustworthy || presentation.kind != .totp else {
            throw SignInFailure.unavailable(reason: "clock not trustworthy")
        }
        let kind: BudgetKind = presentation.kind == .recovery ? .recoveryCode : .oneTimeCode
        let claim = presentation.claim
        let key = BudgetKey(subject: claim.subject, kind: kind, lane: presentation.lane)
        let durable = try await ClaimResolver(ports: ports, policy: policy).openState(claim, key)
        let ticket = ports.random.identifier(prefix: "")
        try await ports.place(in: key, ticket: ticket, durable: durable, limit: policy.limit)
        ports.observer.evaluating(kind)
        let finding: Finding
        do {
            finding = try await find(presentation)
        } catch {
            await ports.budget.settle(key, ticket: ticket, judged: nil)
            throw error
        }
        switch finding {
        case .wrong:
            ports.observer.signIn(.wrongCode)
            throw await FailureRecord(ports: ports, policy: policy).refusal(
                of: claim, key, ticket: ticket, code: .factorFailed, factor: presentation.kind.rawValue,
                provenance: presentation.provenance)
        case .alreadyUsed:
            await ports.budget.settle(key, ticket: ticket, judged: nil)
            throw replayed()
        case .fits(let factor, let proof):
            try await consume(
                factor, proof, presentation, key, ticket: ticket, resetting: resetting,
                completion: completion(proof))
            if presentation.kind == .sms { ports.sms?.observer.verified() }
            return proof
        }
    }

    /// A used code is refused like a wrong one but not counted: a double click must not lock.
    func replayed() -> SignInFailure {
        ports.observer.signIn(.replayedCode)
        return .invalidCode
    }

    private func consume(
        _ factor: ConsumedFactor, _ proof: FactorProof, _ presentation: Presentation, _ key: BudgetKey,
        ticket: String, resetting: Bool, completion: Completion?
    ) async throws(SignInFailure) {
        guard let account = presentation.claim.account else { throw SignInFailure.invalidCode }
        let now = ports.clock.now()
        var authenticator: AuthenticatorID?
        if case .totp(let id) = proof { authenticator = id }
        let event = AuditEvent(
            time: now, code: .factorAccepted, result: .success, account: account.id,
            address: presentation.claim.addressAsUsed, factor: presentation.kind.rawValue,
            authenticator: authenticator, provenance: presentation.provenance)
        let step = StepGuard(
            account: account.id, passwordVersion: presentation.passwordVersion, kind: key.kind,
            lane: presentation.lane, limit: policy.limit)
        let verdict: StepVerdict
        do {
            verdict = try await ports.ledger.accept(
                factor, guard: step, now: now, resetting: resetting, event: event, completion: completion)
        } catch {
            await ports.budget.settle(key, ticket: ticket, judged: nil)
            throw SignInFailure(error)
        }
        switch verdict {
        case .committed(let states):
            await ports.budget.settle(key, ticket: ticket, judged: states[key.kind])
            await ports.refresh(states, subject: key.subject, lane: key.lane, except: key.kind)
        case .alreadyUsed:
            await ports.budget.settle(key, ticket: ticket, judged: nil)
            throw replayed()
        case .locked:
            await ports.budget.settle(key, ticket: ticket, judged: nil)
            throw SignInFailure.accountLocked(nil)
        case .outdated:
            await ports.budget.settle(key, ticket: ticket, judged: nil)
            throw SignInFailure.overtaken
        }
    }

    private func find(_ presentation: Presentation) async throws(SignInFailure) -> Finding {
        switch presentation.kind {
        case .totp: try matchTOTP(presentation)
        case .sms: try await matchSMSCode(presentation)
        case .enrolmentCode: matchEnrolmentCode(presentation)
        case .recovery: try await matchRecoveryCode(presentation)
        }
    }

    /// Evaluates every authenticator over its whole window, so that time does not tell which one fits.
    ///
    /// Where no secret at all can be opened nothing was guessed at, and the owner's right code must not count as
    /// wrong; as long as one can, a code that fits none counts, else the others could be guessed without end.
    private func matchTOTP(_ presentation: Presentation) throws(SignInFailure) -> Finding {
        guard let code = try? OTPCode(parsing: presentation.code) else { return .wrong }
        let now = ports.clock.now()
        let authenticators = presentation.claim.account?.authenticators ?? []
        var finding = Finding.wrong
        var unreadable = 0
        for authenticator in authenticators {
            guard
                let secret = ports.box.open(
                    authenticator.sealedSecret, row: authenticator.id.text, purpose: .totpSecret)
            else {
                ports.observer.secretUnreadable(authenticator.id)
                unreadable += 1
                continue
            }
            let result = TOTP.judge(
                code, secret: secret, lastAccepted: authenticator.lastAcceptedStep, at: now,
                parameters: authenticator.parameters, window: policy.window, mac: ports.codes.mac)
            switch (result, finding) {
            case (.accepted(let step), .wrong), (.accepted(let step), .alreadyUsed):
                finding = .fits(.totp(authenticator.id, step: step), .totp(authenticator.id))
            case (.alreadyUsed, .wrong):
                finding = .alreadyUsed
            case (.accepted, .fits), (.alreadyUsed, _), (.wrong, _):
                break
            }
        }
        guard unreadable == 0 || unreadable < authenticators.count else {
            throw SignInFailure.unavailable(reason: "no secret of the account can be opened")
        }
        return finding
    }

    private func matchEnrolmentCode(_ presentation: Presentation) -> Finding {
        guard let code = EnrolmentCode(parsing: presentation.code) else { return .wrong }
        guard let live = presentation.claim.account?.enrolmentCode, live.expiresAt > ports.clock.now() else {
            return .wrong
        }
        guard ports.digest.verify(live.digest, message: code.canonical.copy, purpose: .enrolmentCode)
        else {
            return .wrong
        }
        return .fits(.enrolmentCode(id: live.id), .enrolmentCode(id: live.id))
    }

    /// A recovery code names its slot, so that one slow hash decides; an empty slot costs as much (R-NIST-4).
    private func matchRecoveryCode(_ presentation: Presentation) async throws(SignInFailure) -> Finding {
        guard let code = RecoveryCode(parsing: presentation.code) else { return .wrong }
        var stored: RecoveryCodeRecord?
        if let account = presentation.claim.account {
            stored = try await reaching(SignInFailure.init(_:)) { () async throws(StoreUnavailable) in
                try await ports.accounts.recoveryCode(of: account.id, slot: code.slot)
            }
        }
        let record = stored?.record ?? ports.hasher.unfittingRecord
        for candidate in ports.digest.candidates(code.canonical.copy, purpose: .recoveryCode) {
            let fits = try await reaching(SignInFailure.init(_:)) { () async throws(Overloaded) in
                try await ports.hasher.verify(SecretBytes(candidate), record: record)
            }
            if fits { return .fits(.recoveryCode(slot: code.slot), .recoveryCode) }
        }
        return .wrong
    }
}

extension ServicePorts {
    /// Tells the cache of budgets that changed in the database.
    func refresh(
        _ states: [BudgetKind: BudgetState], subject: String, lane: BudgetLane, except: BudgetKind? = nil
    ) async {
        for (kind, state) in states where kind != except {
            await budget.refresh(BudgetKey(subject: subject, kind: kind, lane: lane), state: state)
        }
    }
}
