import AuthDomain

/// A sign-in and its account, read together at the start of a step.
struct OpenSignIn: Sendable {
    let id: String
    var record: SignInRecord
    let version: Int64
    let account: Account
    let status: SignInStatus
}

extension SignInRecord {
    /// The provenance of a step, with the person's machine as told at the beginning.
    func provenance(of step: Provenance) -> Provenance {
        var provenance = step
        provenance.clientAddress = clientAddress
        provenance.userAgent = userAgent
        return provenance
    }
}

/// What every step of a sign-in shares: reading it, saving it, completing it, showing it.
struct SignInSession: Sendable {
    let ports: ServicePorts
    let policy: ServicePolicy

    /// Reads a sign-in and its account as it is now.
    ///
    /// - Throws: `notFound` for another client's or an expired sign-in, `accountLocked` with the cause when a lock
    ///   stands (its owner has proven the password), `overtaken` when the password
    ///   was changed elsewhere, the account was locked and restored meanwhile, or the proof was revoked.
    func open(_ id: String, provenance: Provenance) async throws(SignInFailure) -> OpenSignIn {
        guard id.utf8.count <= 64 else { throw SignInFailure.notFound }
        let found = try await reaching(SignInFailure.init(_:)) { () async throws(CountersUnavailable) in
            try await ports.signIns.find(id: id)
        }
        guard let found, let record = ports.signInRecord(found.record, id: id), record.client == provenance.client,
            record.expiresAt > ports.clock.now()
        else { throw SignInFailure.notFound }
        let account = try await reaching(SignInFailure.init(_:)) { () async throws(StoreUnavailable) in
            try await ports.accounts.account(id: record.account)
        }
        guard let account, !account.lifecycle.hasEnded else { throw SignInFailure.notFound }
        if let lock = account.locks.first {
            ports.observer.signIn(.locked)
            await end(id, record, version: found.version)
            throw SignInFailure.accountLocked(lock.cause)
        }
        guard account.password.version == record.passwordVersion, !record.hasMetLock,
            // Only a restoration asks for a change of a password that stays the same.
            record.beganOwingChange || !account.password.mustChange, Self.isStillProven(record, account: account)
        else { throw SignInFailure.overtaken }
        let status = owed(record, account: account)
        // Another sign-in enrolled what this one owed; it never completed itself, so it has no assertion to show.
        guard status != .complete || record.completedAt != nil else { throw SignInFailure.overtaken }
        return OpenSignIn(id: id, record: record, version: found.version, account: account, status: status)
    }

    /// Notes that a lock ended a sign-in; the lock itself refuses it for as long as it stands, noted or not.
    private func end(_ id: String, _ record: SignInRecord, version: Int64) async {
        guard !record.hasMetLock else { return }
        var ended = record
        ended.hasMetLock = true
        _ = try? await ports.signIns.replace(
            id: id, version: version, record: ports.signed(ended, id: id),
            lifetime: record.expiresAt - ports.clock.now())
    }

    /// Whether what proved the second factor still belongs to the account.
    ///
    /// An authenticator is revoked because it was lost or its holder left (R-OTP-6, T-6): whoever signed in with it
    /// a moment ago must not enrol another.
    private static func isStillProven(_ record: SignInRecord, account: Account) -> Bool {
        switch record.proof {
        case .totp(let id): account.authenticators.contains { $0.id == id }
        case .enrolmentCode: !record.hasEnrolled || !account.authenticators.isEmpty
        // Another number is another factor (R-NIST-3).
        case .sms(let phone): account.phone.map { Hex.encode($0.index) } == phone
        case .recoveryCode, nil: true
        }
    }

    /// What a sign-in owes, given its account.
    func owed(_ record: SignInRecord, account: Account) -> SignInStatus {
        SignInSteps.owed(
            proof: record.proof, hasEnrolled: record.hasEnrolled,
            mustChangePassword: SignInSteps.mustChangePassword(account, policy: policy, now: ports.clock.now()),
            hasAuthenticator: !account.authenticators.isEmpty,
            needsAuthenticator: policy.sms.requiresAuthenticator(account))
    }

    /// Saves a step's result; a sign-in that another call changed meanwhile is left as that call left it.
    func save(_ signIn: OpenSignIn) async throws(SignInFailure) {
        let remaining = signIn.record.expiresAt - ports.clock.now()
        let isSaved = try await reaching(SignInFailure.init(_:)) { () async throws(CountersUnavailable) in
            try await ports.signIns.replace(
                id: signIn.id, version: signIn.version, record: ports.signed(signIn.record, id: signIn.id),
                lifetime: remaining)
        }
        guard isSaved else { throw SignInFailure.concurrentCall }
    }

