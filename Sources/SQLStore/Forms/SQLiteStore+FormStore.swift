package import AuthDomain
package import AuthService

extension SQLiteStore: FormStore {
    /// The rows of a file that were carried out.
    package func journal(of file: FormFileIdentity) async throws(StoreUnavailable) -> [FormJournalEntry] {
        try await read(.readRegistry) { connection in
            try connection.rows(FormStatements.journal(of: file)) { row in
                let position = FormPosition(sheet: Int(row.integer()), row: Int(row.integer()))
                let address = MailboxAddress(canonical: row.text())
                return FormJournalEntry(
                    position: position, address: address, delivery: row.optionalInteger().map { Int($0) })
            }
        }
    }

    /// Which of a few addresses lead to a mailbox.
    package func taken(_ addresses: [MailboxAddress]) async throws(StoreUnavailable) -> Set<MailboxAddress> {
        guard !addresses.isEmpty else { return [] }
        return try await read(.readAccount) { connection in
            var taken: Set<MailboxAddress> = []
            for address in addresses where try connection.exists(AccountStatements.owner(of: address)) {
                taken.insert(address)
            }
            return taken
        }
    }

    /// Carries out rows, each under a savepoint of its own.
    package func carryOut(
        _ writes: [FormWrite], of file: FormFileIdentity, now: WallInstant
    ) async throws(StoreUnavailable) -> [OperatorRefusal?] {
        try await write(.operatorWrite) { transaction in
            var refusals: [OperatorRefusal?] = []
            refusals.reserveCapacity(writes.count)
            for write in writes {
                let before = transaction.chain
                try transaction.execute("SAVEPOINT form_row")
                do {
                    try Self.carryOut(write, of: file, now: now, in: &transaction)
                    refusals.append(nil)
                } catch let refusal as OperatorRefusal {
                    try transaction.execute("ROLLBACK TO SAVEPOINT form_row")
                    transaction.chain = before
                    refusals.append(refusal)
                }
                try transaction.execute("RELEASE SAVEPOINT form_row")
            }
            return refusals
        }
    }

    private static func carryOut(
        _ write: FormWrite, of file: FormFileIdentity, now: WallInstant, in transaction: inout Transaction
    ) throws {
        guard try transaction.execute(FormStatements.insert(write.entry, of: file, now: now)) > 0 else {
            throw OperatorRefusal.conflict
        }
        switch write.act {
        case .provision(let new):
            try provision(new, event: write.event, in: &transaction)
        case .change(let account, let change):
            try self.change(account, change, event: write.event, in: &transaction)
        case .proposePhone(let phone):
            try propose(phone, in: transaction)
            try transaction.append(write.event)
        case .replaceRepresentative(let account, let new):
            try replaceRepresentative(account, new, event: write.event, now: now, in: &transaction)
        case .recall(let account, let recall):
            try requireLiving(account, in: transaction)
            guard try transaction.execute(FormStatements.recall(account, recall)) > 0 else {
                throw OperatorRefusal.conflict
            }
            try transaction.emit(.accountChanged, of: account, at: now)
            try transaction.emit(.sessionsRevoke(.lifecycle), of: account, at: now)
            try transaction.append(write.event)
        }
        for order in write.orders { try transaction.execute(OrderStatements.insert(order, now: now)) }
    }

    /// Everything the old representative held ends (Đ10.2.d); a locked mailbox has to be restored first (Đ8.3).
    private static func replaceRepresentative(
        _ account: AccountID, _ new: RepresentativeChange, event: AuditEvent, now: WallInstant,
        in transaction: inout Transaction
    ) throws {
        var change = AccountChange()
        change.phone = .some(nil)
        try self.change(account, change, event: event, in: &transaction)
        try propose(new.phone, in: transaction)
        guard try !transaction.exists(LockStatements.isAnyStanding(on: account)) else {
            throw OperatorRefusal.conflict
        }
        try transaction.execute(CredentialStatements.revokeAll(of: account, now: now))
        try transaction.execute(CredentialStatements.deleteRecoveryCodes(of: account))
        try transaction.execute(CredentialStatements.endEnrolmentCodes(of: account, now: now))
        if let code = new.code { try transaction.execute(CredentialStatements.insert(code, of: account, now: now)) }
        try transaction.endAppPasswords(of: account, now: now, cause: nil, provenance: event.provenance)
        try issuePassword(new.record, to: account, expiresAt: new.expiresAt, now: now, in: transaction)
        try transaction.emit(.passwordMustChange(expiresAt: new.expiresAt), of: account, at: now)
        try transaction.emit(.sessionsRevoke(.lifecycle), of: account, at: now)
    }
}
