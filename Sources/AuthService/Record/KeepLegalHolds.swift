package import AuthDomain

/// Places and releases legal holds (T-14).
package struct KeepLegalHolds: Sendable {
    private let store: any LegalHoldStore
    private let accounts: any AccountReader
    private let clock: any WallClock
    private let random: any RandomSource
    private let domains: [String]

    /// Makes the use case.
    ///
    /// - Parameter domains: The domains that addresses may have, the first of them for those without one.
    package init(
        store: any LegalHoldStore, accounts: any AccountReader, clock: any WallClock, random: any RandomSource,
        domains: [String]
    ) {
        self.store = store
        self.accounts = accounts
        self.clock = clock
        self.random = random
        self.domains = domains
    }

    /// Records that everything about an account has to be kept.
    ///
    /// - Parameter name: An address, or the id of an account that is destroyed already.
    package func place(
        on name: String, document: String, provenance: Provenance
    ) async throws(OperatorFailure) -> LegalHold {
        let document = try OperatorDesk.text(document, field: "document", limit: 200)
        let account = try await account(name)
        let hold = LegalHold(
            id: random.identifier(prefix: "hld_"), account: account.id, document: document, placedAt: clock.now(),
            placedBy: provenance.actor ?? provenance.client)
        let event = event(.legalHoldPlaced, account, at: hold.placedAt, document, detail: hold.id, provenance)
        try await operating(OperatorFailure.init(_:)) { () async throws(OperatorRefusal) in
            try await store.place(hold, event: event)
        }
        return hold
    }

    /// Ends the hold of an account; what waited for it goes on with the next sweep.
    package func release(
        _ name: String, document: String, provenance: Provenance
    ) async throws(OperatorFailure) -> AccountID {
        let document = try OperatorDesk.text(document, field: "document", limit: 200)
        let account = try await account(name)
        let now = clock.now()
        let release = LegalHoldRelease(
            document: document, releasedAt: now, releasedBy: provenance.actor ?? provenance.client)
        let event = event(.legalHoldReleased, account, at: now, document, detail: nil, provenance)
        try await operating(OperatorFailure.init(_:)) { () async throws(OperatorRefusal) in
            try await store.release(account.id, by: release, event: event)
        }
        return account.id
    }

    /// An account by address, or by id: a destroyed one has no address any more.
    private func account(_ name: String) async throws(OperatorFailure) -> Account {
        let found = try await operating(OperatorFailure.init(_:)) { () async throws(StoreUnavailable) in
            if let address = try? MailboxAddress(parsing: name, domains: domains),
                let account = try await accounts.account(at: address)
            {
                return Account?.some(account)
            }
            return try await accounts.account(id: AccountID(name))
        }
        guard let found else { throw OperatorFailure.notFound }
        return found
    }

    private func event(
        _ code: AuditCode, _ account: Account, at now: WallInstant, _ document: String, detail: String?,
        _ provenance: Provenance
    ) -> AuditEvent {
        // A destroyed account is named by its id alone (R-LIFE-9).
        let name = account.lifecycle == .destroyed ? account.id.text : account.address.text
        return AuditEvent(
            time: now, code: code, result: .success, account: account.id, address: name, document: document,
            detail: detail, provenance: provenance)
    }
}
