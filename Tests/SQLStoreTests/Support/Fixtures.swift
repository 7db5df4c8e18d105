import AuthDomain
import AuthService
import Foundation
import SQLStore
import Synchronization

/// A keyed checksum: enough to notice tampering in a test, no cryptography.
struct TestDigest: KeyedDigest {
    var key: UInt64 = 0x1234_5678_9ABC_DEF0

    func digest(_ message: [UInt8], purpose: DigestPurpose) -> [UInt8] {
        var state: UInt64 = 0xCBF2_9CE4_8422_2325 ^ key
        for byte in Array(purpose.rawValue.utf8) + message { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
        var result: [UInt8] = [UInt8(truncatingIfNeeded: key)]
        for _ in 0..<2 {
            state = (state ^ key) &* 0x9E37_79B9_7F4A_7C15
            withUnsafeBytes(of: (state ^ state >> 29).bigEndian) { result += $0 }
        }
        return result
    }

    func verify(_ digest: [UInt8], message: [UInt8], purpose: DigestPurpose) -> Bool {
        ConstantTime.equal(digest, self.digest(message, purpose: purpose))
    }

    func candidates(_ message: [UInt8], purpose: DigestPurpose) -> [[UInt8]] {
        [digest(message, purpose: purpose)]
    }
}

/// Lends the path of a database in a directory of its own, which is removed afterwards.
func withDatabase<Value>(_ body: (String) async throws -> Value) async throws -> Value {
    let directory = FileManager.default.temporaryDirectory.appending(path: "otpd-sql-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    return try await body(directory.appending(path: "otpd.db").path)
}

/// Opens a store that writes a chain of its own.
func openStore(
    _ path: String, chain: String = "node/\(UUID().uuidString)", settings: (inout SQLiteSettings) -> Void = { _ in },
    subscriptions: [OutboxSubscription] = [], observer: StoreObserver = StoreObserver()
) throws -> SQLiteStore {
    var chosen = SQLiteSettings(path: path)
    settings(&chosen)
    let identity = AuditChainIdentity(instance: "node", chain: chain, digest: TestDigest())
    return try SQLiteStore(settings: chosen, audit: identity, subscriptions: subscriptions, observer: observer)
}

/// The moment that tests begin at.
let noon = WallInstant(seconds: 1_800_000_000)

/// A clock that stands.
struct StandingClock: WallClock {
    private let instant: WallInstant

    init(_ instant: WallInstant) { self.instant = instant }

    func now() -> WallInstant { instant }
}

/// An address under the city's domain.
func mailbox(_ name: String) -> MailboxAddress { MailboxAddress(canonical: "\(name)@hanoi.gov.vn") }

/// An account as it is provisioned.
func newAccount(
    _ id: String, aliases: [MailboxAddress] = [], code: EnrolmentCodeRecord? = nil
) -> NewAccount {
    NewAccount(
        account: Account(
            id: AccountID(id), address: mailbox(id), aliases: aliases, kind: .personal,
            displayName: "Nguyễn Văn \(id)", organisation: "Sở Thông tin", lifecycle: .active,
            password: PasswordCredential(
                record: "$argon2id$first-\(id)", version: 1, changedAt: noon, mustChange: true, isIssued: true,
                expiresAt: noon + .seconds(432_000)),
            budgets: [:], locks: [], authenticators: [], recoveryCodesLeft: 0, enrolmentCode: code,
            sealedPhone: [1, 2, 3], maskedPhone: "09x xxx xx12", notifiedAt: noon, createdAt: noon,
            lastSignInAt: nil))
}

/// An audit row about an account.
func event(
    _ code: AuditCode, _ account: AccountID? = nil, at time: WallInstant = noon, detail: String? = nil
) -> AuditEvent {
    AuditEvent(
        time: time, code: code, result: .success, account: account, address: account.map { "\($0)@hanoi.gov.vn" },
        clause: "Điều 8.2.b", detail: detail,
        provenance: Provenance(
            client: "sso", actor: "Trần Thị B", clientAddress: "203.0.113.9", userAgent: "Firefox",
            requestID: "r-1", entry: "web"))
}

/// A lock.
func lock(_ id: String, _ cause: LockCause = .badPassword5) -> Lock {
    Lock(id: id, cause: cause, source: .automatic, lockedAt: noon, actor: "otpd", note: nil, document: nil)
}

/// A wrong entry with five allowed.
func failure(
    _ account: AccountID, kind: BudgetKind = .password, lane: BudgetLane = .shared, lockID: String = "lk-1",
    now: WallInstant = noon
) -> AccountFailure {
    AccountFailure(
        account: account, kind: kind, lane: lane, limit: 5, now: now, event: event(.signInPasswordFailed, account),
        lock: lane == .shared ? lock(lockID, kind.lockCause) : nil,
        limitEvent: event(lane == .shared ? .accountLocked : .laneExhausted, account))
}

/// The guard of a step on the one-time-code budget.
func stepGuard(
    _ account: AccountID, version: Int64? = 1, kind: BudgetKind = .oneTimeCode, lane: BudgetLane = .shared
) -> StepGuard {
    StepGuard(account: account, passwordVersion: version, kind: kind, lane: lane, limit: 5)
}

/// An authenticator that has just proven a code.
func authenticator(_ id: String, label: String = "Điện thoại", step: Int64 = 100) -> Authenticator {
    Authenticator(
        id: AuthenticatorID(id), label: label, sealedSecret: [9, 9, 9], parameters: .standard,
        lastAcceptedStep: TimeStep(step), createdAt: noon, confirmedAt: noon, lastUsedAt: noon)
}

/// An enrolment of it.
func enrolment(
    _ authenticator: Authenticator, codes: [RecoveryCodeRecord]? = nil, spending code: String? = nil,
    maximum: Int = 5
) -> ConfirmedEnrolment {
    ConfirmedEnrolment(
        authenticator: authenticator, recoveryCodes: codes, spentEnrolmentCode: code, maximum: maximum)
}

/// Provisions an account and, if asked, gives it an authenticator `au-<id>`.
func provision(_ id: String, in store: StoreUnderTest, enrolled: Bool = false) async throws -> AccountID {
    let account = AccountID(id)
    try await store.operators.provision(newAccount(id), event: event(.accountProvisioned, account))
    if enrolled {
        let verdict = try await store.ledger.confirmEnrolment(
            enrolment(authenticator("au-\(id)")), guard: stepGuard(account), now: noon, events: [], completion: nil)
        guard case .committed = verdict else { throw StoreUnderTest.Missing() }
    }
    return account
}

/// What closures that run elsewhere have told.
final class Record<Value: Sendable>: Sendable {
    private let values = Mutex<[Value]>([])

    var all: [Value] { values.withLock { $0 } }

    func append(_ value: Value) { values.withLock { $0.append(value) } }
}
