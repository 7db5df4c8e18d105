package import AuthDomain

/// A change as an operator asks for it: nil leaves a field, `.some(nil)` clears it.
package struct AccountChangeRequest: Sendable {
    /// The type.
    package var kind: AccountKind?
    /// All further addresses.
    package var aliases: [String]?
    /// The holder's name.
    package var displayName: String??
    /// The organisation.
    package var organisation: String??
    /// The phone as written.
    package var phone: String??
    /// When the owner was told.
    package var notifiedAt: WallInstant?
    /// Why the notice told before does not count: it never arrived (R-FIRST-4).
    package var undelivered: String?
    /// The paper.
    package var document: String?

    /// Makes an empty change.
    package init() {}
}

/// Shows, changes and destroys accounts.
package struct KeepAccounts: Sendable {
    private let ports: ServicePorts
    private let policy: ServicePolicy
    private let desk: OperatorDesk

    /// Makes the use cases.
    package init(ports: ServicePorts, policy: ServicePolicy) {
        self.ports = ports
        self.policy = policy
        desk = OperatorDesk(ports: ports, policy: policy)
    }

    /// The account of an address.
    package func read(_ address: String) async throws(OperatorFailure) -> Account {
        try await desk.account(address)
    }

    /// Changes an account's data and returns it as it is then.
    package func change(
        _ address: String, _ request: AccountChangeRequest, provenance: Provenance
    ) async throws(OperatorFailure) -> Account {
        let document = try cleaned(request.document, field: "document")
        let account = try await desk.account(address)
        var change = AccountChange()
        var fields: [String] = []
        if let kind = request.kind {
            guard kind.canSignIn == account.kind.canSignIn else {
                throw OperatorFailure.invalidRequest(
                    field: "kind", expected: "a kind with the same way of signing in; else provision a new account")
            }
            change.kind = kind
            fields.append("kind")
        }
        if let aliases = request.aliases {
            change.aliases = try parsed(aliases, main: account.address)
            fields.append("aliases")
        }
        if let name = request.displayName {
            change.displayName = .some(try cleaned(name, field: "display_name"))
            fields.append("display_name")
        }
        if let organisation = request.organisation {
            change.organisation = .some(try cleaned(organisation, field: "organisation"))
            fields.append("organisation")
        }
        if let phone = request.phone {
            change.phone = .some(try sealed(phone, account: account.id))
            fields.append("phone")
        }
        if let notifiedAt = request.notifiedAt {
            change.notifiedAt = notifiedAt
            fields.append(try Self.notice(notifiedAt, after: account.notifiedAt, undelivered: request.undelivered))
        }
        guard !fields.isEmpty else {
            throw OperatorFailure.invalidRequest(field: "body", expected: "at least one field to change")
        }
        let event = desk.event(
            .accountChanged, account, document: document, detail: fields.joined(separator: " "), provenance)
        let write = change
        try await operating(OperatorFailure.init(_:)) { () async throws(OperatorRefusal) in
            try await ports.operators.change(account.id, write, event: event)
        }
        return try await desk.account(account.id)
    }

    /// The first notice counts, so that sending it again buys no time; unless it never arrived (R-FIRST-4).
    private static func notice(
        _ new: WallInstant, after old: WallInstant?, undelivered: String?
    ) throws(OperatorFailure) -> String {
        guard let old, old != new else { return "notified_at" }
        guard let undelivered else {
            throw OperatorFailure.invalidRequest(
                field: "notice_undelivered", expected: "why the first notice does not count, since one was given before"
            )
        }
        let reason = try OperatorDesk.text(undelivered, field: "notice_undelivered", limit: 200)
        return "notified_at (was \(RFC3339.format(old)), undelivered: \(reason))"
    }

    /// Destroys an account: every credential goes, the record of what happened stays (R-LIFE-9).
    package func destroy(_ address: String, provenance: Provenance) async throws(OperatorFailure) {
        let account = try await desk.account(address)
        let event = desk.event(.accountDestroyed, account, provenance)
        try await operating(OperatorFailure.init(_:)) { () async throws(OperatorRefusal) in
            try await ports.operators.destroy(account.id, now: ports.clock.now(), event: event)
        }
    }

    private func parsed(_ texts: [String], main: MailboxAddress) throws(OperatorFailure) -> [MailboxAddress] {
        guard texts.count <= 20 else {
            throw OperatorFailure.invalidRequest(field: "aliases", expected: "at most 20")
        }
        var aliases: [MailboxAddress] = []
        for text in texts {
            guard let alias = try? MailboxAddress(parsing: text, domains: policy.domains) else {
                throw OperatorFailure.invalidRequest(field: "aliases", expected: "mailbox addresses")
            }
            if alias != main, !aliases.contains(alias) { aliases.append(alias) }
        }
        return aliases
    }

    private func cleaned(_ text: String?, field: String) throws(OperatorFailure) -> String? {
        guard let text else { return nil }
        return try OperatorDesk.text(text, field: field, limit: 200)
    }

    /// A number is cleared at once; a new one is set at once only where no code could confirm it.
    private func sealed(_ text: String?, account: AccountID) throws(OperatorFailure) -> SealedPhone? {
        guard let text else { return nil }
        let phone = try desk.phone(text)
        guard ports.sms == nil else { throw OperatorFailure.phoneNeedsConfirmation }
        return ports.seal(phone, for: account)
    }
}
