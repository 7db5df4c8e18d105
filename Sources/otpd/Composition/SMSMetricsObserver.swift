import AuthDomain
import AuthService
import Synchronization
import Telemetry

/// Turns what becomes of short messages into metrics and log lines; neither names a person, a code or a text.
final class SMSMetricsObserver: SMSObserver {
    /// How long the same alarm keeps silent after it was raised.
    private static let quiet: Int64 = 60_000

    private let metrics: SMSMetrics
    private let costPerPart: [String: Int]
    private let log: JSONLog
    private let clock: any MonotonicClock
    // Grows with gateways, scopes and prefixes that ever met an alarm: some hundreds at most.
    private let raised = Mutex<[String: Int64]>([:])

    init(metrics: SMSMetrics, costPerPart: [String: Int], log: JSONLog, clock: any MonotonicClock) {
        self.metrics = metrics
        self.costPerPart = costPerPart
        self.log = log
        self.clock = clock
    }

    func dispatched(_ purpose: SMSPurpose, _ dispatch: SMSDispatch, parts: Int) {
        let cost = dispatch.gateway.flatMap { costPerPart[$0] } ?? 0
        metrics.sent(gateway: dispatch.gateway, dispatch.outcome, purpose, parts: parts, cost: parts * cost)
        let gateway = dispatch.gateway ?? SMSMetrics.noGateway
        let fields: KeyValuePairs<StaticString, LogValue> = [
            "gateway": .string(gateway), "outcome": .string(dispatch.outcome.label),
            "purpose": .string(purpose.rawValue), "parts": .number(parts),
            "gateway_said": .optional(dispatch.outcome.reason),
        ]
        if dispatch.outcome.needsOperator {
            log.error("gateway takes nothing from us; mend its settings or the contract", fields)
        } else if dispatch.outcome.reason != nil {
            log.warning("message not taken for sure", fields)
        } else {
            log.info("message handed over", fields)
        }
    }

    func limited(_ scope: SMSBudgetScope, observing: Bool) {
        (observing ? metrics.observed : metrics.refused).add(SMSMetrics.Refusal(scope))
        guard once("limit \(scope.rawValue)") else { return }
        log.warning(
            "message budget used up", ["scope": .string(scope.rawValue), "only_observed": .bool(observing)])
    }

    func tooSoon() {
        metrics.refused.add(.tooSoon)
    }

    func paused(_ prefix: PhonePrefix, _ collapse: PrefixCollapse, observing: Bool) {
        (observing ? metrics.observed : metrics.refused).add(.prefixPaused)
        metrics.pauses.add(collapse)
        guard once("prefix \(prefix.text)") else { return }
        log.error(
            "codes to a prefix do not come back: paused",
            [
                "prefix": .string(prefix.text), "collapse": .string(collapse.rawValue),
                "only_observed": .bool(observing),
            ])
    }

    func moneyAlarm() {
        metrics.moneyAlarms.add()
        log.error("the money for messages of 24 hours has crossed its alarm", [:])
    }

    func verified() {
        metrics.verified.add()
    }

    func reported(_ report: DeliveryReport, _ verdict: SMSReportVerdict, gateway: String) {
        let result: SMSMetrics.ReportResult =
            switch verdict {
            case .applied(.moved): .applied
            case .applied(.ignored(.repeated)): .repeated
            case .applied(.ignored(.outOfOrder)): .outOfOrder
            case .applied(.ignored(.impossible)): .impossible
            case .unknown: .unknown
            }
        metrics.reported(gateway: gateway, result)
        guard result == .applied, report == .failed || report == .rejected else { return }
        log.warning(
            "carrier gave a message up", ["gateway": .string(gateway), "report": .string(report.rawValue)])
    }

    func recovered(_ recovery: SMSRecovery) {
        metrics.settled.add(.neverLeft, recovery.neverLeft)
        metrics.settled.add(.unknown, recovery.unknown)
        metrics.settled.add(.expired, recovery.expired)
        log.warning(
            "unfinished messages settled",
            [
                "never_left": .number(recovery.neverLeft), "unknown": .number(recovery.unknown),
                "expired": .number(recovery.expired),
            ])
    }

    func orderEnded(_ end: SMSOrderEnd) { metrics.ordersEnded.add(end) }

    /// A report that was not recorded.
    func refused(report result: SMSMetrics.ReportResult, gateway: String) {
        metrics.reported(gateway: gateway, result)
        guard result != .unknown, once("report \(result.rawValue)") else { return }
        log.warning("delivery report refused", ["result": .string(result.rawValue)])
    }

    /// Whether an alarm has been silent long enough to be raised again.
    private func once(_ alarm: String) -> Bool {
        let now = clock.milliseconds()
        return raised.withLock { raised in
            if let last = raised[alarm], now - last < Self.quiet { return false }
            raised[alarm] = now
            return true
        }
    }
}

extension GatewayOutcome {
    /// What the gateway said in words of ours; nil when it took the message.
    fileprivate var reason: String? {
        switch self {
        case .accepted, .queued: nil
        case .refused(_, let reason), .ambiguous(let reason): reason
        }
    }
}
