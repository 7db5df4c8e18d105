import AuthDomain
import AuthService
import Synchronization

/// A value that closures share.
final class Shared<Value: Sendable>: Sendable {
    private let value: Mutex<Value>

    init(_ value: Value) { self.value = Mutex(value) }

    func withLock<Result: Sendable>(_ body: (inout Value) -> Result) -> Result {
        value.withLock { body(&$0) }
    }
}

/// Accounts in memory, one for each standing; `isDown` makes it fail as a database does.
final class AccountBook: AccountReader {
    let isDown = Shared(false)
    private let accounts = Shared<[String: Account]>([:])

    init() {
        for (name, kind, lifecycle, mustChange, isLocked) in [
            ("active", AccountKind.personal, Lifecycle.active, false, false),
            ("locked", .personal, .active, false, true),
            ("must", .personal, .active, true, false), ("recalled", .personal, .recalled, false, false),
            ("transferred", .personal, .transferred, false, false), ("group", .group, .active, false, false),
        ] {
            let address = "\(name)_sotttt@hanoi.gov.vn"
            accounts.withLock {
                $0[address] = Self.account(address, kind, lifecycle, mustChange, isLocked: isLocked)
            }
        }
    }

    func lock(_ address: String) {
        accounts.withLock { $0[address] = Self.account(address, .personal, .active, false, isLocked: true) }
    }

    func account(at address: MailboxAddress) async throws(StoreUnavailable) -> Account? {
        if isDown.withLock({ $0 }) { throw StoreUnavailable(reason: "down") }
        return accounts.withLock { $0[address.text] }
    }

    func account(id: AccountID) async throws(StoreUnavailable) -> Account? { nil }
    func budget(_ key: BudgetKey, now: WallInstant) async throws(StoreUnavailable) -> BudgetState { .fresh }
    func passwordHistory(of account: AccountID, limit: Int) async throws(StoreUnavailable) -> [String] { [] }
    func recoveryCode(of account: AccountID, slot: Int) async throws(StoreUnavailable) -> RecoveryCodeRecord? { nil }

    private static func account(
        _ address: String, _ kind: AccountKind, _ lifecycle: Lifecycle, _ mustChange: Bool, isLocked: Bool
    ) -> Account {
        let start = WallInstant(seconds: 1_795_420_800)
        let lock = Lock(
            id: "l", cause: .badPassword5, source: .automatic, lockedAt: start, actor: "otpd", note: nil, document: nil)
        return Account(
            id: AccountID(address), address: MailboxAddress(canonical: address), aliases: [], kind: kind,
            displayName: nil, organisation: nil, lifecycle: lifecycle,
            password: PasswordCredential(
                record: "", version: 1, changedAt: start, mustChange: mustChange, isIssued: false, expiresAt: nil),
            budgets: [:], locks: isLocked ? [lock] : [], authenticators: [], recoveryCodesLeft: 0,
            enrolmentCode: nil, sealedPhone: nil, maskedPhone: nil, notifiedAt: nil, createdAt: start,
            lastSignInAt: nil)
    }
}
