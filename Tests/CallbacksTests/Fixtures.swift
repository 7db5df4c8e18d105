import AuthDomain
import AuthService
import Callbacks
import Cryptography
import SQLStore
import Synchronization
import TestKit

/// What the tests of callbacks share.
enum Fixtures {
    static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    static let start = WallInstant(seconds: 1_795_420_800)  // 2026-11-23T08:00:00Z

    static func signer(_ secrets: [String]) -> WebhookSigner {
        let codes = OpenSSLOneTimeCodeMAC()
        return WebhookSigner(secrets: secrets.compactMap { WebhookSecret(SecretBytes(Array($0.utf8))) }) {
            key, message in
            codes.mac(.sha256, key: key, message: message)
        }
    }

    static func message(
        _ account: String, _ sequence: Int64, _ type: AccountEventType = .mailboxLocked, stage: Int = 0,
        address: String? = nil
    ) -> OutboxMessage {
        OutboxMessage(
            target: "store", account: AccountID(account), sequence: sequence, type: type, occurredAt: start,
            address: address ?? "\(account)@hanoi.gov.vn", data: #"{"account":"\#(account)","sequence":\#(sequence)}"#,
            attempts: 0, stage: stage, lease: "l")
    }

    /// A store with one target that wants everything, and a ring for its dispatcher.
    static func store(
        _ folder: TemporaryDirectory, targets: [String] = ["store"], emitted: @escaping @Sendable () -> Void = {}
    ) throws -> SQLiteStore {
        let ring = try KeyRing([(id: "0badcafe", bytes: SecretBytes([UInt8](repeating: 7, count: 32)))])
        let digest = OpenSSLKeyedDigest(ring: ring)
        let chain = SystemRandom().bytes(count: 8).map { "\($0)" }.joined(separator: "-")
        return try SQLiteStore(
            settings: SQLiteSettings(path: folder.path("otpd.db")),
            audit: AuditChainIdentity(instance: "test", chain: chain, digest: digest),
            subscriptions: targets.map { OutboxSubscription(target: $0, events: Set(AccountEventType.allCases)) },
            observer: StoreObserver(emitted: emitted))
    }

    /// A new account whose provisioning is its first event.
    static func provision(_ name: String, in store: SQLiteStore) async throws -> AccountID {
        let id = AccountID("acc_\(name)")
        let account = Account(
            id: id, address: MailboxAddress(canonical: "\(name)@hanoi.gov.vn"), aliases: [], kind: .personal,
            displayName: nil, organisation: nil, lifecycle: .active,
            password: PasswordCredential(
                record: "$argon2id$x", version: 1, changedAt: start, mustChange: true, isIssued: true, expiresAt: nil),
            budgets: [:], locks: [], authenticators: [], recoveryCodesLeft: 0, enrolmentCode: nil, sealedPhone: nil,
            maskedPhone: nil, notifiedAt: start, createdAt: start, lastSignInAt: nil)
        try await store.provision(NewAccount(account: account), event: event(.accountProvisioned, id))
        return id
    }

    /// One more event of an account.
    static func touch(_ account: AccountID, in store: SQLiteStore) async throws {
        var change = AccountChange()
        change.organisation = .some("Sở Y tế")
        try await store.change(account, change, event: event(.accountChanged, account))
    }

    static func event(_ code: AuditCode, _ account: AccountID? = nil) -> AuditEvent {
        AuditEvent(
            time: start, code: code, result: .success, account: account,
            provenance: Provenance(client: "test", entry: "api"))
    }
}

/// What was told, in order; safe to add to from anywhere.
final class Notes<Value: Sendable>: Sendable {
    private let values = Mutex<[Value]>([])

    var all: [Value] { values.withLock { $0 } }

    func append(_ value: Value) { values.withLock { $0.append(value) } }
}

/// A target that follows a script and notes what it is given.
final class ScriptedTarget: EventTarget {
    let seen = Notes<OutboxMessage>()
    private let answer: @Sendable (OutboxMessage, Int) async -> DeliveryOutcome

    /// Makes a target; `answer` is told the message and how many came before it.
    init(_ answer: @escaping @Sendable (OutboxMessage, Int) async -> DeliveryOutcome = { _, _ in .delivered }) {
        self.answer = answer
    }

    func deliver(_ message: OutboxMessage) async -> DeliveryOutcome {
        let before = seen.all.count
        seen.append(message)
        return await answer(message, before)
    }
}

/// Waits for a condition without a clock: for work that runs on other threads.
func eventually(seconds: Double = 20, _ condition: () async throws -> Bool) async rethrows -> Bool {
    let end = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < end {
        if try await condition() { return true }
        try? await Task.sleep(for: .milliseconds(2))
    }
    return try await condition()
}
