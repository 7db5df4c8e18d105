import AuthDomain

/// The owner chooses a new password: when it is owed, or of free will after a complete sign-in (Đ12.1).
package struct ChoosePassword: Sendable {
    private let ports: ServicePorts
    private let policy: ServicePolicy
    private let session: SignInSession
    private let verifier: PasswordVerifier

    /// Makes the use case; the verifier is the process's one.
    package init(ports: ServicePorts, policy: ServicePolicy, verifier: PasswordVerifier) {
        self.ports = ports
        self.policy = policy
        self.verifier = verifier
        session = SignInSession(ports: ports, policy: policy)
    }

    /// Sets a new password.
    ///
    /// - Parameters:
    ///   - id: The sign-in.
    ///   - newPassword: The choice; every broken rule is named at once (R-PW-10).
    ///   - currentPassword: Required after completion; a wrong one is a wrong password entry and counts (R-LOCK-8).
    ///   - provenance: For the record.
    package func callAsFunction(
        signIn id: String, newPassword: String, currentPassword: String?, provenance: Provenance
    ) async throws(SignInFailure) -> SignInView {
        var signIn = try await session.open(id, provenance: provenance)
        let provenance = signIn.record.provenance(of: provenance)
        try await authorise(signIn, currentPassword: currentPassword, provenance: provenance)
        let prepared = try await accepted(newPassword, account: signIn.account)
        let record = try await reaching(SignInFailure.init(_:)) { () async throws(Overloaded) in
            try await ports.hasher.hash(prepared.utf8)
        }
        let wasComplete = signIn.record.completedAt != nil
        let account = try await commit(record, signIn: &signIn, provenance: provenance)
        if !wasComplete, session.owed(signIn.record, account: account) == .complete {
            session.markComplete(&signIn.record)
        }
        try await session.save(signIn)
        return try session.view(id, signIn.record, account: account)
    }

    private func authorise(
        _ signIn: OpenSignIn, currentPassword: String?, provenance: Provenance
    ) async throws(SignInFailure) {
        switch signIn.status {
        case .passwordChangeRequired:
            return
        case .factorRequired, .enrolmentRequired:
            throw SignInFailure.outOfOrder(owed: signIn.status)
        case .complete:
            guard Capabilities(of: signIn.account).changePassword else {
                throw SignInFailure.outOfOrder(owed: .complete)
            }
            guard let currentPassword else {
                throw SignInFailure.invalidRequest(
                    field: "current_password", expected: "the present password, since no change is owed")
            }
            let secret = try BeginSignIn.prepare(currentPassword, field: "current_password")
            let claim = ClaimedIdentity(
                account: signIn.account, unknownSubject: signIn.account.id.text,
                addressAsUsed: signIn.record.addressAsUsed)
            _ = try await verifier.verify(
                claim, lane: signIn.record.lane, password: secret, failing: .passwordChangeFailed,
                provenance: provenance)
        }
    }

    /// The prepared choice, or every rule it breaks.
    private func accepted(_ choice: String, account: Account) async throws(SignInFailure) -> PreparedPassword {
        let checked = PasswordChoice(policy: policy).check(
            choice, context: PasswordContext(account: account, now: ports.clock.now()))
        guard let prepared = checked.prepared else { throw SignInFailure.passwordRejected(checked.violations) }
        var violations = checked.violations
        if let repeated = try await repetition(of: prepared.utf8, account: account) { violations.append(repeated) }
        guard violations.isEmpty else { throw SignInFailure.passwordRejected(violations) }
        return prepared
    }

    private func repetition(
        of secret: SecretBytes, account: Account
    ) async throws(SignInFailure) -> PolicyViolation? {
        if try await fits(secret, account.password.record) { return account.password.isIssued ? .isDefault : .reused }
        let former = try await reaching(SignInFailure.init(_:)) { () async throws(StoreUnavailable) in
            try await ports.accounts.passwordHistory(of: account.id, limit: policy.password.historyDepth)
        }
        for record in former where try await fits(secret, record) { return .reused }
        return nil
    }

    private func fits(_ secret: SecretBytes, _ record: String) async throws(SignInFailure) -> Bool {
        try await reaching(SignInFailure.init(_:)) { () async throws(Overloaded) in
            try await ports.hasher.verify(secret, record: record)
        }
    }

    /// Commits the change, with the completion if nothing else is owed, and returns the account after it.
    private func commit(
        _ record: String, signIn: inout OpenSignIn, provenance: Provenance
    ) async throws(SignInFailure) -> Account {
        let account = signIn.account
        try await DeadlineGate(ports: ports).enforce(account)
        let now = ports.clock.now()
        let event = AuditEvent(
            time: now, code: .passwordChanged, result: .success, account: account.id,
            address: signIn.record.addressAsUsed, factor: "password", provenance: provenance)
        let owedAfter = SignInSteps.owed(
            proof: signIn.record.proof, hasEnrolled: signIn.record.hasEnrolled, mustChangePassword: false,
            hasAuthenticator: !account.authenticators.isEmpty)
        let completion =
            owedAfter == .complete && signIn.record.completedAt == nil
            ? session.completion(of: signIn.record, account: account, provenance: provenance) : nil
        let step = StepGuard(
            account: account.id, passwordVersion: signIn.record.passwordVersion, kind: .password,
            lane: signIn.record.lane, limit: policy.limit)
        let verdict = try await reaching(SignInFailure.init(_:)) { () async throws(StoreUnavailable) in
            try await ports.ledger.changePassword(
                to: record, guard: step, keeping: policy.password.historyDepth, now: now, event: event,
                completion: completion)
        }
        switch verdict {
        case .committed(let states):
            await ports.refresh(states, subject: account.id.text, lane: signIn.record.lane)
        case .locked:
            throw SignInFailure.accountLocked(nil)
        case .outdated, .alreadyUsed:
            throw SignInFailure.overtaken
        }
        signIn.record.passwordVersion += 1
        signIn.record.beganOwingChange = false
        return try await changed(account.id, version: signIn.record.passwordVersion)
    }

    /// The account with its new password.
    private func changed(_ id: AccountID, version: Int64) async throws(SignInFailure) -> Account {
        let fresh = try await reaching(SignInFailure.init(_:)) { () async throws(StoreUnavailable) in
            try await ports.accounts.account(id: id)
        }
        guard let fresh, fresh.password.version == version else {
            throw SignInFailure.overtaken
        }
        return fresh
    }
}
