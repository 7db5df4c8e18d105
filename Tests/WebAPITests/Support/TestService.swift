import AuthDomain
import AuthService
import Foundation
import HTTPServer
import MailHooks
import MemoryCounters
import Reactor
import Synchronization
import TestKit

@testable import WebAPI

/// Both listeners over memory, called without a socket.
final class TestService: Sendable {
    /// One loop for all tests of the process: requests name it, nothing runs on it.
    private static let loops = EventLoopGroup(count: 1, name: "webapi-tests")

    let store = MemoryStore()
    let clock = ManualClock()
    let observer = CountingObserver()
    let random = SeededRandom(seed: 7)
    let clients: ClientDirectory
    let mail: MailPorts
    let service: APIListener
    let admin: APIListener
    let answered: Answered

    /// What the hook heard.
    final class Answered: Sendable {
        private let requests = Mutex<[AnsweredRequest]>([])
        var all: [AnsweredRequest] { requests.withLock { $0 } }
        func note(_ request: AnsweredRequest) { requests.withLock { $0.append(request) } }
    }

    init(
        policy: ServicePolicy = TestService.policy, probes: [ReadinessProbe] = [], messages: StubMessages? = nil,
        nginx: NginxBackends = NginxBackends(imap: NginxBackends.Backend(host: "127.0.0.1", port: 11143)),
        reports: @escaping @Sendable (GatewayReport) async -> GatewayReportOutcome = { _ in .unknown }
    ) {
        let keeper = DeadlineKeeper(
            store: store, clock: clock, random: random, observer: observer, rules: DeadlineRules())
        let ports = ServicePorts(
            accounts: store, judge: store, ledger: store, operators: store, desk: store, calls: store,
            deadlines: keeper,
            budget: MemoryAttemptBudget(clock: clock), signIns: MemorySignInStore(clock: clock),
            throttle: MemoryThrottle(clock: clock), hasher: PlainHasher(), box: PlainBox(), digest: PlainDigest(),
            codes: MixingMAC(), signer: PlainSigner(), clock: clock, clockHealth: SoundClock(), random: random,
            observer: observer,
            sms: messages.map { SMSPorts(ledger: $0, phones: $0, dispatcher: $0) })
        let heard = Answered()
        answered = heard
        clients = ClientDirectory(store: store, digest: PlainDigest(), clock: clock)
        let verifier = PasswordVerifier(ports: ports, policy: policy)
        mail = MailPorts(base: ports, logins: store, appPasswords: store, audit: store)
        let activity = RecordActivity(
            tally: ActivityTally(day: CivilDate.init(inHanoiAt:)), domains: policy.domains, clock: clock)
        let components = APIComponents(
            ports: ports, policy: policy, verifier: verifier, mail: mail,
            mounted: MailHooks(
                mail: mail, policy: policy, verifier: verifier, activity: activity, nginx: nginx
            ).routes.map { hook in
                MountedRoute(method: hook.method, template: hook.template, query: hook.query, key: hook.key) {
                    request, client, requestID in
                    switch await hook.action(HookCall(request: request, client: client, requestID: requestID)) {
                    case .response(let response): .response(response)
                    case .invalid(let field, let expected): .invalid(field: field, expected: expected)
                    case .wrongMediaType(let expected): .wrongMediaType(expected: expected)
                    case .unavailable(let reason): .unavailable(reason: reason)
                    }
                }
            },
            audit: store, changes: store, accountReports: store, maintenance: store, clients: clients,
            readiness: Readiness(probes: probes, patience: .milliseconds(50)),
            drawQRCode: { "<svg><title>\($0.count)</title></svg>" }, metrics: { Array("otpd_up 1\n".utf8) },
            reports: reports, answered: { _, _ in { heard.note($0) } })
        service = components.serviceListener()
        admin = components.adminListener()
    }

    /// No throttling unless a test is about it.
    static var policy: ServicePolicy {
        var policy = ServicePolicy()
        policy.throttle = nil
        return policy
    }

    /// A key for a new client.
    func key(_ scopes: ClientScope..., name: String = "sso") -> String {
        let minted = ClientKeyMint(random: random, digest: PlainDigest())
            .mint(name: name, scopes: scopes, now: clock.now())
        store.state.withLock { $0.clients.append(minted.record) }
        clients.reload(store.state.withLock { $0.clients })
        return minted.key.text
    }

    /// The password that `provision` imports.
    static let password = "Đường@Láng9"

