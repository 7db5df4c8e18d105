package import AuthDomain

/// What an operator tells about a new account.
package struct ProvisioningRequest: Sendable {
    /// The main address.
    package var address: String
    /// The type; never inferred (R-ADDR-1).
    package var kind: AccountKind
    /// Further addresses of the same mailbox.
    package var aliases: [String] = []
    /// The holder's name.
    package var displayName: String?
    /// The organisation.
    package var organisation: String?
    /// A phone number as written.
    package var phone: String?
    /// When the owner was or will be told; the 05 days of Đ8.2.d run from it.
    package var notifiedAt: WallInstant?
    /// The paper.
    package var document: String?
    /// An existing password's record, for accounts that move in.
    package var passwordHash: String?

    /// Makes a request.
    package init(address: String, kind: AccountKind) {
        self.address = address
        self.kind = kind
    }
}

/// A new account and what the owner needs for the first sign-in, shown this once.
package struct ProvisionedAccount: Sendable {
    /// The account.
    package let account: Account
    /// The random first password (R-FIRST-7).
    package let temporaryPassword: String?
    /// The code that proves the owner until an authenticator is enrolled.
    package let enrolmentCode: String?
    /// Deviations from the naming rule of Điều 5: warnings, never a refusal (R-ADDR-3).
    package let warnings: [AddressWarning]
    /// Whether the phone is a landline: kept, but no code can be sent there (R-PHONE-7).
    package let phoneTakesNoSMS: Bool
}

/// Provisions a mailbox account (Đ7, Đ10.1.g).
package struct ProvisionAccount: Sendable {
    private static let maximumAliases = 20

    private let ports: ServicePorts
    private let policy: ServicePolicy
    private let desk: OperatorDesk

    /// Makes the use case.
    package init(ports: ServicePorts, policy: ServicePolicy) {
        self.ports = ports
        self.policy = policy
        desk = OperatorDesk(ports: ports, policy: policy)
    }

    /// Stores the account with its first password and enrolment code.
    package func callAsFunction(
        _ request: ProvisioningRequest, provenance: Provenance
    ) async throws(OperatorFailure) -> ProvisionedAccount {
        let address = try mailbox(request.address, field: "address")
        let aliases = try aliases(request.aliases, main: address)
        let document = try optional(request.document, field: "document", limit: 200)
        let now = ports.clock.now()
        let canSignIn = request.kind.canSignIn
        let password = try await firstPassword(request, canSignIn: canSignIn, now: now)
        let id = AccountID(ports.random.identifier(prefix: "acc_"))
        let number = try request.phone.map { text throws(OperatorFailure) in try desk.phone(text) }
        let phone = number.map { ports.seal($0, for: id) }
        // A registered phone exists before the first sign-in and proves its owner then (R-OTP-3).
        let provesBySMS = ports.sms != nil && number?.takesSMS == true
        let code = canSignIn && !provesBySMS ? desk.enrolmentCode() : nil
        let account = Account(
            id: id, address: address, aliases: aliases, kind: request.kind,
            displayName: try optional(request.displayName, field: "display_name", limit: 200),
            organisation: try optional(request.organisation, field: "organisation", limit: 200),
            lifecycle: .active, password: password.credential, budgets: [:], locks: [], authenticators: [],
            recoveryCodesLeft: 0, enrolmentCode: code?.record, sealedPhone: phone?.sealed,
            maskedPhone: phone?.masked, notifiedAt: request.notifiedAt, createdAt: now, lastSignInAt: nil,
            phone: phone?.registered)
        let event = desk.event(
            .accountProvisioned, account, document: document, detail: "kind \(request.kind.rawValue)", provenance)
        try await operating(OperatorFailure.init(_:)) { () async throws(OperatorRefusal) in
            try await ports.operators.provision(NewAccount(account: account), event: event)
        }
        return ProvisionedAccount(
            account: account, temporaryPassword: password.text, enrolmentCode: code?.text,
            warnings: AddressLint.warnings(for: address, kind: request.kind),
            phoneTakesNoSMS: number?.takesSMS == false)
    }

    private func firstPassword(
        _ request: ProvisioningRequest, canSignIn: Bool, now: WallInstant
    ) async throws(OperatorFailure) -> (text: String?, credential: PasswordCredential) {
        func credential(_ record: String, issued: Bool) -> PasswordCredential {
            PasswordCredential(
                record: record, version: 1, changedAt: now, mustChange: issued, isIssued: issued, expiresAt: nil)
        }
        if let imported = request.passwordHash {
            guard canSignIn, (try? HashRecord(parsing: imported)) != nil else {
                throw OperatorFailure.invalidRequest(
                    field: "password_hash",
                    expected: "a record of argon2id, PBKDF2-SHA256, SSHA, SSHA512, SHA512-CRYPT or BLF-CRYPT "
                        + "within the cost bounds, for an account that signs in")
            }
            return (nil, credential(imported, issued: false))
        }
        guard canSignIn else { return (nil, credential(ports.hasher.unfittingRecord, issued: false)) }
        let temporary = try await desk.temporaryPassword()
        return (temporary.text, credential(temporary.record, issued: true))
    }

    private func mailbox(_ text: String, field: String) throws(OperatorFailure) -> MailboxAddress {
        guard let address = try? MailboxAddress(parsing: text, domains: policy.domains) else {
            throw OperatorFailure.invalidRequest(
                field: field,
                expected: "a mailbox address in \(policy.domains.joined(separator: ", ")) without diacritics")
        }
        return address
    }

    private func aliases(_ texts: [String], main: MailboxAddress) throws(OperatorFailure) -> [MailboxAddress] {
        guard texts.count <= Self.maximumAliases else {
            throw OperatorFailure.invalidRequest(field: "aliases", expected: "at most \(Self.maximumAliases)")
        }
        var aliases: [MailboxAddress] = []
        for text in texts {
            let alias = try mailbox(text, field: "aliases")
            if alias != main, !aliases.contains(alias) { aliases.append(alias) }
        }
        return aliases
    }

    private func optional(_ text: String?, field: String, limit: Int) throws(OperatorFailure) -> String? {
        guard let text else { return nil }
        return try OperatorDesk.text(text, field: field, limit: limit)
    }
}
