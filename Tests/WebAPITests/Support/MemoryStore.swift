import AuthDomain
import AuthService
import Synchronization

/// Accounts, audit and clients in memory: enough of the database for the routes, and it can be switched off.
final class MemoryStore: Sendable {
    struct Row {
        var account: Account
        var history: [String] = []
        var recoveryCodes: [RecoveryCodeRecord] = []
    }

    struct State {
        var rows: [AccountID: Row] = [:]
        var unknown: [BudgetKey: BudgetState] = [:]
        var audit: [AuditEvent] = []
        var clients: [ClientRecord] = []
        var pendingRestorations: Set<AccountID> = []
        var isDown = false
        var evaluatedPages: [AuditQuery] = []
        var appPasswords: [AppPasswordRecord] = []
        var wrongValues: [AccountID: Set<[UInt8]>] = [:]
    }

    let state = Mutex(State())

    var audit: [AuditEvent] { state.withLock { $0.audit } }

    func fail(_ isDown: Bool) { state.withLock { $0.isDown = isDown } }

    func reading<Value: Sendable>(
        _ body: (inout State) -> Value
    ) throws(StoreUnavailable) -> Value {
        let value: Value? = state.withLock { state in state.isDown ? nil : body(&state) }
        guard let value else { throw StoreUnavailable(reason: "disk full at /var/lib/otpd") }
        return value
    }

    func writing<Value: Sendable>(
        _ event: AuditEvent, _ body: (inout State) -> Result<Value, OperatorRefusal>
    ) throws(OperatorRefusal) -> Value {
        let result: Result<Value, OperatorRefusal> = state.withLock { state in
            if state.isDown { return .failure(.unavailable(reason: "disk full at /var/lib/otpd")) }
            let result = body(&state)
            if case .success = result { state.audit.append(event) }
            return result
        }
        return try result.get()
    }

    /// Changes the row of an account that exists.
    func update(_ id: AccountID, _ body: (inout AccountDraft) -> Void) {
        state.withLock { $0.update(id, body) }
    }
}

extension MemoryStore.State {
    mutating func update(_ id: AccountID, _ body: (inout AccountDraft) -> Void) {
        guard var row = rows[id] else { return }
        var draft = AccountDraft(row.account)
        body(&draft)
        row.account = draft.account
        rows[id] = row
    }

    func find(_ address: MailboxAddress) -> Account? {
        rows.values.map(\.account).first {
            $0.lifecycle != .destroyed && ($0.address == address || $0.aliases.contains(address))
        }
    }

    mutating func reset(_ id: AccountID, _ kinds: [BudgetKind]) -> [BudgetKind: BudgetState] {
        var states: [BudgetKind: BudgetState] = [:]
        update(id) { draft in
            for kind in kinds {
                let state = BudgetState(epoch: (draft.budgets[kind]?.epoch ?? 0) + 1, failures: 0)
                draft.budgets[kind] = state
                states[kind] = state
            }
        }
        return states
    }
}

/// An account whose fields can be set.
struct AccountDraft {
    var id: AccountID
    var address: MailboxAddress
    var aliases: [MailboxAddress]
    var kind: AccountKind
    var displayName: String?
    var organisation: String?
    var lifecycle: Lifecycle
    var password: PasswordCredential
    var budgets: [BudgetKind: BudgetState]
    var locks: [Lock]
    var authenticators: [Authenticator]
    var recoveryCodesLeft: Int
    var enrolmentCode: EnrolmentCodeRecord?
    var sealedPhone: [UInt8]?
    var maskedPhone: String?
    var notifiedAt: WallInstant?
    var createdAt: WallInstant
    var lastSignInAt: WallInstant?
    var phone: RegisteredPhone?

    init(_ account: Account) {
        id = account.id
        address = account.address
        aliases = account.aliases
        kind = account.kind
        displayName = account.displayName
        organisation = account.organisation
        lifecycle = account.lifecycle
        password = account.password
        budgets = account.budgets
        locks = account.locks
        authenticators = account.authenticators
        recoveryCodesLeft = account.recoveryCodesLeft
        enrolmentCode = account.enrolmentCode
        sealedPhone = account.sealedPhone
        maskedPhone = account.maskedPhone
        notifiedAt = account.notifiedAt
        createdAt = account.createdAt
        lastSignInAt = account.lastSignInAt
        phone = account.phone
    }

    var account: Account {
        Account(
            id: id, address: address, aliases: aliases, kind: kind, displayName: displayName,
            organisation: organisation, lifecycle: lifecycle, password: password, budgets: budgets, locks: locks,
            authenticators: authenticators, recoveryCodesLeft: recoveryCodesLeft, enrolmentCode: enrolmentCode,
            sealedPhone: sealedPhone, maskedPhone: maskedPhone, notifiedAt: notifiedAt, createdAt: createdAt,
            lastSignInAt: lastSignInAt, phone: phone)
    }
}
