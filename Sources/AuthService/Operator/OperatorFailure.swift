package import AuthDomain

/// Why an operator's act was refused; operators are told precisely.
package enum OperatorFailure: Error {
    /// The request cannot be meant: the field and what is expected of it.
    case invalidRequest(field: String, expected: String)
    /// No such account, authenticator or client.
    case notFound
    /// An address belongs to another account.
    case addressTaken(String)
    /// A lock of that cause stands already.
    case alreadyLocked(LockCause)
    /// Nothing is locked or exhausted, so there is nothing to restore.
    case notLocked
    /// A lock stands; it must be restored first (Đ8.3).
    case standsLocked([LockCause])
    /// The restoration lacks what the causes ask for.
    case missingGrounds(Set<RestorationRequirement>)
    /// The account changed meanwhile; read it again.
    case changedMeanwhile
    /// The account is not one that a person signs in to.
    case hasNoLogin(AccountKind)
    /// The text is no number that can be registered.
    case badPhone(PhoneError)
    /// The number is a landline, or belongs to nobody (R-PHONE-7).
    case phoneTakesNoSMS
    /// No number waits for its confirmation.
    case noPendingPhone
    /// The code is wrong, used or expired.
    case wrongCode
    /// No code is sent now: too soon after the one before, or a budget is used up.
    case sendRefused(retryAfter: Duration)
    /// No gateway took the message.
    case noGateway(retryAfter: Duration)
    /// A new number needs `PUT …/phone`, which has it confirmed (R-PHONE-5).
    case phoneNeedsConfirmation
    /// A request for the mailbox is open already.
    case requestIsOpen
    /// The request or review is closed.
    case alreadyClosed
    /// The mailbox is none of those that may be restored without a request.
    case notBreakGlass
    /// The person who acted may not review the act.
    case sameActor
    /// A legal hold stands, so the account cannot be destroyed (T-14).
    case isHeld
    /// Something needed is down or full: what, for the log alone.
    case unavailable(reason: String)
}

extension OperatorFailure {
    init(_ refusal: OperatorRefusal) {
        switch refusal {
        case .unavailable(let reason): self = .unavailable(reason: reason)
        case .addressTaken(let address): self = .addressTaken(address.text)
        case .notFound: self = .notFound
        case .conflict: self = .changedMeanwhile
        case .held: self = .isHeld
        }
    }

    init(_ error: StoreUnavailable) {
        self = .unavailable(reason: error.reason)
    }

    init(_ error: Overloaded) {
        self = .unavailable(reason: "hashing pool full")
    }
}

/// Runs a call on a port and says its failure in the words of an operator's act.
func operating<Value, Failure: Error>(
    _ translate: (Failure) -> OperatorFailure, _ body: () async throws(Failure) -> Value
) async throws(OperatorFailure) -> Value {
    do {
        return try await body()
    } catch {
        throw translate(error)
    }
}

/// What the operator's acts share: finding accounts, making secrets, writing the record.
struct OperatorDesk: Sendable {
    let ports: ServicePorts
    let policy: ServicePolicy

    /// The account of an address as an operator writes it.
    func account(_ address: String) async throws(OperatorFailure) -> Account {
        guard let parsed = try? MailboxAddress(parsing: address, domains: policy.domains) else {
            throw OperatorFailure.notFound
        }
        let found = try await operating(OperatorFailure.init(_:)) { () async throws(StoreUnavailable) in
            try await ports.accounts.account(at: parsed)
        }
        return try await dated(found)
    }

    /// The account as it is after a write.
    func account(_ id: AccountID) async throws(OperatorFailure) -> Account {
        let found = try await operating(OperatorFailure.init(_:)) { () async throws(StoreUnavailable) in
            try await ports.accounts.account(id: id)
        }
        return try await dated(found)
    }

    /// An account with the deadlines that run for it.
    private func dated(_ found: Account?) async throws(OperatorFailure) -> Account {
        guard var account = found else { throw OperatorFailure.notFound }
        let id = account.id
        account.deadlines = try await operating(OperatorFailure.init(_:)) { () async throws(StoreUnavailable) in
            try await ports.deadlines.deadlines(of: id)
        }
        return account
    }

    /// A temporary password and its record.
    func temporaryPassword() async throws(OperatorFailure) -> (text: String, record: String) {
        let password = TemporaryPassword.make(random: ports.random.bytes(count: TemporaryPassword.randomByteCount))
        let record = try await operating(OperatorFailure.init(_:)) { () async throws(Overloaded) in
            try await ports.hasher.hash(password.utf8)
        }
        return (password.revealed(), record)
    }

    /// An enrolment code and its record.
    func enrolmentCode() -> (text: String, record: EnrolmentCodeRecord) {
        EnrolmentCodeRecord.issue(
            random: ports.random, digest: ports.digest, expiresAt: ports.clock.now() + policy.enrolmentCodeLifetime)
    }

    /// An audit row about an account.
    func event(
        _ code: AuditCode, _ account: Account, cause: LockCause? = nil, document: String? = nil,
        authenticator: AuthenticatorID? = nil, detail: String? = nil, _ provenance: Provenance
    ) -> AuditEvent {
        AuditEvent(
            time: ports.clock.now(), code: code, result: .success, account: account.id,
            address: account.address.text, cause: cause, clause: cause?.clause, authenticator: authenticator,
            document: document, detail: detail, provenance: provenance)
    }

    /// The same for text that may be left out; blank text counts as none.
    static func optionalText(_ value: String?, field: String, limit: Int) throws(OperatorFailure) -> String? {
        guard let value, !value.unicodeScalars.allSatisfy(\.properties.isWhitespace) else { return nil }
        return try text(value, field: field, limit: limit)
    }

    /// Text of an operator's request: printable, not blank, within a limit of characters.
    static func text(_ value: String, field: String, limit: Int) throws(OperatorFailure) -> String {
        let isPrintable = value.unicodeScalars.allSatisfy { scalar in
            scalar == "\n" || ![.control, .unassigned, .surrogate].contains(scalar.properties.generalCategory)
        }
        let isBlank = value.unicodeScalars.allSatisfy(\.properties.isWhitespace)
        guard isPrintable, !isBlank, value.unicodeScalars.count <= limit else {
            throw OperatorFailure.invalidRequest(field: field, expected: "1 to \(limit) printable characters")
        }
        return value
    }
}
