package import AuthDomain

/// A new app password, shown this once.
package struct IssuedAppPassword: Sendable {
    /// What is kept of it.
    package let record: AppPasswordRecord
    /// The password, in groups of four.
    package let password: String
}

/// What is wanted of a new app password.
package struct AppPasswordRequest: Sendable {
    /// The device or program it is for.
    package var label: String
    /// What it opens; at least one service.
    package var services: [MailService]
    /// Where it may come from; empty for anywhere.
    package var networks: [AddressBlock]
    /// When it stops working; nil for never.
    package var expiresAt: WallInstant?

    /// Makes a request.
    package init(
        label: String, services: [MailService], networks: [AddressBlock] = [], expiresAt: WallInstant? = nil
    ) {
        self.label = label
        self.services = services
        self.networks = networks
        self.expiresAt = expiresAt
    }
}

/// Why an owner got no app password.
package enum AppPasswordFailure: Error {
    /// The sign-in does not allow it, or something is down.
    case signIn(SignInFailure)
    /// As many as allowed stand; revoke one first.
    case tooMany(maximum: Int)
}

/// Owners make, see and end the app passwords of their mailbox, through a complete sign-in (T-4).
package struct AppPasswordDesk: Sendable {
    private let mail: MailPorts
    private let policy: ServicePolicy
    private let session: SignInSession
    private let mint: AppPasswordMint

    /// Makes the use cases.
    package init(mail: MailPorts, policy: ServicePolicy) {
        self.mail = mail
        self.policy = policy
        session = SignInSession(ports: mail.base, policy: policy)
        mint = AppPasswordMint(ports: mail.base)
    }

    /// Makes an app password.
    package func issue(
        signIn id: String, _ request: AppPasswordRequest, provenance: Provenance
    ) async throws(AppPasswordFailure) -> IssuedAppPassword {
        let signIn = try await complete(id, provenance)
        let now = mail.base.clock.now()
        if let (field, expected) = mint.objection(to: request, now: now) {
            throw .signIn(.invalidRequest(field: field, expected: expected))
        }
        guard
            MailService.allCases.contains(where: { service in
                MailDenial(of: service, kind: signIn.account.kind, standing: signIn.account.standing) == nil
            })
        else { throw .signIn(.outOfOrder(owed: .complete)) }
        let issued = mint.make(request, account: signIn.account.id, document: nil, now: now)
        let event = mint.event(
            .appPasswordIssued, issued.record, address: signIn.record.addressAsUsed,
            provenance: signIn.record.provenance(of: provenance))
        let condition = AppPasswordGuard(
            account: signIn.account.id, passwordVersion: signIn.record.passwordVersion,
            maximum: policy.mail.maximumAppPasswords)
        let verdict = try await owning { () async throws(StoreUnavailable) in
            try await mail.appPasswords.issue(issued.record, guard: condition, event: event)
        }
        switch verdict {
        case .stored: return issued
        case .locked: throw .signIn(.accountLocked(nil))
        case .outdated: throw .signIn(.overtaken)
        case .tooMany: throw .tooMany(maximum: policy.mail.maximumAppPasswords)
        }
    }

    /// The owner's app passwords, oldest first.
    package func list(
        signIn id: String, provenance: Provenance
    ) async throws(AppPasswordFailure) -> [AppPasswordRecord] {
        let signIn = try await complete(id, provenance)
        return try await owning { () async throws(StoreUnavailable) in
            try await mail.appPasswords.appPasswords(of: signIn.account.id)
        }
    }

    /// Revokes one of the owner's app passwords.
    package func revoke(
        signIn id: String, _ password: AppPasswordID, provenance: Provenance
    ) async throws(AppPasswordFailure) {
        let signIn = try await complete(id, provenance)
        let event = mint.revocation(
            password, account: signIn.account.id, address: signIn.record.addressAsUsed,
            provenance: signIn.record.provenance(of: provenance))
        do {
            try await mail.appPasswords.revokeAppPassword(
                password, of: signIn.account.id, now: mail.base.clock.now(), event: event)
        } catch {
            switch error {
            case .unavailable(let reason): throw .signIn(.unavailable(reason: reason))
            case .notFound, .conflict, .held, .addressTaken: throw .signIn(.notFound)
            }
        }
    }

    private func complete(_ id: String, _ provenance: Provenance) async throws(AppPasswordFailure) -> OpenSignIn {
        do throws(SignInFailure) {
            return try await session.openComplete(id, provenance: provenance)
        } catch {
            throw .signIn(error)
        }
    }

    private func owning<Value>(
        _ body: () async throws(StoreUnavailable) -> Value
    ) async throws(AppPasswordFailure) -> Value {
        do {
            return try await body()
        } catch {
            throw .signIn(SignInFailure(error))
        }
    }
}

extension SignInSession {
    /// A sign-in that owes nothing more.
    func openComplete(_ id: String, provenance: Provenance) async throws(SignInFailure) -> OpenSignIn {
        let signIn = try await open(id, provenance: provenance)
        guard signIn.status == .complete else { throw SignInFailure.outOfOrder(owed: signIn.status) }
        return signIn
    }
}

extension Account {
    /// The row of the table of states and capabilities.
    var standing: AccountStanding {
        AccountStanding(lifecycle: lifecycle, mustChange: password.mustChange, isLocked: !locks.isEmpty)
    }
}
