package import AuthDomain

/// A stage of life as an operator orders it.
package struct LifecycleOrder: Sendable {
    /// The stage that begins: active, transferred or recalled.
    package let stage: Lifecycle
    /// The day of the decision.
    package let decidedOn: CivilDate
    /// The number and date of the decision.
    package let document: String
    /// Whether the owner heads the city or one of its units, so that a recalled mailbox is kept 60 days (Đ7.4.d).
    package let isHead: Bool

    /// Makes an order.
    package init(stage: Lifecycle, decidedOn: CivilDate, document: String, isHead: Bool) {
        self.stage = stage
        self.decidedOn = decidedOn
        self.document = document
        self.isHead = isHead
    }
}

/// Transfers, recalls and takes back mailboxes on the organisation's decision (Đ7.4.c, d; R-LIFE-4…8).
package struct KeepLifecycle: Sendable {
    /// A decision older than this is a slip of the pen.
    private static let oldestDecision = 366

    private let ports: ServicePorts
    private let desk: OperatorDesk

    /// Makes the use case.
    package init(ports: ServicePorts, policy: ServicePolicy) {
        self.ports = ports
        desk = OperatorDesk(ports: ports, policy: policy)
    }

    /// Begins a stage of life.
    ///
    /// The period runs from the day of the decision, so one that is filed late may be over on arrival: the mailbox then
    /// goes out of use at once (R-LIFE-7).
    /// - Returns: The account as it is then, and whether its period was over.
    package func callAsFunction(
        _ address: String, _ order: LifecycleOrder, provenance: Provenance
    ) async throws(OperatorFailure) -> (account: Account, wasOver: Bool) {
        let document = try OperatorDesk.text(order.document, field: "document", limit: 200)
        let now = ports.clock.now()
        let today = CivilDate(inHanoiAt: now)
        guard order.decidedOn <= today, order.decidedOn > today.adding(days: -Self.oldestDecision) else {
            throw OperatorFailure.invalidRequest(
                field: "decided_on", expected: "a day within the last year, today at the latest")
        }
        guard !order.stage.hasEnded else {
            throw OperatorFailure.invalidRequest(field: "lifecycle", expected: "active, transferred or recalled")
        }
        let account = try await desk.account(address)
        let term = DeadlineRules.keeping(of: order.stage, isHead: order.isHead)
        let endsAt = term.map { ports.deadlines.rules.calendar.end(of: $0, after: order.decidedOn) }
        let write = LifecycleWrite(
            stage: order.stage, endsAt: endsAt, decidedOn: order.decidedOn, document: document)
        let event = AuditEvent(
            time: now, code: .lifecycleChanged, result: .success, account: account.id, address: account.address.text,
            clause: order.stage == .recalled ? "Điều 7.4.d" : "Điều 7.4.c", document: document,
            detail: "\(account.lifecycle.rawValue) to \(order.stage.rawValue)"
                + (endsAt.map { ", ends \(RFC3339.format($0))" } ?? ""), provenance: provenance)
        try await operating(OperatorFailure.init(_:)) { () async throws(OperatorRefusal) in
            try await ports.desk.begin(write, of: account.id, event: event)
        }
        return (try await desk.account(account.id), endsAt.map { $0 <= now } ?? false)
    }
}
