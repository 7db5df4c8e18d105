import AuthDomain
import AuthService
import Cryptography
import MemoryCounters
import Reactor
import RedisCounters
import SQLStore
import TestKit

/// The use cases over a real database, real hashes and a clock that the test moves.
final class World: Sendable {
    static let start = WallInstant(seconds: 1_795_420_800)  // 2026-11-23T08:00:00Z
    static let stranger = "203.0.113.7"

    let folder: TemporaryDirectory
    let clock = ManualClock(start)
    let health = SwitchedClockHealth()
    let observer = CountingObserver()
    let faults = Faults()
    let policy: ServicePolicy
    let ports: ServicePorts
    let verifier: PasswordVerifier
    let signer: ES256TokenSigner
    let store: SQLiteStore
    let keeper: DeadlineKeeper
    let mail: MailPorts
    private let hasher: Argon2PasswordHasher
    private let shared: SharedCounters?

    /// - Parameters:
    ///   - redis: Where counts and sign-ins are; in memory without one.
    ///   - handset: Where messages arrive; none are sent without one.
    init(
        seed: UInt64 = 1, redis: RedisServer? = nil, handset: Handset? = nil,
        _ adjust: (inout ServicePolicy) -> Void = { _ in }
    ) async throws {
        folder = try TemporaryDirectory()
        let random = SeededRandom(seed: seed)
        let ring = try KeyRing([(id: "0badcafe", bytes: SecretBytes(random.bytes(count: 32)))])
        let digest = OpenSSLKeyedDigest(ring: ring)
        let box = RingSecretBox(ring: ring, random: random)
        store = try SQLiteStore(
            settings: SQLiteSettings(path: folder.path("otpd.db")),
            audit: AuditChainIdentity(instance: "test", chain: "test/1", digest: digest))
        hasher = try Argon2PasswordHasher(
            cost: .argon2id(memoryKiB: 64, passes: 1, lanes: 1), threads: 2, queueLimit: 4096, random: random)
        signer = ES256TokenSigner(box: box)
        var policy = ServicePolicy()
        policy.throttle = nil
        adjust(&policy)
        self.policy = policy
        keeper = DeadlineKeeper(
            store: store, clock: clock, random: random, observer: observer, rules: DeadlineRules())
        shared = redis.map(SharedCounters.init)
        let budget: any AttemptBudget = shared?.budget ?? MemoryAttemptBudget(clock: clock)
        let signIns: any SignInStore = shared?.signIns ?? MemorySignInStore(clock: clock)
        ports = ServicePorts(
            accounts: DueAccounts(base: FaultyAccounts(base: store, faults: faults), keeper: keeper),
            judge: FaultyJudge(base: store, faults: faults),
            ledger: FaultyLedger(base: store, faults: faults),
            operators: FaultyOperators(base: store, faults: faults), desk: store, calls: store, deadlines: keeper,
            budget: FaultyBudget(
                base: AttemptReservation(budget: budget, clock: RealPauses(clock: clock)),
                faults: faults),
            signIns: FaultySignIns(base: signIns, faults: faults),
            throttle: FaultyThrottle(base: MemoryThrottle(clock: clock), faults: faults),
            hasher: FaultyHasher(base: hasher, faults: faults), box: box, digest: digest,
            codes: OpenSSLOneTimeCodeMAC(), signer: FaultySigner(base: signer, faults: faults), clock: clock,
            clockHealth: health, random: random, observer: observer,
            sms: handset.map { [store] in SMSPorts(ledger: store, phones: store, dispatcher: $0, observer: $0) })
        verifier = PasswordVerifier(ports: ports, policy: policy)
        mail = MailPorts(
            base: ports,
            logins: DueMailLogins(base: FaultyLogins(base: store, faults: faults), keeper: keeper),
            appPasswords: store, audit: store)
        let rotation = RotateSigningKeys(
            store: store, box: box, maker: ES256KeyMaker(), clock: clock, rotation: SigningKeyRotation(),
            provenance: Provenance(client: "otpd", entry: "service"))
        _ = signer.load(records: try await rotation(), now: clock.now())
    }

    deinit {
        hasher.shutdown()
        store.close()
    }

    var provenance: Provenance { Provenance(client: "sso", requestID: "r-1", entry: "web") }
    var desk: Provenance { Provenance(client: "desk", actor: "Trần Thị B", requestID: "r-2", entry: "api") }

    /// Runs SQL of the test's own beside the store.
    func sql(_ statement: String) throws -> String {
        let result = try Command.run("sqlite3", ["-cmd", ".timeout 5000", folder.path("otpd.db"), statement])
        guard result.status == 0 else { throw OTPDError.command(result.error) }
        return result.output
    }
}

