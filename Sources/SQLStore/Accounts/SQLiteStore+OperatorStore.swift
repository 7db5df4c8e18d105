package import AuthDomain
package import AuthService

extension SQLiteStore: OperatorStore {
    /// Stores a new account with its addresses and, if it has one, its enrolment code.
    package func provision(_ new: NewAccount, event: AuditEvent) async throws(OperatorRefusal) {
        try await writeForOperator(.operatorWrite) { transaction in
            try Self.provision(new, event: event, in: &transaction)
        }
    }

    /// Changes what an operator may change.
    package func change(
        _ account: AccountID, _ change: AccountChange, event: AuditEvent
    ) async throws(OperatorRefusal) {
        try await writeForOperator(.operatorWrite) { transaction in
            try Self.change(account, change, event: event, in: &transaction)
        }
    }

    /// Destroys an account; its identity, locks and restorations stay for the record.
    package func destroy(_ account: AccountID, now: WallInstant, event: AuditEvent) async throws(OperatorRefusal) {
        try await writeForOperator(.operatorWrite) { transaction in
            try Self.requireLiving(account, in: transaction)
            guard try !transaction.exists(LegalHoldStatements.isStanding(on: account)) else {
                throw OperatorRefusal.held
            }
            try Self.erase(account, now: now, in: &transaction)
            try transaction.append(event)
        }
    }

    /// Adds a lock.
    package func lock(_ account: AccountID, _ lock: Lock, event: AuditEvent) async throws(OperatorRefusal) {
        try await writeForOperator(.operatorWrite) { transaction in
            try Self.requireLiving(account, in: transaction)
            guard try transaction.add(lock, to: account) else { throw OperatorRefusal.conflict }
            try transaction.append(event)
        }
    }

    /// Clears the locks that the decision looked at (Đ8.3).
    package func restore(
        _ restoration: RestorationWrite, now: WallInstant, event: AuditEvent
    ) async throws(OperatorRefusal) -> [BudgetKind: BudgetState] {
        try await writeForOperator(.operatorWrite) { transaction in
            let account = restoration.account
            try Self.requireLiving(account, in: transaction)
            let standing = try transaction.rows(LockStatements.standing(of: account)) { try Lock(row: &$0) }
            let considered = Set(restoration.clearing.map(\.id))
            // None of either is the restoration of a lane that strangers exhausted without a lock (T-3).
            guard standing.isEmpty == considered.isEmpty, standing.allSatisfy({ considered.contains($0.id) }) else {
                throw OperatorRefusal.conflict
            }
            try transaction.execute(LockStatements.insert(restoration, now: now))
            try transaction.execute(LockStatements.clear(of: account, by: restoration.id, now: now))
            try transaction.execute(
                DeskStatements.execute(
                    requestOf: account, by: restoration.id,
                    actor: event.provenance.actor ?? event.provenance.client, now: now))
            if let review = restoration.review { try transaction.execute(DeskStatements.insert(review)) }
            try Self.renewCredentials(restoration, now: now, in: transaction)
            if restoration.revokesAuthenticators {
                try transaction.endAppPasswords(of: account, now: now, cause: nil, provenance: event.provenance)
            }
            for kind in BudgetKind.allCases {
                _ = try transaction.first(BudgetStatements.reset(kind, lane: .shared, of: account)) { _ in }
            }
            try transaction.execute(BudgetStatements.resetDeviceLanes(of: account))
            let news = Self.news(of: restoration, clearing: standing)
            try transaction.emit(news, of: account, at: now)
            try transaction.append(event)
            return try transaction.first(BudgetStatements.sharedStates(of: account)) { row in
                BudgetRow.sharedStates(&row)
            } ?? [:]
        }
    }

    /// Sets a temporary password.
    package func resetPassword(
        _ account: AccountID, record: String, expiresAt: WallInstant, now: WallInstant, event: AuditEvent
    ) async throws(OperatorRefusal) {
        try await writeForOperator(.operatorWrite) { transaction in
            try Self.requireLiving(account, in: transaction)
            guard try !transaction.exists(LockStatements.isAnyStanding(on: account)) else {
                throw OperatorRefusal.conflict
            }
            try Self.issuePassword(record, to: account, expiresAt: expiresAt, now: now, in: transaction)
            try transaction.emit(.passwordMustChange(expiresAt: expiresAt), of: account, at: now)
            try transaction.append(event)
        }
    }

    /// Makes an enrolment code the live one.
    package func issueEnrolmentCode(
        _ account: AccountID, _ code: EnrolmentCodeRecord, now: WallInstant, event: AuditEvent
    ) async throws(OperatorRefusal) {
        try await writeForOperator(.operatorWrite) { transaction in
            try Self.requireLiving(account, in: transaction)
            try transaction.execute(CredentialStatements.endEnrolmentCodes(of: account, now: now))
            try transaction.execute(CredentialStatements.insert(code, of: account, now: now))
            try transaction.append(event)
        }
    }

    /// Revokes one authenticator.
    package func revokeAuthenticator(
        _ account: AccountID, _ id: AuthenticatorID, now: WallInstant, event: AuditEvent
    ) async throws(OperatorRefusal) {
        try await writeForOperator(.operatorWrite) { transaction in
            let revocation = CredentialStatements.revoke(id, account: account, now: now)
            guard try transaction.execute(revocation) > 0 else { throw OperatorRefusal.notFound }
            try transaction.emit(.factorRevoked(id), of: account, at: now)
            try transaction.emit(.sessionsRevoke(.factorRevoked), of: account, at: now)
            try transaction.append(event)
        }
    }

