package import AuthDomain

/// A number that waits for its confirmation.
package struct ProposedPhone: Sendable {
    /// The account.
    package let account: Account
    /// The code that was sent to the new number.
    package let sent: SentCode
}

/// A number that was confirmed.
package struct ConfirmedPhone: Sendable {
    /// The account as it is then.
    package let account: Account
    /// The temporary password of a mailbox that was handed over.
    package let temporaryPassword: String?
}

/// Changes the number that codes go to, by the organisation's written request (R-OTP-6, R-PHONE-5, R-PHONE-6).
///
/// The new number becomes active only once a code sent to it came back; the old one is told. Until then codes go to
/// the old number. A change is as good as a new authenticator (R-NIST-3): codes to the old number end with it.
package struct ChangePhone: Sendable {
    private let ports: ServicePorts
    private let policy: ServicePolicy
    private let desk: OperatorDesk

    /// Makes the use case.
    package init(ports: ServicePorts, policy: ServicePolicy) {
        self.ports = ports
        self.policy = policy
        desk = OperatorDesk(ports: ports, policy: policy)
    }

    /// Notes a new number and sends a code there; asked again with the same number, it sends the code once more.
    ///
    /// - Parameters:
    ///   - handsOver: Whether another person takes the mailbox over (Mẫu 02): with the confirmation, authenticators,
    ///     recovery codes and enrolment codes end and a temporary password is issued.
    ///   - language: Of the text.
    package func propose(
        _ address: String, phone text: String, document: String, handsOver: Bool, language: Language,
        provenance: Provenance
    ) async throws(OperatorFailure) -> ProposedPhone {
        let document = try OperatorDesk.text(document, field: "document", limit: 200)
        let phone = try desk.phone(text)
        guard phone.takesSMS else { throw OperatorFailure.phoneTakesNoSMS }
        let sms = try ports.requireSMS()
        let account = try await desk.account(address)
        guard account.kind.canSignIn else { throw OperatorFailure.hasNoLogin(account.kind) }
        guard account.locks.isEmpty else { throw OperatorFailure.standsLocked(account.locks.map(\.cause)) }
        let change = try await change(
            of: account, to: phone, document: document, handsOver: handsOver, sms: sms, provenance)
        let order = CodeDispatch.Order(
            transaction: change.id, account: account, phone: phone, index: change.index, purpose: .phoneVerification,
            language: language, clientAddress: nil, provenance: provenance)
        do {
            let sent = try await CodeDispatch(ports: ports, policy: policy, sms: sms).send(order)
            return ProposedPhone(account: account, sent: sent)
        } catch {
            throw OperatorFailure(error)
        }
    }

    /// Makes the waiting number the account's, given the code that was sent there.
    ///
    /// Wrong codes count on the account's budget for codes, as everywhere.
    package func confirm(
        _ address: String, code: String, language: Language, provenance: Provenance
    ) async throws(OperatorFailure) -> ConfirmedPhone {
        let sms = try ports.requireSMS()
        let account = try await desk.account(address)
        let pending = try await operating(OperatorFailure.init(_:)) { () async throws(StoreUnavailable) in
            try await sms.phones.pendingPhone(of: account.id)
        }
        guard let pending, let phone = ports.phone(pending.sealed, of: account.id) else {
            throw OperatorFailure.noPendingPhone
        }
        let password = pending.handsOver ? try await desk.temporaryPassword() : nil
        let old = ports.phone(of: account)
        let states = try await consume(
            code, pending: pending, phone: phone, account: account, password: password?.record, sms: sms, provenance)
        await ports.refresh(states, subject: account.id.text, lane: .shared)
        if let old, old != phone {
            await warn(old, of: account, language: language, sms: sms, provenance)
        }
        return ConfirmedPhone(account: try await desk.account(account.id), temporaryPassword: password?.text)
    }

    private func change(
        of account: Account, to phone: PhoneNumber, document: String, handsOver: Bool, sms: SMSPorts,
        _ provenance: Provenance
    ) async throws(OperatorFailure) -> PendingPhone {
        let waiting = try await operating(OperatorFailure.init(_:)) { () async throws(StoreUnavailable) in
            try await sms.phones.pendingPhone(of: account.id)
        }
        if let waiting, waiting.document == document, waiting.handsOver == handsOver,
            ports.phone(waiting.sealed, of: account.id) == phone
        {
            return waiting
        }
        let sealed = ports.seal(phone, for: account.id)
        let change = PendingPhone(
            id: ports.random.identifier(prefix: "phc_"), account: account.id, sealed: sealed.sealed,
            index: sealed.registered.index, masked: sealed.masked, document: document, handsOver: handsOver,
            proposedAt: ports.clock.now())
        let event = desk.event(
            .phoneProposed, account, document: document,
            detail: "\(account.maskedPhone ?? "none") to \(change.masked)", provenance)
        try await operating(OperatorFailure.init(_:)) { () async throws(OperatorRefusal) in
            try await sms.phones.propose(change, event: event)
        }
        return change
    }

    private func consume(
        _ code: String, pending: PendingPhone, phone: PhoneNumber, account: Account, password: String?,
        sms: SMSPorts, _ provenance: Provenance
    ) async throws(OperatorFailure) -> [BudgetKind: BudgetState] {
        let now = ports.clock.now()
        let detail = "\(account.maskedPhone ?? "none") to \(pending.masked)"
        var events = [desk.event(.phoneChanged, account, document: pending.document, detail: detail, provenance)]
        if pending.handsOver {
            events.append(
                desk.event(
                    .passwordReset, account, document: pending.document, detail: "mailbox handed over", provenance))
        }
        let evaluator = FactorEvaluator(ports: ports, policy: policy)
        let written = events
        do {
            return try await evaluator.proveNumber(
                code, pending: pending, phone: phone, account: account, provenance: provenance
            ) { issue, step async throws(StoreUnavailable) in
                try await sms.phones.confirm(
                    PhoneConfirmation(
                        change: pending, issue: issue, guarding: step,
                        password: password.map { ($0, now + policy.temporaryPasswordLifetime) }, now: now,
                        events: written))
            }
        } catch {
            throw OperatorFailure(error, of: account)
        }
    }

    /// Tells the old number; the change stands whether the word arrives or not, and its row says so.
    private func warn(
        _ old: PhoneNumber, of account: Account, language: Language, sms: SMSPorts, _ provenance: Provenance
    ) async {
        guard let registered = account.phone else { return }
        let order = CodeDispatch.Order(
            transaction: ports.random.identifier(prefix: "phn_"), account: account, phone: old,
            index: registered.index, purpose: .phoneChanged, language: language, clientAddress: nil,
            provenance: provenance)
        _ = try? await CodeDispatch(ports: ports, policy: policy, sms: sms).send(order)
    }
}