/// Counts and sign-ins in a Redis of the test's own.
private final class SharedCounters: Sendable {
    let budget: RedisAttemptBudget
    let signIns: RedisSignInStore
    private let client: RedisClient
    private let loops: EventLoopGroup

    init(_ server: RedisServer) {
        loops = EventLoopGroup(count: 1, name: "world")
        client = RedisClient(settings: RedisSettings(endpoint: .unix(path: server.socketPath)), loops: loops.loops)
        budget = RedisAttemptBudget(client: client)
        signIns = RedisSignInStore(client: client)
    }

    deinit {
        let (client, loops) = (client, loops)
        Task {
            await client.shutdown()
            loops.shutdown()
        }
    }
}

/// Pauses in real time, deadlines by the test's clock: waiting callers go on although nobody moves the clock.
private struct RealPauses: MonotonicClock {
    let clock: ManualClock

    func milliseconds() -> Int64 { clock.milliseconds() }

    func sleep(for duration: Duration) async {
        try? await Task.sleep(for: min(duration, .milliseconds(5)))
    }
}

/// A mailbox owner with a password and an enrolled authenticator.
struct Owner: Sendable {
    let address: String
    var password: String
    let authenticator: AuthenticatorID
    let secret: SecretBytes
    let recoveryCodes: [String]
}

extension World {
    func provision(_ address: String, kind: AccountKind = .personal) async throws -> ProvisionedAccount {
        try await ProvisionAccount(ports: ports, policy: policy)(
            ProvisioningRequest(address: address, kind: kind), provenance: desk)
    }

    func begin(
        _ address: String, _ password: String, from ip: String = stranger, device: String? = nil
    ) async throws(SignInFailure) -> SignInView {
        let person = PersonalClient(
            address: NetworkAddress(ip) ?? AddressBlock("127.0.0.1")!.address,  // literal addresses parse
            userAgent: "test", device: device)
        var provenance = provenance
        provenance.clientAddress = ip
        provenance.userAgent = "test"
        return try await BeginSignIn(ports: ports, policy: policy, verifier: verifier)(
            address: address, password: password, person: person, provenance: provenance)
    }

    func prove(_ id: String, _ kind: FactorKind, _ code: String) async throws(SignInFailure) -> SignInView {
        try await ProveFactor(ports: ports, policy: policy)(
            signIn: id, kind: kind, code: code, provenance: provenance)
    }

    func choose(_ id: String, _ new: String, current: String? = nil) async throws(SignInFailure) -> SignInView {
        try await ChoosePassword(ports: ports, policy: policy, verifier: verifier)(
            signIn: id, newPassword: new, currentPassword: current, provenance: provenance)
    }

    func read(_ id: String) async throws(SignInFailure) -> SignInView {
        try await ReadSignIn(ports: ports, policy: policy)(signIn: id, provenance: provenance)
    }

    func offer(_ id: String, label: String? = nil) async throws(SignInFailure) -> EnrolmentOffer {
        try await EnrolTOTP(ports: ports, policy: policy).begin(signIn: id, label: label, provenance: provenance)
    }

    func confirm(_ id: String, _ offer: EnrolmentOffer, code: String? = nil) async throws(SignInFailure) -> SignInView {
        let secret = SecretBytes(Base32.decode(offer.secret) ?? [])
        return try await EnrolTOTP(ports: ports, policy: policy).confirm(
            signIn: id, enrolment: offer.id, code: code ?? self.code(secret), provenance: provenance)
    }

    func verify(_ address: String, _ kind: FactorKind, _ code: String) async throws(SignInFailure) -> FactorKind {
        let person = PersonalClient(
            address: AddressBlock("203.0.113.7")!.address, userAgent: nil, device: nil)  // a literal address parses
        return try await VerifyOneTimeCode(ports: ports, policy: policy)(
            address: address, code: code, kind: kind, person: person, provenance: provenance)
    }

    func account(_ address: String) async throws -> Account {
        try await KeepAccounts(ports: ports, policy: policy).read(address)
    }

    func lock(_ address: String, _ cause: LockCause) async throws {
        _ = try await LockAccount(ports: ports, policy: policy)(
            address, cause: cause, note: "vì thử", document: "Số 1/CV", provenance: desk)
    }

    func restore(
        _ address: String, document: String = "Số 2/CV", remediation: String? = "đã xử lý"
    ) async throws(OperatorFailure) -> RestoredAccount {
        try await RestoreAccount(ports: ports, policy: policy)(
            address, document: document, requestedBy: "Sở TT&TT", remediation: remediation, provenance: desk)
    }

    func issueCode(_ address: String) async throws -> String {
        try await ReissueCredentials(ports: ports, policy: policy)
            .issueEnrolmentCode(address, document: "Số 3/CV", provenance: desk).code
    }

    func resetPassword(_ address: String) async throws -> String {
        try await ReissueCredentials(ports: ports, policy: policy)
            .resetPassword(address, document: "Số 4/CV", provenance: desk)
    }

