package import AuthDomain

/// A new authenticator's secret, shown once.
package struct EnrolmentOffer: Sendable {
    /// The enrolment's id: the authenticator's to be.
    package let id: AuthenticatorID
    /// The secret in base32, for programs.
    package let secret: String
    /// The secret in groups of four, for typing (R-URI-3).
    package let groupedSecret: String
    /// The key URI for the QR code (R-URI-1).
    package let uri: String
}

/// Binds an authenticator app: a secret is made, and becomes active with its first right code (R-OTP-3).
package struct EnrolTOTP: Sendable {
    private static let maximumPending = 3
    private static let maximumWrongCodes = 5
    private static let labelLimit = 64

    private let ports: ServicePorts
    private let policy: ServicePolicy
    private let session: SignInSession

    /// Makes the use case.
    package init(ports: ServicePorts, policy: ServicePolicy) {
        self.ports = ports
        self.policy = policy
        session = SignInSession(ports: ports, policy: policy)
    }

    /// Begins an enrolment, when one is owed or within ten minutes after completion.
    ///
    /// - Parameters:
    ///   - id: The sign-in.
    ///   - label: The holder's name for the authenticator, at most 64 characters; an enrolled one of the same label
    ///     is replaced when this one is confirmed (R-URI-4).
    ///   - provenance: For the record.
    package func begin(
        signIn id: String, label: String?, provenance: Provenance
    ) async throws(SignInFailure) -> EnrolmentOffer {
        var signIn = try await session.open(id, provenance: provenance)
        try requireTurn(signIn)
        let now = ports.clock.now()
        let label = try Self.cleaned(label) ?? Self.defaultLabel(signIn.account)
        let replaces = signIn.account.authenticators.contains { $0.label == label }
        guard replaces || signIn.account.authenticators.count < policy.maximumAuthenticators else {
            throw SignInFailure.tooManyAuthenticators(maximum: policy.maximumAuthenticators)
        }
        let authenticator = AuthenticatorID(ports.random.identifier(prefix: "aut_"))
        let secret = SecretBytes(ports.random.bytes(count: 20))
        let uri = try keyURI(signIn.account, label: label, secret: secret, now: now)
        signIn.record.pending.removeAll { now - $0.begunAt >= policy.enrolmentLifetime }
        if signIn.record.pending.count >= Self.maximumPending { signIn.record.pending.removeFirst() }
        signIn.record.pending.append(
            PendingEnrolment(
                id: authenticator, label: label,
                sealedSecret: ports.box.seal(secret, row: authenticator.text, purpose: .totpSecret), begunAt: now,
                wrongCodes: 0))
        try await session.save(signIn)
        return EnrolmentOffer(
            id: authenticator, secret: Base32.encode(secret.copy),
            groupedSecret: uri.groupedSecret, uri: uri.text)
    }

    /// Confirms an enrolment with the authenticator's first code.
    ///
    /// A wrong first code counts on no budget, since whoever enters it was shown the secret; five end the enrolment.
    package func confirm(
        signIn id: String, enrolment: AuthenticatorID, code: String, provenance: Provenance
    ) async throws(SignInFailure) -> SignInView {
        var signIn = try await session.open(id, provenance: provenance)
        try requireTurn(signIn)
        guard ports.clockHealth.isTrustworthy else { throw SignInFailure.unavailable(reason: "clock not trustworthy") }
        let now = ports.clock.now()
        guard let index = signIn.record.pending.firstIndex(where: { $0.id == enrolment }),
            now - signIn.record.pending[index].begunAt < policy.enrolmentLifetime,
            let secret = ports.box.open(
                signIn.record.pending[index].sealedSecret, row: enrolment.text, purpose: .totpSecret)
        else { throw SignInFailure.notFound }
        guard let step = firstStep(code, secret: secret, now: now) else {
            try await noteWrongCode(&signIn, index: index)
            throw SignInFailure.invalidCode
        }
        let pending = signIn.record.pending.remove(at: index)
        let (codes, records) = try await recoveryCodes(for: signIn)
        let enrolment = ConfirmedEnrolment(
            authenticator: Authenticator(
                id: pending.id, label: pending.label, sealedSecret: pending.sealedSecret, parameters: .standard,
                lastAcceptedStep: step, createdAt: pending.begunAt, confirmedAt: now, lastUsedAt: now),
            recoveryCodes: records, spentEnrolmentCode: spentCode(signIn.record),
            maximum: policy.maximumAuthenticators)
        let account = try await commit(
            enrolment, signIn: &signIn, provenance: signIn.record.provenance(of: provenance))
        try await session.save(signIn)
        return try session.view(id, signIn.record, account: account, recoveryCodes: codes)
    }

    private func requireTurn(_ signIn: OpenSignIn) throws(SignInFailure) {
        switch signIn.status {
        case .enrolmentRequired: return
        case .complete where signIn.record.completedAt != nil: return
        case .complete, .factorRequired, .passwordChangeRequired:
            throw SignInFailure.outOfOrder(owed: signIn.status)
        }
    }

    private func firstStep(_ text: String, secret: SecretBytes, now: WallInstant) -> TimeStep? {
        guard let code = try? OTPCode(parsing: text) else { return nil }
        let result = TOTP.judge(
            code, secret: secret, lastAccepted: nil, at: now, parameters: .standard, window: policy.window,
            mac: ports.codes.mac)
        guard case .accepted(let step) = result else { return nil }
        return step
    }

    private func noteWrongCode(_ signIn: inout OpenSignIn, index: Int) async throws(SignInFailure) {
        ports.observer.signIn(.wrongCode)
        signIn.record.pending[index].wrongCodes += 1
        if signIn.record.pending[index].wrongCodes >= Self.maximumWrongCodes { signIn.record.pending.remove(at: index) }
        try await session.save(signIn)
    }

    /// New codes when there are none, or when the operator's code stood in for what was lost (R-NIST-4).
    private func recoveryCodes(
        for signIn: OpenSignIn
    ) async throws(SignInFailure) -> (codes: [String]?, records: [RecoveryCodeRecord]?) {
        guard signIn.account.recoveryCodesLeft == 0 || spentCode(signIn.record) != nil else { return (nil, nil) }
        let codes = RecoveryCode.set(
            random: ports.random.bytes(count: RecoveryCode.count * RecoveryCode.randomByteCount))
        var records: [RecoveryCodeRecord] = []
        for code in codes {
            let digest = ports.digest.digest(code.canonical.copy, purpose: .recoveryCode)
            let record = try await reaching(SignInFailure.init(_:)) { () async throws(Overloaded) in
                try await ports.hasher.hash(SecretBytes(digest))
            }
            records.append(RecoveryCodeRecord(slot: code.slot, record: record))
        }
        return (codes.map(\.text), records)
    }

    private func spentCode(_ record: SignInRecord) -> String? {
        guard case .enrolmentCode(let id) = record.proof, !record.hasEnrolled else { return nil }
        return id
    }

    private func commit(
        _ enrolment: ConfirmedEnrolment, signIn: inout OpenSignIn, provenance: Provenance
    ) async throws(SignInFailure) -> Account {
        let now = ports.clock.now()
        let account = signIn.account
        let events = events(of: enrolment, by: signIn, now: now, provenance: provenance)
        signIn.record.hasEnrolled = true
        let completes = signIn.record.completedAt == nil
        let step = StepGuard(
            account: account.id, passwordVersion: signIn.record.passwordVersion, kind: .oneTimeCode,
            lane: signIn.record.lane, limit: policy.limit)
        let record = signIn.record
        let verdict = try await reaching(SignInFailure.init(_:)) { () async throws(StoreUnavailable) in
            try await ports.ledger.confirmEnrolment(
                enrolment, guard: step, now: now, events: events,
                completion: completes
                    ? session.completion(of: record, account: account, provenance: provenance) : nil)
        }
        switch verdict {
        case .committed(let states): await ports.refresh(states, subject: account.id.text, lane: record.lane)
        case .alreadyUsed: throw try await refusal(of: enrolment, account: account.id)
        case .locked: throw SignInFailure.accountLocked(nil)
        case .outdated: throw SignInFailure.overtaken
        }
        if case .totp(let proven) = record.proof, let old = account.authenticators.first(where: { $0.id == proven }),
            old.label == enrolment.authenticator.label
        {
            // Its owner replaced the authenticator that proved this sign-in; the new one stands for it.
            signIn.record.proof = .totp(enrolment.authenticator.id)
        }
        if completes { session.markComplete(&signIn.record) }
        let fresh = try await reaching(SignInFailure.init(_:)) { () async throws(StoreUnavailable) in
            try await ports.accounts.account(id: account.id)
        }
        guard let fresh else { throw SignInFailure.notFound }
        return fresh
    }

    private func events(
        of enrolment: ConfirmedEnrolment, by signIn: OpenSignIn, now: WallInstant, provenance: Provenance
    ) -> [AuditEvent] {
        func event(_ code: AuditCode, _ detail: String?) -> AuditEvent {
            AuditEvent(
                time: now, code: code, result: .success, account: signIn.account.id,
                address: signIn.record.addressAsUsed, factor: FactorKind.totp.rawValue,
                authenticator: enrolment.authenticator.id, detail: detail, provenance: provenance)
        }
        let issued = enrolment.recoveryCodes.map { [event(.recoveryCodesIssued, "\($0.count) codes")] } ?? []
        return [event(.authenticatorEnrolled, enrolment.authenticator.label)] + issued
    }

    /// Why the database took no authenticator: as many as allowed stand, or the code behind it was spent or replaced.
    private func refusal(
        of enrolment: ConfirmedEnrolment, account id: AccountID
    ) async throws(SignInFailure) -> SignInFailure {
        let account = try await reaching(SignInFailure.init(_:)) { () async throws(StoreUnavailable) in
            try await ports.accounts.account(id: id)
        }
        let others = account?.authenticators.count { $0.label != enrolment.authenticator.label } ?? 0
        return others >= enrolment.maximum ? .tooManyAuthenticators(maximum: enrolment.maximum) : .overtaken
    }

    private func keyURI(
        _ account: Account, label: String, secret: SecretBytes, now: WallInstant
    ) throws(SignInFailure) -> KeyURI {
        // A second enrolment gets a name of its own in apps that would otherwise overwrite or mix up (R-URI-4).
        let suffix = account.authenticators.isEmpty ? nil : KeyURI.suffix(for: CivilDate(inHanoiAt: now))
        do {
            return try KeyURI(
                issuer: policy.totpIssuer, account: account.address.text, suffix: suffix, secret: secret,
                parameters: .standard)
        } catch {
            throw SignInFailure.unavailable(reason: "key URI cannot be made")
        }
    }

    private static func defaultLabel(_ account: Account) -> String {
        account.authenticators.isEmpty ? "TOTP" : "TOTP \(account.authenticators.count + 1)"
    }

    private static func cleaned(_ label: String?) throws(SignInFailure) -> String? {
        guard let label else { return nil }
        let isPrintable = label.unicodeScalars.allSatisfy { scalar in
            scalar.properties.generalCategory != .control && scalar.properties.generalCategory != .unassigned
        }
        guard isPrintable, !label.isEmpty, label.count <= labelLimit, label.utf8.count <= 4 * labelLimit else {
            throw SignInFailure.invalidRequest(field: "label", expected: "1 to \(labelLimit) printable characters")
        }
        return label
    }
}
