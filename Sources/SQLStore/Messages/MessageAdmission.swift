internal import AuthDomain
internal import AuthService

/// Judges one message: gap, budgets, prefix; and writes its row when it may leave.
struct MessageAdmission {
    private let request: SMSAdmission

    init(_ request: SMSAdmission) {
        self.request = request
    }

    /// The verdict; only an admission and the first pause of a day write anything.
    func judge(in transaction: inout Transaction) throws -> SMSAdmissionVerdict {
        guard try !request.purpose.carriesSecret || isCurrent(in: transaction) else { return .outdated }
        if let order = request.order {
            let waits = OrderStatements.waits(order, for: request.reference, now: request.now)
            guard try transaction.exists(waits) else { return .outdated }
        }
        let step = try codeStep(in: transaction)
        let issue: (name: String, expiresAt: WallInstant)
        switch step {
        case .tooSoon(let wait): return .tooSoon(retryAfter: wait)
        case .send(let name, let expiresAt): issue = (name, expiresAt)
        }
        let isShared = try transaction.exists(
            MessageStatements.isShared(request.phone, besides: request.account))
        let price = isShared ? request.shared : request.alone
        let observed: [SMSBudgetScope]
        switch try budget(price, in: transaction) {
        case .allowed: observed = []
        case .observed(let scopes): observed = scopes
        case .refused(let scope, let wait): return .overBudget(scope, retryAfter: wait)
        }
        let prefix = try prefix(in: &transaction)
        if case .paused(let collapse, let wait) = prefix.verdict, request.budget.mode == .enforce {
            return .paused(collapse, retryAfter: wait)
        }
        let raisesAlarm = try raisesAlarm(price, in: transaction)
        try transaction.execute(
            MessageStatements.insert(
                request, issue: issue.name, expiresAt: issue.expiresAt, lane: prefix.lane, price: price))
        try MessageCounts.add(request, cost: price.cost, in: transaction)
        try transaction.append(request.event)
        if raisesAlarm { try transaction.append(request.event.alarm(.messageAlarm, detail: "money of the day")) }
        return .admitted(
            SMSAdmitted(
                issue: issue.name, expiresAt: issue.expiresAt, servesSeveral: isShared, observed: observed,
                observedCollapse: prefix.collapse, raisesMoneyAlarm: raisesAlarm))
    }

    private enum Step {
        case tooSoon(Duration)
        case send(issue: String, expiresAt: WallInstant)
    }

    private func isCurrent(in transaction: borrowing Transaction) throws -> Bool {
        try transaction.exists(MessageStatements.mayBeSent(to: request.phone, of: request.account))
    }

    /// Whether a code is drawn, sent again, or has to wait; what says so are the rows of its transaction.
    private func codeStep(in transaction: borrowing Transaction) throws -> Step {
        let latest = try transaction.first(
            MessageStatements.latest(of: request.transaction, purpose: request.purpose)
        ) { row in
            let name = row.text()
            let (expiresAt, sentAt) = (row.instant(), row.instant())
            let issue = SMSCodeIssue(
                expiresAt: expiresAt, lastSentAt: sentAt, sends: 1, isSpent: row.optionalInteger() != nil)
            return (name: name, issue: issue)
        }
        switch SMSCodeIssue.request(latest: latest?.issue, now: request.now, rules: request.rules) {
        case .tooSoon(let wait): return .tooSoon(wait)
        case .drawNew(let issue): return .send(issue: request.issue, expiresAt: issue.expiresAt)
        case .sendSame(let issue): return .send(issue: latest?.name ?? request.issue, expiresAt: issue.expiresAt)
        }
    }

    private func budget(_ price: SMSPrice, in transaction: borrowing Transaction) throws -> SMSBudgetVerdict {
        var counts: [SMSBudgetScope: SMSBudgetCount] = [:]
        for scope in request.budget.limits.keys {
            counts[scope] = try MessageCounts.count(scope, for: request, in: transaction)
        }
        return request.budget.verdict(cost: price.cost) { counts[$0] ?? SMSBudgetCount(used: 0, freesIn: .zero) }
    }

    private func raisesAlarm(_ price: SMSPrice, in transaction: borrowing Transaction) throws -> Bool {
        guard request.budget.limits[.money] != nil else { return false }
        let before = try MessageCounts.count(.money, for: request, in: transaction)
        return request.budget.raisesMoneyAlarm(cost: price.cost, before: before)
    }

    private func prefix(
        in transaction: inout Transaction
    ) throws -> (lane: PrefixLane?, verdict: PrefixVerdict, collapse: PrefixCollapse?) {
        guard let rule = request.conversion else { return (nil, .open, nil) }
        let (lane, verdict) = try PrefixHistory.verdict(rule, for: request, in: transaction)
        let collapse: PrefixCollapse
        switch verdict {
        case .open, .probe: return (lane, verdict, nil)
        case .paused(let reason, _): collapse = reason
        }
        let text = request.phone.prefix.text
        if try PrefixHistory.notePause(text, lane, now: request.now, in: transaction) {
            try transaction.append(
                request.event.alarm(.prefixPaused, detail: "\(text) \(lane.rawValue) \(collapse.rawValue)"))
        }
        return (lane, verdict, collapse)
    }
}

extension AuditEvent {
    /// A row about the service itself, written with the message that brought it about.
    fileprivate func alarm(_ code: AuditCode, detail: String) -> AuditEvent {
        AuditEvent(
            time: time, code: code, result: .success, factor: factor, detail: detail,
            provenance: Provenance(client: "otpd", requestID: provenance.requestID, entry: "service"))
    }
}
