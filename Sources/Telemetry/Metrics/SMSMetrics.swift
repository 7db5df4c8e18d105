package import AuthDomain

/// What is counted of short messages; every label comes from a closed set, and none names a person.
package struct SMSMetrics: Sendable {
    /// What became of a request for a message that was not admitted; the raw values are metric labels.
    package enum Refusal: String, CaseIterable, Sendable {
        /// The message before it left too short a while ago.
        case tooSoon = "too_soon"
        /// Codes to the prefix do not come back.
        case prefixPaused = "prefix_paused"
        case phone, phoneDay = "phone_day", account, accountDay = "account_day", client, prefix, all, money

        /// The refusal of a budget.
        package init(_ scope: SMSBudgetScope) {
            switch scope {
            case .phone: self = .phone
            case .phoneDay: self = .phoneDay
            case .account: self = .account
            case .accountDay: self = .accountDay
            case .client: self = .client
            case .prefix: self = .prefix
            case .all: self = .all
            case .money: self = .money
            }
        }
    }

    /// What became of a delivery report; the raw values are metric labels.
    package enum ReportResult: String, CaseIterable, Sendable {
        /// It told something new.
        case applied
        case repeated, outOfOrder = "out_of_order", impossible
        /// It names no message.
        case unknown
        case forged, malformed, unknownState = "unknown_state"
        /// It could not be recorded.
        case unavailable
    }

    /// How unfinished messages were settled; the raw values are metric labels.
    package enum Settled: String, CaseIterable, Sendable {
        case neverLeft = "never_left"
        case unknown, expired
    }

    /// Requests for a message that were refused.
    package let refused: CounterSet<Refusal>
    /// Requests that would have been refused if budgets were not only observed.
    package let observed: CounterSet<Refusal>
    /// Pauses of prefixes by what collapsed.
    package let pauses: CounterSet<PrefixCollapse>
    /// Codes that came back and were accepted.
    package let verified: Counter
    /// Times that the day's money crossed the alarm.
    package let moneyAlarms: Counter
    /// Unfinished messages that were settled.
    package let settled: CounterSet<Settled>
    /// Messages that imports ordered, by how they ended.
    package let ordersEnded: CounterSet<SMSOrderEnd>

    private let sends: [Send: Counter]
    private let parts: [String: Counter]
    private let cost: [String: Counter]
    private let reports: [Report: Counter]

    private struct Send: Hashable {
        let gateway: String
        let outcome: String
        let purpose: SMSPurpose
    }

    private struct Report: Hashable {
        let gateway: String
        let result: ReportResult
    }

    /// The label of a message for which no gateway could be asked.
    package static let noGateway = "none"

    /// The names that `GatewayOutcome.label` takes.
    private static let outcomes =
        ["accepted", "queued", "ambiguous"] + RefusalKind.allCases.map { "refused_" + $0.rawValue }

    /// Registers every metric.
    ///
    /// - Parameters:
    ///   - registry: A registry without these names.
    ///   - gateways: The names of the gateways in the settings.
    package init(_ registry: MetricsRegistry, gateways: [String]) {
        refused = CounterSet(
            registry, "otpd_sms_refused_total", help: "Requests for a message that were refused.", label: "reason")
        observed = CounterSet(
            registry, "otpd_sms_observed_total", help: "Requests that only observed budgets would have refused.",
            label: "reason")
        pauses = CounterSet(
            registry, "otpd_sms_prefix_pauses_total", help: "Requests that met a paused prefix.", label: "collapse")
        verified = registry.counter("otpd_sms_verified_total", help: "Codes that came back and were accepted.")
        moneyAlarms = registry.counter(
            "otpd_sms_money_alarms_total", help: "Times that the money of 24 hours crossed its alarm.")
        settled = CounterSet(
            registry, "otpd_sms_settled_total", help: "Unfinished messages that were settled.", label: "as")
        ordersEnded = CounterSet(
            registry, "otpd_sms_orders_ended_total", help: "Messages ordered by imports, by how they ended.",
            label: "as")
        var sends: [Send: Counter] = [:]
        var reports: [Report: Counter] = [:]
        for gateway in gateways + [Self.noGateway] {
            for outcome in Self.outcomes {
                for purpose in SMSPurpose.allCases {
                    sends[Send(gateway: gateway, outcome: outcome, purpose: purpose)] = registry.sparseCounter(
                        "otpd_sms_sends_total", help: "Messages by what the last gateway asked said.",
                        labels: [
                            MetricLabel("gateway", gateway), MetricLabel("outcome", outcome),
                            MetricLabel("purpose", purpose.rawValue),
                        ])
                }
            }
            for result in ReportResult.allCases {
                reports[Report(gateway: gateway, result: result)] = registry.sparseCounter(
                    "otpd_sms_reports_total", help: "Delivery reports by what became of them.",
                    labels: [MetricLabel("gateway", gateway), MetricLabel("result", result.rawValue)])
            }
        }
        self.sends = sends
        self.reports = reports
        parts = Self.perGateway(registry, gateways, "otpd_sms_parts_total", "Parts that may have left.")
        cost = Self.perGateway(registry, gateways, "otpd_sms_cost_dong_total", "What those parts cost, in đồng.")
    }

    /// Counts a message that was handed over, or surely was not.
    package func sent(gateway: String?, _ outcome: GatewayOutcome, _ purpose: SMSPurpose, parts: Int, cost: Int) {
        let gateway = gateway ?? Self.noGateway
        sends[Send(gateway: gateway, outcome: outcome.label, purpose: purpose)]?.add()
        guard !outcome.surelyNotSent else { return }
        self.parts[gateway]?.add(UInt64(max(parts, 0)))
        self.cost[gateway]?.add(UInt64(max(cost, 0)))
    }

    /// Counts a delivery report; one for a gateway that is not in the settings counts under `none`.
    package func reported(gateway: String, _ result: ReportResult) {
        let known = reports[Report(gateway: gateway, result: result)]
        (known ?? reports[Report(gateway: Self.noGateway, result: result)])?.add()
    }

    private static func perGateway(
        _ registry: MetricsRegistry, _ gateways: [String], _ name: String, _ help: String
    ) -> [String: Counter] {
        Dictionary(
            uniqueKeysWithValues: gateways.map { gateway in
                (gateway, registry.counter(name, help: help, labels: [MetricLabel("gateway", gateway)]))
            })
    }
}

extension StandardMetrics {
    /// Registers what a gateway's circuit lets through, asked for whenever the text is made: 1 for the state it is in.
    ///
    /// - Parameters:
    ///   - gateway: The gateway's name.
    ///   - state: A state used once for the gateway.
    ///   - isIn: Whether the circuit is in that state.
    package func observeCircuit(_ gateway: String, state: String, isIn: @escaping @Sendable () -> Bool) {
        registry.gauge(
            "otpd_sms_circuit", help: "Whether a gateway's circuit is in a state.",
            labels: [MetricLabel("gateway", gateway), MetricLabel("state", state)]
        ) { isIn() ? 1 : 0 }
    }

    /// Shows until when the name of a gateway's sender is registered, in seconds since 1970.
    package func observeSender(_ gateway: String, until instant: WallInstant) {
        registry.gauge(
            "otpd_sms_sender_expires_timestamp_seconds", help: "When the registration of a sender's name ends.",
            labels: [MetricLabel("gateway", gateway)]
        ) { Double(instant.seconds) }
    }
}