extension ServicePorts {
    /// What codes by SMS need.
    func requireSMS() throws(OperatorFailure) -> SMSPorts {
        guard let sms else { throw OperatorFailure.unavailable(reason: "no SMS gateway is set") }
        return sms
    }
}

extension OperatorDesk {
    /// A number as an operator writes it (R-PHONE-8).
    func phone(_ text: String) throws(OperatorFailure) -> PhoneNumber {
        do {
            return try PhoneNumber(parsing: text, allowing: policy.sms.countries)
        } catch {
            throw OperatorFailure.badPhone(error)
        }
    }
}

extension OperatorFailure {
    /// What an operator learns of a message that was not sent.
    init(_ failure: SendFailure) {
        switch failure {
        case .refused(let wait): self = .sendRefused(retryAfter: wait)
        case .noGateway(let wait): self = .noGateway(retryAfter: wait)
        case .outdated: self = .changedMeanwhile
        case .unavailable(let reason): self = .unavailable(reason: reason)
        }
    }

    /// What an operator learns of a code that was not accepted.
    init(_ failure: SignInFailure, of account: Account) {
        switch failure {
        case .invalidCode, .invalidCredentials: self = .wrongCode
        case .accountLocked: self = .standsLocked(account.locks.map(\.cause))
        case .overtaken, .concurrentCall, .notFound, .outOfOrder: self = .changedMeanwhile
        case .sendRefused(let wait), .throttled(let wait): self = .sendRefused(retryAfter: wait)
        case .noGateway(let wait): self = .noGateway(retryAfter: wait)
        case .invalidRequest(let field, let expected): self = .invalidRequest(field: field, expected: expected)
        case .noUsablePhone: self = .phoneTakesNoSMS
        case .passwordRejected, .tooManyAuthenticators: self = .unavailable(reason: "unexpected refusal of a code")
        case .unavailable(let reason): self = .unavailable(reason: reason)
        }
    }
}