    /// Stores an account with a password of its own and an authenticator.
    @discardableResult
    func provision(
        _ address: String = "an_sotttt@hanoi.gov.vn", password: String = TestService.password,
        mustChange: Bool = false, authenticators: Int = 1
    ) -> AccountID {
        let id = AccountID(random.identifier(prefix: "acc_"))
        let now = clock.now()
        let account = Account(
            id: id, address: MailboxAddress(canonical: address), aliases: [], kind: .personal,
            displayName: "Nguyễn Văn An", organisation: nil, lifecycle: .active,
            password: PasswordCredential(
                record: "plain:" + password, version: 1, changedAt: now, mustChange: mustChange, isIssued: mustChange,
                expiresAt: nil),
            budgets: [:], locks: [],
            authenticators: (0..<authenticators).map { index in
                Authenticator(
                    id: AuthenticatorID("aut_\(index)"), label: "Máy \(index)",
                    sealedSecret: Array("secret\(index)".utf8),
                    parameters: .standard, lastAcceptedStep: nil, createdAt: now, confirmedAt: now, lastUsedAt: nil)
            },
            recoveryCodesLeft: 0, enrolmentCode: nil, sealedPhone: nil, maskedPhone: nil, notifiedAt: nil,
            createdAt: now, lastSignInAt: nil)
        store.state.withLock { $0.rows[id] = MemoryStore.Row(account: account) }
        return id
    }

    /// The code that an authenticator shows now.
    func code(secret: [UInt8] = Array("secret0".utf8)) -> String {
        TOTP.code(
            secret: SecretBytes(secret), step: TimeStep(at: clock.now(), stepLength: .seconds(30)),
            parameters: .standard, mac: MixingMAC().mac
        ).text
    }

    // MARK: Calls

    /// Makes a request; a body is sent as JSON.
    static func request(
        _ method: String, _ target: String, key: String? = nil, body: String? = nil, headers: [(String, String)] = []
    ) -> HTTPRequest {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var fields = headers
        if let key { fields.append(("Authorization", "Bearer \(key)")) }
        if body != nil, !headers.contains(where: { $0.0 == "Content-Type" }) {
            fields.append(("Content-Type", "application/json"))
        }
        return HTTPRequest(
            method: method, path: String(parts[0]), query: parts.count == 2 ? String(parts[1]) : nil,
            headers: HTTPHeaders(fields), body: Array((body ?? "").utf8), loop: loops.next())
    }

    func call(
        _ listener: APIListener, _ method: String, _ target: String, key: String? = nil, body: String? = nil,
        headers: [(String, String)] = []
    ) async -> Reply {
        let request = Self.request(method, target, key: key, body: body, headers: headers)
        if let response = listener.respondImmediately(to: request) { return Reply(response) }
        return Reply(await listener.respond(to: request))
    }

    /// A call at the service listener.
    func call(
        _ method: String, _ target: String, key: String? = nil, body: String? = nil, headers: [(String, String)] = []
    ) async -> Reply {
        await call(service, method, target, key: key, body: body, headers: headers)
    }

    /// A call at the admin listener.
    func operate(
        _ method: String, _ target: String, key: String? = nil, body: String? = nil, headers: [(String, String)] = []
    ) async -> Reply {
        await call(admin, method, target, key: key, body: body, headers: headers)
    }

    /// The first step of a sign-in.
    func begin(_ account: String, _ password: String, key: String, headers: [(String, String)] = []) async -> Reply {
        let body = """
            {"account":"\(account)","password":"\(password)","client":{"ip":"203.0.113.7","user_agent":"Firefox"}}
            """
        return await call("POST", "/v1/sign-ins", key: key, body: body, headers: headers)
    }
}

/// An answer with its JSON read by Foundation, which knows nothing of our writer.
struct Reply {
    let status: Int
    let headers: [(String, String)]
    let body: [UInt8]

    init(_ response: HTTPResponse) {
        status = response.status
        headers = response.headers
        body = response.body
    }

    var text: String { String(decoding: body, as: UTF8.self) }

    var json: [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any] ?? [:]
    }

    func header(_ name: String) -> String? { headers.first { $0.0 == name }?.1 }

    func string(_ name: String) -> String? { json[name] as? String }

    func objects(_ name: String) -> [[String: Any]] { json[name] as? [[String: Any]] ?? [] }

    var code: String? { string("code") }
}
