import AuthDomain
import AuthService
import Synchronization

/// A ledger and a gateway that answer as a test says.
final class StubMessages: SMSLedger, PhoneLedger, SMSDispatcher {
    private struct State {
        var verdict: SMSAdmissionVerdict?
        var outcome = GatewayOutcome.accepted(providerID: nil)
        var codes: [String] = []
        var pending: PendingPhone?
        var store: MemoryStore?
    }

    private let state = Mutex(State())

    /// The code of the latest message.
    var code: String { state.withLock { $0.codes.last ?? "" } }

    /// Has every request judged so; nil admits.
    func judge(_ verdict: SMSAdmissionVerdict?) { state.withLock { $0.verdict = verdict } }

    /// Has the gateway answer so.
    func answer(_ outcome: GatewayOutcome) { state.withLock { $0.outcome = outcome } }

    /// Where confirmed numbers go.
    func keep(in store: MemoryStore) { state.withLock { $0.store = store } }

    func admit(_ admission: SMSAdmission) async throws(StoreUnavailable) -> SMSAdmissionVerdict {
        state.withLock { $0.verdict }
            ?? .admitted(
                SMSAdmitted(
                    issue: admission.issue, expiresAt: admission.now + admission.rules.lifetime, servesSeveral: false))
    }

    func begin(_ reference: String, gateway: String, now: WallInstant) async throws(StoreUnavailable) -> Bool { true }

    func conclude(_ conclusion: SMSConclusion, now: WallInstant) async throws(StoreUnavailable) {}

    func report(
        _ report: DeliveryReport, of subject: SMSReportSubject, gateway: String, now: WallInstant, event: AuditEvent
    ) async throws(StoreUnavailable) -> SMSReportVerdict { .unknown }

    func recover(
        stuckSince: WallInstant, now: WallInstant, limit: Int
    ) async throws(StoreUnavailable) -> SMSRecovery { SMSRecovery() }

    func learn(now: WallInstant) async throws(StoreUnavailable) {}

    func propose(_ change: PendingPhone, event: AuditEvent) async throws(OperatorRefusal) {
        state.withLock { $0.pending = change }
    }

    func pendingPhone(of account: AccountID) async throws(StoreUnavailable) -> PendingPhone? {
        state.withLock { $0.pending?.account == account ? $0.pending : nil }
    }

    func confirm(_ confirmation: PhoneConfirmation) async throws(StoreUnavailable) -> StepVerdict {
        let store = state.withLock { $0.store }
        store?.update(confirmation.change.account) { $0.maskedPhone = confirmation.change.masked }
        state.withLock { $0.pending = nil }
        return .committed([:])
    }

    func dispatch(_ message: OutgoingSMS, asking: @Sendable (String) async -> Bool) async -> SMSDispatch {
        guard await asking("stub") else { return SMSDispatch(gateway: nil, outcome: .refused(.retryable, reason: "")) }
        return state.withLock { state in
            if let code = message.code { state.codes.append(code.text) }
            return SMSDispatch(gateway: "stub", outcome: state.outcome)
        }
    }
}