    /// The writes that complete a sign-in.
    func completion(of record: SignInRecord, account: Account, provenance: Provenance) -> Completion {
        let factor = record.proof?.kind.rawValue
        return Completion(
            lane: record.lane,
            event: AuditEvent(
                time: ports.clock.now(), code: .signInCompleted, result: .success, account: account.id,
                address: record.addressAsUsed, factor: factor, provenance: provenance))
    }

    /// Marks a record complete from now on, for as long as it may still change the password or enrol.
    func markComplete(_ record: inout SignInRecord) {
        let now = ports.clock.now()
        record.completedAt = now
        record.expiresAt = now + policy.afterCompletion
        if policy.lanes == .device {
            if case .device(let known) = record.lane {
                record.deviceName = known
            } else {
                record.deviceName = ports.random.identifier(prefix: "")
            }
        }
        ports.observer.signIn(.completed)
    }

    /// The sign-in as the caller sees it, with a fresh assertion when it is complete.
    func view(
        _ id: String, _ record: SignInRecord, account: Account, recoveryCodes: [String]? = nil
    ) throws(SignInFailure) -> SignInView {
        let status = owed(record, account: account)
        var assertion: String?
        var device: String?
        if status == .complete, record.completedAt != nil, let proof = record.proof, let proven = record.provenAt {
            assertion = try sign(record, proof: proof, provenAt: proven, account: account)
            if !record.deviceName.isEmpty {
                device = DeviceTokens(digest: ports.digest).issue(device: record.deviceName, account: account)
            }
        }
        return SignInView(
            id: id, status: status, account: account.address.text,
            factors: status == .factorRequired ? offers(account) : [], expiresAt: record.expiresAt,
            assertion: assertion, device: device, notices: notices(record, status: status, account: account),
            recoveryCodes: recoveryCodes)
    }

    private func sign(
        _ record: SignInRecord, proof: FactorProof, provenAt: WallInstant, account: Account
    ) throws(SignInFailure) -> String {
        let payload = Assertion(
            issuer: policy.issuer, audience: record.client, account: account, authenticatedAt: provenAt,
            proof: proof, issuedAt: ports.clock.now(), lifetime: policy.assertionLifetime,
            identifier: ports.random.identifier(prefix: "ast_")
        ).payload()
        do {
            return try ports.signer.sign(payload: payload, type: Assertion.type)
        } catch {
            throw SignInFailure(error)
        }
    }

    private func offers(_ account: Account) -> [FactorOffer] {
        var offers = account.authenticators.map {
            FactorOffer(kind: .totp, label: $0.label, hint: nil)
        }
        if ports.sms != nil, policy.sms.permitsSMS(account) {
            offers.append(FactorOffer(kind: .sms, label: nil, hint: account.maskedPhone))
        }
        if account.recoveryCodesLeft > 0, !account.authenticators.isEmpty {
            offers.append(FactorOffer(kind: .recovery, label: nil, hint: "\(account.recoveryCodesLeft)"))
        }
        if let code = account.enrolmentCode, code.expiresAt > ports.clock.now() {
            offers.append(FactorOffer(kind: .enrolmentCode, label: nil, hint: nil))
        }
        return offers
    }

    private func notices(_ record: SignInRecord, status: SignInStatus, account: Account) -> [SignInNotice] {
        var notices: [SignInNotice] = []
        if status == .factorRequired, offers(account).isEmpty { notices.append(.noUsableFactor) }
        guard status == .complete else { return notices }
        let now = ports.clock.now()
        if policy.rotation == .remind, SignInSteps.isOld(account, policy: policy, now: now) {
            notices.append(.passwordIsOld(days: Int((now - account.password.changedAt).components.seconds / 86_400)))
        }
        if record.proof == .recoveryCode { notices.append(.recoveryCodeUsed) }
        if account.authenticators.isEmpty {
            // They come with an authenticator, and count for as little without one as offering them would.
            notices.append(.authenticatorAdvised)
        } else if account.recoveryCodesLeft < 3 {
            notices.append(.fewRecoveryCodes(left: account.recoveryCodesLeft))
        }
        return notices
    }
}
