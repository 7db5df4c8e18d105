package import AuthDomain

/// Sends the code of a sign-in's second step (`POST /v1/sign-ins/{id}/sms`).
package struct SendSignInCode: Sendable {
    private let ports: ServicePorts
    private let policy: ServicePolicy
    private let session: SignInSession

    /// Makes the use case.
    package init(ports: ServicePorts, policy: ServicePolicy) {
        self.ports = ports
        self.policy = policy
        session = SignInSession(ports: ports, policy: policy)
    }

    /// Sends a code, or the live one once more.
    ///
    /// - Throws: `outOfOrder` when no factor is owed; `noUsablePhone`, told to nobody but who proved the password;
    ///   `sendRefused` within the gap or when a budget is used up; `noGateway` when none took the message.
    package func callAsFunction(
        signIn id: String, language: Language, provenance: Provenance
    ) async throws(SignInFailure) -> SentCode {
        let signIn = try await session.open(id, provenance: provenance)
        guard signIn.status == .factorRequired else { throw SignInFailure.outOfOrder(owed: signIn.status) }
        let account = signIn.account
        guard let sms = ports.sms, policy.sms.permitsSMS(account), let registered = account.phone,
            let phone = ports.phone(of: account)
        else { throw SignInFailure.noUsablePhone }
        // A code could not be tried any more once the budget of wrong ones is used up.
        let key = BudgetKey(subject: account.id.text, kind: .oneTimeCode, lane: signIn.record.lane)
        let claim = ClaimedIdentity(
            account: account, unknownSubject: account.id.text, addressAsUsed: signIn.record.addressAsUsed)
        _ = try await ClaimResolver(ports: ports, policy: policy).openState(claim, key)
        let order = CodeDispatch.Order(
            transaction: id, account: account, phone: phone, index: registered.index, purpose: .login,
            language: language, clientAddress: signIn.record.clientAddress,
            provenance: signIn.record.provenance(of: provenance))
        do {
            return try await CodeDispatch(ports: ports, policy: policy, sms: sms).send(order)
        } catch {
            throw SignInFailure(error)
        }
    }
}

/// Sends a code for systems that verify the password elsewhere (`POST /v1/otp/sms`).
package struct SendCheckCode: Sendable {
    private let ports: ServicePorts
    private let policy: ServicePolicy

    /// Makes the use case.
    package init(ports: ServicePorts, policy: ServicePolicy) {
        self.ports = ports
        self.policy = policy
    }

    /// Sends a code that the same calling system may then have verified.
    ///
    /// An address without account, or without a phone that takes codes, gets an answer of the same form and the same
    /// pace, with digits that are nobody's (R-LOCK-17).
    package func callAsFunction(
        address: String, language: Language, person: PersonalClient, provenance: Provenance
    ) async throws(SignInFailure) -> SentCode {
        guard let sms = ports.sms else { throw SignInFailure.unavailable(reason: "no SMS gateway is set") }
        let throttle = AddressThrottle(ports: ports, policy: policy)
        try await throttle.take(person.address)
        let resolver = ClaimResolver(ports: ports, policy: policy)
        let claim = try await resolver.resolve(address)
        let key = BudgetKey(subject: claim.subject, kind: .oneTimeCode, lane: .shared)
        _ = try await resolver.openState(claim, key)
        guard let account = claim.account, policy.sms.permitsSMS(account), let registered = account.phone,
            let phone = ports.phone(of: account)
        else { return try await pretend(claim) }
        let order = CodeDispatch.Order(
            transaction: SMSCodeBinding.check(client: provenance.client, subject: claim.subject), account: account,
            phone: phone, index: registered.index, purpose: .check, language: language,
            clientAddress: person.address.text, provenance: provenance)
        do {
            return try await CodeDispatch(ports: ports, policy: policy, sms: sms).send(order)
        } catch {
            throw SignInFailure(error)
        }
    }

    /// What a request for nobody's code is answered, at the pace of real ones.
    private func pretend(_ claim: ClaimedIdentity) async throws(SignInFailure) -> SentCode {
        let rules = policy.sms.rules
        var buckets = [
            (name: "sms:gap:" + claim.unknownSubject, rate: AttemptRate(burst: 1, refill: rules.resendInterval))
        ]
        if let limit = policy.sms.budget.limits[.account], limit.most > 0, policy.sms.budget.mode == .enforce {
            let rate = AttemptRate(burst: Int(clamping: limit.most), refill: limit.window / Double(limit.most))
            buckets.append((name: "sms:account:" + claim.unknownSubject, rate: rate))
        }
        let wanted = buckets
        let wait = try await reaching(SignInFailure.init(_:)) { () async throws(CountersUnavailable) in
            try await ports.throttle.take(wanted)
        }
        if let wait { throw SignInFailure.sendRefused(retryAfter: wait) }
        let digits = SMSCode(
            random: ports.digest.digest(Array(claim.unknownSubject.utf8), purpose: .smsDraw)
                .suffix(SMSCode.randomByteCount))
        return SentCode(
            phone: MaskedPhone(masking: digits.text).text, resendAfter: rules.resendInterval,
            expiresIn: rules.lifetime)
    }
}

extension SignInFailure {
    /// What the caller of a sign-in or a check learns of a message that was not sent.
    init(_ failure: SendFailure) {
        switch failure {
        case .refused(let wait): self = .sendRefused(retryAfter: wait)
        case .noGateway(let wait): self = .noGateway(retryAfter: wait)
        case .outdated: self = .overtaken
        case .unavailable(let reason): self = .unavailable(reason: reason)
        }
    }
}