    /// Takes away everything but the identity, the locks and the restorations.
    static func erase(_ account: AccountID, now: WallInstant, in transaction: inout Transaction) throws {
        // Before the addresses go, for these name them.
        try transaction.emit(.accountDestroyed, of: account, at: now)
        for note in ErasureStatements.begin(of: account, now: now) { try transaction.execute(note) }
        try transaction.execute(AccountStatements.destroy(account, now: now))
        for removal in AccountStatements.removals(of: account) { try transaction.execute(removal) }
    }

    /// Stores a new account; forms do it in batches.
    static func provision(_ new: NewAccount, event: AuditEvent, in transaction: inout Transaction) throws {
        let account = new.account
        guard try transaction.execute(AccountStatements.insert(account)) > 0 else {
            throw OperatorRefusal.conflict
        }
        try AccountAddresses.insert(account.address, of: account.id, isMain: true, in: transaction)
        try AccountAddresses.insert(aliases: account.aliases, of: account.id, in: transaction)
        if let code = account.enrolmentCode {
            try transaction.execute(CredentialStatements.insert(code, of: account.id, now: account.createdAt))
        }
        try transaction.emit(.accountProvisioned, of: account.id, at: account.createdAt)
        try transaction.append(event)
    }

    /// Changes what an operator may change; forms do it in batches.
    static func change(
        _ account: AccountID, _ change: AccountChange, event: AuditEvent, in transaction: inout Transaction
    ) throws {
        try requireLiving(account, in: transaction)
        for assignment in assignments(of: change) {
            try transaction.execute(AccountStatements.set(assignment, of: account))
        }
        if let aliases = change.aliases {
            try transaction.execute(AccountStatements.deleteAliases(of: account))
            try AccountAddresses.insert(aliases: aliases, of: account, in: transaction)
        }
        if change.phone != nil { try transaction.emit(.phoneChanged, of: account, at: event.time) }
        if change.touchesMasterData { try transaction.emit(.accountChanged, of: account, at: event.time) }
        try transaction.append(event)
    }

    static func requireLiving(_ account: AccountID, in transaction: borrowing Transaction) throws {
        let lifecycle = try transaction.first(AccountStatements.lifecycle(of: account)) { row in
            try row.member(of: Lifecycle.self)
        }
        guard let lifecycle else { throw OperatorRefusal.notFound }
        guard lifecycle != .destroyed else { throw OperatorRefusal.conflict }
    }

    private static func assignments(of change: AccountChange) -> [SQLStatement] {
        var result: [SQLStatement] = []
        if let kind = change.kind { result.append("kind = \(kind)") }
        if let name = change.displayName { result.append("display_name = \(name)") }
        if let organisation = change.organisation { result.append("organisation = \(organisation)") }
        if let phone = change.phone {
            result.append(
                """
                phone_sealed = \(phone?.sealed), phone_masked = \(phone?.masked),
                phone_digest = \(phone?.registered.index),
                takes_sms = \(phone.map { SQLValue.integer($0.registered.takesSMS ? 1 : 0) } ?? .null),
                number_confirmed_at = NULL, \(AccountStatements.noPendingPhone)
                """)
        }
        if let notifiedAt = change.notifiedAt { result.append("notified_at = \(notifiedAt), look_at = 0") }
        return result
    }

    /// The password has to be changed after every restoration (R-REST-4).
    private static func renewCredentials(
        _ restoration: RestorationWrite, now: WallInstant, in transaction: borrowing Transaction
    ) throws {
        let account = restoration.account
        if let password = restoration.password {
            try issuePassword(
                password.record, to: account, expiresAt: password.expiresAt, now: now, in: transaction)
        } else {
            try transaction.execute(AccountStatements.set("must_change = 1, look_at = 0", of: account))
        }
        guard restoration.revokesAuthenticators else { return }
        try transaction.execute(CredentialStatements.revokeAll(of: account, now: now))
        try transaction.execute(CredentialStatements.deleteRecoveryCodes(of: account))
        try transaction.execute(CredentialStatements.endEnrolmentCodes(of: account, now: now))
    }

    /// A restoration tells exactly one thing; without a lock it only asks for a new password.
    private static func news(of restoration: RestorationWrite, clearing standing: [Lock]) -> AccountEvent {
        guard !standing.isEmpty else { return .passwordMustChange(expiresAt: restoration.password?.expiresAt) }
        return .mailboxRestored(
            cleared: standing.map(\.cause), revokedFactors: restoration.revokesAuthenticators)
    }

    static func issuePassword(
        _ record: String, to account: AccountID, expiresAt: WallInstant, now: WallInstant,
        in transaction: borrowing Transaction
    ) throws {
        try transaction.execute(CredentialStatements.archivePassword(of: account, when: "1 = 1"))
        try transaction.execute(
            CredentialStatements.setIssuedPassword(record, of: account, expiresAt: expiresAt, now: now))
    }
}

extension AccountChange {
    /// Whether anything besides the phone and the notice changes.
    fileprivate var touchesMasterData: Bool {
        kind != nil || aliases != nil || displayName != nil || organisation != nil
    }
}

/// Writes addresses, which lead to one mailbox each.
private enum AccountAddresses {
    static func insert(aliases: [MailboxAddress], of account: AccountID, in transaction: borrowing Transaction) throws {
        for alias in aliases { try insert(alias, of: account, isMain: false, in: transaction) }
    }

    /// An address that leads to this account already is left as it is.
    static func insert(
        _ address: MailboxAddress, of account: AccountID, isMain: Bool, in transaction: borrowing Transaction
    ) throws {
        let insertion = AccountStatements.insert(address: address, of: account, isMain: isMain)
        guard try transaction.execute(insertion) == 0 else { return }
        let owner = try transaction.first(AccountStatements.owner(of: address)) { $0.text() }
        guard owner == account.text else { throw OperatorRefusal.addressTaken(address) }
    }
}
