import AuthDomain
import AuthService
import TestKit
import Synchronization

/// A gateway and the phones behind it: keeps what arrives, answers as told, and counts what the observer hears.
final class Handset: SMSDispatcher, SMSObserver {
    struct Delivery: Sendable {
        let phone: String
        let text: String
        let code: String?
        let reference: String
    }

    private struct State {
        var deliveries: [Delivery] = []
        var answers: [GatewayOutcome] = []
        var standing: GatewayOutcome?
        var dies = false
        var limited: [SMSBudgetScope] = []
        var observed: [SMSBudgetScope] = []
        var paused = 0
        var alarms = 0
        var recovered = SMSRecovery()
        var reported: [SMSReportVerdict] = []
    }

    private let state = Mutex(State())

    var deliveries: [Delivery] { state.withLock { $0.deliveries } }
    var limited: [SMSBudgetScope] { state.withLock { $0.limited } }
    var observed: [SMSBudgetScope] { state.withLock { $0.observed } }
    var paused: Int { state.withLock { $0.paused } }
    var alarms: Int { state.withLock { $0.alarms } }

    /// The code of the latest message to a number.
    func code(_ phone: String? = nil) -> String {
        state.withLock { $0.deliveries.last { phone == nil || $0.phone == phone }?.code ?? "" }
    }

    /// Answers the next messages so, one after the other.
    func answer(_ outcomes: GatewayOutcome...) { state.withLock { $0.answers = outcomes } }

    /// Answers every message so until told otherwise.
    func answerAll(_ outcome: GatewayOutcome?) { state.withLock { $0.standing = outcome } }

    /// Has the instance die, as far as rows can tell: nothing is written after the gateway was asked.
    func dieWhileAsking(_ dies: Bool) { state.withLock { $0.dies = dies } }

    func dispatch(_ message: OutgoingSMS, asking: @Sendable (String) async -> Bool) async -> SMSDispatch {
        let outcome: GatewayOutcome = state.withLock { state in
            if !state.answers.isEmpty { return state.answers.removeFirst() }
            return state.standing ?? .accepted(providerID: "p-\(state.deliveries.count + 1)")
        }
        if case .refused(_, "no gateway available") = outcome { return SMSDispatch(gateway: nil, outcome: outcome) }
        guard await asking("first") else {
            return SMSDispatch(gateway: nil, outcome: .refused(.retryable, reason: "stopped"))
        }
        if !outcome.surelyNotSent {
            let delivery = Delivery(
                phone: message.phone.e164, text: message.text, code: message.code?.text, reference: message.reference)
            state.withLock { $0.deliveries.append(delivery) }
        }
        return SMSDispatch(gateway: "first", outcome: outcome)
    }

    func limited(_ scope: SMSBudgetScope, observing: Bool) {
        state.withLock { state in
            if observing { state.observed.append(scope) } else { state.limited.append(scope) }
        }
    }

    func paused(_ prefix: PhonePrefix, _ collapse: PrefixCollapse, observing: Bool) {
        state.withLock { $0.paused += 1 }
    }

    func moneyAlarm() { state.withLock { $0.alarms += 1 } }
    func recovered(_ recovery: SMSRecovery) { state.withLock { $0.recovered = recovery } }

    func reported(_ report: DeliveryReport, _ verdict: SMSReportVerdict, gateway: String) {
        state.withLock { $0.reported.append(verdict) }
    }
}

extension World {
    static let phone = "0912345678"

    /// A world whose messages arrive at a handset.
    static func messaging(
        redis: RedisServer? = nil, _ adjust: (inout ServicePolicy) -> Void = { _ in }
    ) async throws -> (world: World, handset: Handset) {
        let handset = Handset()
        return (try await World(redis: redis, handset: handset, adjust), handset)
    }

    /// Provisions a mailbox with a phone.
    func provision(
        _ address: String, phone: String?, kind: AccountKind = .personal, organisation: String? = nil
    ) async throws(OperatorFailure) -> ProvisionedAccount {
        var request = ProvisioningRequest(address: address, kind: kind)
        request.phone = phone
        request.organisation = organisation
        return try await ProvisionAccount(ports: ports, policy: policy)(request, provenance: desk)
    }

    /// Provisions a mailbox with a phone whose owner has signed in once and chosen a password.
    func phoneOwner(_ address: String, phone: String = World.phone, handset: Handset) async throws -> String {
        let made = try await provision(address, phone: phone)
        let id = try await begin(address, made.temporaryPassword ?? "").id
        _ = try await sendCode(id)
        _ = try await prove(id, .sms, handset.code())
        _ = try await choose(id, "Bồ câu 7 con!")
        return "Bồ câu 7 con!"
    }

    func sendCode(_ id: String) async throws(SignInFailure) -> SentCode {
        try await SendSignInCode(ports: ports, policy: policy)(
            signIn: id, language: .vietnamese, provenance: provenance)
    }

    func requestCode(_ address: String, from ip: String = stranger) async throws(SignInFailure) -> SentCode {
        let person = PersonalClient(address: NetworkAddress(ip) ?? .loopback, userAgent: nil, device: nil)
        return try await SendCheckCode(ports: ports, policy: policy)(
            address: address, language: .vietnamese, person: person, provenance: provenance)
    }

    func propose(
        _ address: String, _ phone: String, handsOver: Bool = false
    ) async throws(OperatorFailure) -> ProposedPhone {
        try await ChangePhone(ports: ports, policy: policy).propose(
            address, phone: phone, document: "Mẫu 04 số 7", handsOver: handsOver, language: .vietnamese,
            provenance: desk)
    }

    func confirmPhone(_ address: String, _ code: String) async throws(OperatorFailure) -> ConfirmedPhone {
        try await ChangePhone(ports: ports, policy: policy).confirm(
            address, code: code, language: .vietnamese, provenance: desk)
    }

    @discardableResult
    func settle() async throws -> SMSRecovery {
        guard let sms = ports.sms else { return SMSRecovery() }
        return try await SettleMessages(sms: sms, policy: policy.sms, clock: clock)()
    }

    func report(
        _ report: DeliveryReport, _ subject: SMSReportSubject, gateway: String = "first"
    ) async throws -> SMSReportVerdict {
        guard let sms = ports.sms else { return .unknown }
        return try await RecordDeliveryReport(sms: sms, clock: clock)(
            report, of: subject, gateway: gateway, requestID: "r-9")
    }

    /// The states of all messages, oldest first.
    func states() throws -> [String] {
        try sql("SELECT state FROM sms_sends ORDER BY created_at, rowid").split(separator: "\n").map(String.init)
    }

    /// Runs a body many times at once and gathers the outcomes in words.
    func together(_ count: Int, _ body: @escaping @Sendable (Int) async throws -> Void) async -> [String] {
        await withTaskGroup(of: String.self) { group in
            for index in 0..<count { group.addTask { await outcome { try await body(index) } } }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }
}

/// Another code than the right one.
func other(than code: String) -> String { code == "000000" ? "000001" : "000000" }
