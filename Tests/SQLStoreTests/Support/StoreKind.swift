import AuthDomain
import AuthService
import SQLStore

/// Every store that the contract holds for; another adapter adds its case here and passes the same suites.
enum StoreKind: CaseIterable, Sendable {
    case sqlite

    /// Opens an empty store and closes it afterwards.
    func withStore(_ body: (StoreUnderTest) async throws -> Void) async throws {
        switch self {
        case .sqlite:
            try await withDatabase { path in
                let store = try openStore(path)
                do {
                    try await body(StoreUnderTest(store))
                } catch {
                    store.close()
                    throw error
                }
                store.close()
            }
        }
    }
}

/// The ports of a store.
struct StoreUnderTest: Sendable {
    let accounts: any AccountReader
    let judge: any FailureJudge
    let ledger: any SignInLedger
    let operators: any OperatorStore
    let audit: any AuditLog
    let clients: any ClientStore
    let signingKeys: any SigningKeyStore
    let logins: any MailLoginReader
    let appPasswords: any AppPasswordStore

    /// Takes a type that implements all ports.
    init(
        _ store: some AccountReader & FailureJudge & SignInLedger & OperatorStore & AuditLog & ClientStore
            & SigningKeyStore & MailLoginReader & AppPasswordStore
    ) {
        accounts = store
        judge = store
        ledger = store
        operators = store
        audit = store
        clients = store
        signingKeys = store
        logins = store
        appPasswords = store
    }

    /// The account with an id, which must be there.
    func account(_ id: AccountID) async throws -> Account {
        guard let account = try await accounts.account(id: id) else { throw Missing() }
        return account
    }

    /// The codes of all audit rows of an account, in order.
    func codes(of account: AccountID) async throws -> [AuditCode] {
        try await audit.page(
            AuditQuery(account: account, since: nil, until: nil, cursor: nil, limit: 500)
        ).rows.map(\.event.code)
    }

    struct Missing: Error {}
}
