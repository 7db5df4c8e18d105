import AuthDomain
import AuthService

extension MemoryStore: OperatorStore {
    func provision(_ new: NewAccount, event: AuditEvent) async throws(OperatorRefusal) {
        try writing(event) { state -> Result<Void, OperatorRefusal> in
            for address in [new.account.address] + new.account.aliases where state.find(address) != nil {
                return .failure(.addressTaken(address))
            }
            state.rows[new.account.id] = Row(account: new.account)
            return .success(())
        }
    }

    func change(_ account: AccountID, _ change: AccountChange, event: AuditEvent) async throws(OperatorRefusal) {
        try writing(event) { state -> Result<Void, OperatorRefusal> in
            state.update(account) { draft in
                if let kind = change.kind { draft.kind = kind }
                if let aliases = change.aliases { draft.aliases = aliases }
                if let name = change.displayName { draft.displayName = name }
                if let organisation = change.organisation { draft.organisation = organisation }
                if let phone = change.phone { draft.maskedPhone = phone?.masked }
                if let notifiedAt = change.notifiedAt { draft.notifiedAt = notifiedAt }
            }
            return .success(())
        }
    }

    func destroy(_ account: AccountID, now: WallInstant, event: AuditEvent) async throws(OperatorRefusal) {
        try writing(event) { state -> Result<Void, OperatorRefusal> in
            state.update(account) { $0.lifecycle = .destroyed }
            return .success(())
        }
    }

    func lock(_ account: AccountID, _ lock: Lock, event: AuditEvent) async throws(OperatorRefusal) {
        try writing(event) { state -> Result<Void, OperatorRefusal> in
            guard let row = state.rows[account] else { return .failure(.notFound) }
            guard !row.account.locks.contains(where: { $0.cause == lock.cause }) else { return .failure(.conflict) }
            state.update(account) { $0.locks.append(lock) }
            return .success(())
        }
    }

    func restore(
        _ restoration: RestorationWrite, now: WallInstant, event: AuditEvent
    ) async throws(OperatorRefusal) -> [BudgetKind: BudgetState] {
        try writing(event) { state -> Result<[BudgetKind: BudgetState], OperatorRefusal> in
            state.update(restoration.account) { draft in
                draft.locks = []
                draft.password.mustChange = true
                if let password = restoration.password {
                    draft.password.record = password.record
                    draft.password.version += 1
                    draft.password.expiresAt = password.expiresAt
                    draft.password.isIssued = true
                }
                if restoration.revokesAuthenticators { draft.authenticators = [] }
            }
            return .success(state.reset(restoration.account, BudgetKind.allCases))
        }
    }

    func resetPassword(
        _ account: AccountID, record: String, expiresAt: WallInstant, now: WallInstant, event: AuditEvent
    ) async throws(OperatorRefusal) {
        try writing(event) { state -> Result<Void, OperatorRefusal> in
            guard state.rows[account]?.account.locks.isEmpty ?? false else { return .failure(.conflict) }
            state.update(account) { draft in
                draft.password.record = record
                draft.password.version += 1
                draft.password.mustChange = true
            }
            return .success(())
        }
    }

    func issueEnrolmentCode(
        _ account: AccountID, _ code: EnrolmentCodeRecord, now: WallInstant, event: AuditEvent
    ) async throws(OperatorRefusal) {
        try writing(event) { state -> Result<Void, OperatorRefusal> in
            state.update(account) { $0.enrolmentCode = code }
            return .success(())
        }
    }

    func revokeAuthenticator(
        _ account: AccountID, _ id: AuthenticatorID, now: WallInstant, event: AuditEvent
    ) async throws(OperatorRefusal) {
        try writing(event) { state -> Result<Void, OperatorRefusal> in
            guard state.rows[account]?.account.authenticators.contains(where: { $0.id == id }) ?? false else {
                return .failure(.notFound)
            }
            state.update(account) { draft in draft.authenticators.removeAll { $0.id == id } }
            return .success(())
        }
    }
}

extension MemoryStore: AuditLog {
    func append(_ event: AuditEvent) async throws(StoreUnavailable) {
        try reading { $0.audit.append(event) }
    }

    func page(_ query: AuditQuery) async throws(StoreUnavailable) -> (rows: [AuditRow], next: String?) {
        let rows = try reading { state in
            state.evaluatedPages.append(query)
            return state.audit.enumerated()
                .filter { query.account == nil || $0.element.account == query.account }
                .map { AuditRow(chain: "test", number: Int64($0.offset + 1), event: $0.element) }
        }
        let start = query.cursor.flatMap(Int.init) ?? 0
        let page = Array(rows.dropFirst(start).prefix(query.limit))
        return (page, start + page.count < rows.count ? String(start + page.count) : nil)
    }
}

extension MemoryStore: ClientStore {
    func clients() async throws(StoreUnavailable) -> [ClientRecord] {
        try reading { $0.clients }
    }

    func add(_ client: ClientRecord, event: AuditEvent) async throws(OperatorRefusal) {
        try writing(event) { state -> Result<Void, OperatorRefusal> in
            state.clients.append(client)
            return .success(())
        }
    }

    func revoke(name: String, now: WallInstant, event: AuditEvent) async throws(OperatorRefusal) {
        try writing(event) { state -> Result<Void, OperatorRefusal> in
            state.clients.removeAll { $0.name == name }
            return .success(())
        }
    }
}