    func revoke(_ address: String, _ id: AuthenticatorID) async throws {
        try await ReissueCredentials(ports: ports, policy: policy)
            .revokeAuthenticator(address, id, provenance: desk)
    }

    /// The code of the present step, moved by some steps.
    func code(_ secret: SecretBytes, steps: Int64 = 0) -> String {
        let step = TimeStep(at: clock.now(), stepLength: .seconds(30))
        return TOTP.code(
            secret: secret, step: TimeStep(step.number + steps), parameters: .standard,
            mac: OpenSSLOneTimeCodeMAC().mac
        ).text
    }

    /// A code that no step near the present one has.
    func wrongCode(_ secrets: SecretBytes...) -> String {
        let valid = Set(secrets.flatMap { secret in (-3...3).map { code(secret, steps: $0) } })
        return ["111111", "222222", "333333", "444444", "555555"].first { !valid.contains($0) } ?? "666666"
    }

    /// Provisions an account and takes its owner through the first sign-in.
    func owner(
        _ address: String, password: String = "Bồ câu 7 con!", kind: AccountKind = .personal,
        label: String = "điện thoại"
    ) async throws -> Owner {
        let made = try await provision(address, kind: kind)
        let id = try await begin(address, made.temporaryPassword ?? "").id
        _ = try await prove(id, .enrolmentCode, made.enrolmentCode ?? "")
        _ = try await choose(id, password)
        let offer = try await offer(id, label: label)
        let done = try await confirm(id, offer)
        return Owner(
            address: address, password: password, authenticator: offer.id,
            secret: SecretBytes(Base32.decode(offer.secret) ?? []), recoveryCodes: done.recoveryCodes ?? [])
    }

    /// A whole sign-in with password and TOTP, the clock moved on so that the code is fresh.
    @discardableResult
    func signIn(_ owner: Owner, device: String? = nil) async throws -> SignInView {
        clock.advance(by: .seconds(60))
        let id = try await begin(owner.address, owner.password, device: device).id
        return try await prove(id, .totp, code(owner.secret))
    }

    /// The audit rows of all accounts, oldest first.
    func audit(_ code: AuditCode? = nil) async throws -> [AuditEvent] {
        let page = try await store.page(
            AuditQuery(account: nil, since: nil, until: nil, cursor: nil, limit: 500))
        return page.rows.map(\.event).filter { code == nil || $0.code == code }
    }
}

/// How a step ended, in one word fit for a table.
func outcome<Value>(_ body: () async throws -> Value) async -> String {
    do {
        let value = try await body()
        return (value as? SignInView)?.status.rawValue ?? "done"
    } catch let failure as SignInFailure {
        return failure.word
    } catch let failure as OperatorFailure {
        return failure.word
    } catch {
        return "\(error)"
    }
}

extension SignInFailure {
    var word: String {
        switch self {
        case .invalidRequest(let field, _): "request \(field)"
        case .invalidCredentials: "credentials"
        case .invalidCode: "code"
        case .accountLocked(let cause): "locked \(cause?.rawValue ?? "-")"
        case .notFound: "not found"
        case .overtaken: "overtaken"
        case .outOfOrder(let owed): "owes \(owed.rawValue)"
        case .concurrentCall: "concurrent"
        case .passwordRejected(let violations): "rejected " + violations.map { "\($0)" }.joined(separator: " ")
        case .tooManyAuthenticators(let maximum): "at most \(maximum)"
        case .throttled: "throttled"
        case .noUsablePhone: "no phone"
        case .sendRefused: "send refused"
        case .noGateway: "no gateway"
        case .unavailable: "unavailable"
        }
    }
}

extension OperatorFailure {
    var word: String {
        switch self {
        case .invalidRequest(let field, _): "request \(field)"
        case .notFound: "not found"
        case .addressTaken: "taken"
        case .alreadyLocked(let cause): "locked \(cause.rawValue)"
        case .notLocked: "not locked"
        case .standsLocked: "stands locked"
        case .missingGrounds(let missing): "missing " + missing.map(\.rawValue).sorted().joined(separator: " ")
        case .changedMeanwhile: "changed"
        case .hasNoLogin: "no login"
        case .badPhone(let error): "bad phone \(error)"
        case .phoneTakesNoSMS: "no SMS"
        case .noPendingPhone: "no pending phone"
        case .wrongCode: "code"
        case .sendRefused: "send refused"
        case .noGateway: "no gateway"
        case .phoneNeedsConfirmation: "needs confirmation"
        case .requestIsOpen: "request open"
        case .alreadyClosed: "closed"
        case .notBreakGlass: "not break-glass"
        case .sameActor: "same actor"
        case .isHeld: "held"
        case .unavailable: "unavailable"
        }
    }
}
