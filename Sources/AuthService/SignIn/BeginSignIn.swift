package import AuthDomain

/// Who a call is for, as told by an authenticated client: believed from nobody else.
package struct PersonalClient: Sendable {
    /// The address of the person's machine.
    package let address: NetworkAddress
    /// The browser or app.
    package let userAgent: String?
    /// The device token from an earlier sign-in.
    package let device: String?

    /// Makes a description.
    package init(address: NetworkAddress, userAgent: String?, device: String?) {
        self.address = address
        self.userAgent = userAgent
        self.device = device
    }
}

/// The first step: the mailbox password (R-OTP-2: never enough by itself).
package struct BeginSignIn: Sendable {
    private let ports: ServicePorts
    private let policy: ServicePolicy
    private let verifier: PasswordVerifier

    /// Makes the use case; the verifier is the process's one.
    package init(ports: ServicePorts, policy: ServicePolicy, verifier: PasswordVerifier) {
        self.ports = ports
        self.policy = policy
        self.verifier = verifier
    }

    /// Verifies a password and opens a sign-in.
    ///
    /// - Parameters:
    ///   - address: The login name as typed, with or without domain.
    ///   - password: The password as typed; 1…1,024 bytes of UTF-8, else refused unseen and alike for every address.
    ///   - person: Who is signing in.
    ///   - provenance: For the record.
    package func callAsFunction(
        address: String, password: String, person: PersonalClient, provenance: Provenance
    ) async throws(SignInFailure) -> SignInView {
        let secret = try Self.prepare(password)
        let throttle = AddressThrottle(ports: ports, policy: policy)
        try await throttle.take(person.address)
        let claim = try await ClaimResolver(ports: ports, policy: policy).resolve(address)
        let lane = try await lane(of: claim, person: person)
        var account: Account
        do {
            account = try await verifier.verify(claim, lane: lane, password: secret, provenance: provenance)
        } catch {
            observe(error, isKnown: claim.account != nil)
            throw error
        }
        await throttle.giveBack(person.address)
        account = try await rehashed(account, password: secret)
        let now = ports.clock.now()
        var record = SignInRecord(
            client: provenance.client, account: account.id, addressAsUsed: claim.addressAsUsed ?? account.address.text,
            passwordVersion: account.password.version, lane: lane, clientAddress: person.address.text,
            userAgent: person.userAgent, begunAt: now,
            expiresAt: now + policy.signInLifetime)
        record.beganOwingChange = account.password.mustChange
        let id = ports.random.identifier(prefix: "sin_")
        let encoded = ports.signed(record, id: id)
        try await reaching(SignInFailure.init(_:)) { () async throws(CountersUnavailable) in
            try await ports.signIns.create(id: id, record: encoded, lifetime: policy.signInLifetime)
        }
        ports.observer.signIn(.passwordAccepted)
        return try SignInSession(ports: ports, policy: policy).view(id, record, account: account)
    }

    /// A password that cannot be anyone's is refused before any look-up, so as quickly for every address.
    static func prepare(_ password: String, field: String = "password") throws(SignInFailure) -> SecretBytes {
        do {
            return try PreparedPassword(preparing: password).utf8
        } catch {
            switch error {
            case .empty, .tooLong:
                throw SignInFailure.invalidRequest(
                    field: field, expected: "1 to 128 characters and at most 1,024 bytes")
            case .badCharacter:
                throw SignInFailure.invalidCredentials
            }
        }
    }

    /// A device that proved itself before has a budget of its own until that is exhausted (T-3).
    private func lane(of claim: ClaimedIdentity, person: PersonalClient) async throws(SignInFailure) -> BudgetLane {
        guard policy.lanes == .device, let account = claim.account,
            let device = DeviceTokens(digest: ports.digest).device(in: person.device, account: account)
        else { return .shared }
        for kind in [BudgetKind.password, .oneTimeCode] {
            let key = BudgetKey(subject: account.id.text, kind: kind, lane: .device(device))
            let state = try await reaching(SignInFailure.init(_:)) { () async throws(StoreUnavailable) in
                try await ports.accounts.budget(key, now: ports.clock.now())
            }
            if state.failures >= policy.limit { return .shared }
        }
        return .device(device)
    }

    /// Records of another scheme or cost are made anew while the password is at hand (T-16).
    private func rehashed(_ account: Account, password: SecretBytes) async throws(SignInFailure) -> Account {
        guard ports.hasher.isOutdated(record: account.password.record) else { return account }
        guard let record = try? await ports.hasher.hash(password) else { return account }
        try await reaching(SignInFailure.init(_:)) { () async throws(StoreUnavailable) in
            try await ports.ledger.rehash(account: account.id, version: account.password.version, record: record)
        }
        return account
    }

    /// Metrics may tell what callers are not told.
    private func observe(_ failure: SignInFailure, isKnown: Bool) {
        switch failure {
        case .invalidCredentials: ports.observer.signIn(isKnown ? .wrongPassword : .unknownAddress)
        case .unavailable: ports.observer.signIn(.unavailable)
        case .accountLocked, .invalidRequest, .invalidCode, .notFound, .overtaken, .outOfOrder, .concurrentCall,
            .passwordRejected, .tooManyAuthenticators, .throttled, .noUsablePhone, .sendRefused, .noGateway:
            break
        }
    }
}
