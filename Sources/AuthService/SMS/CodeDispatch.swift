import AuthDomain

/// A message that was handed out: where it went, and when the next may follow.
package struct SentCode: Hashable, Sendable {
    /// The masked number.
    package let phone: String
    /// How long until another message is allowed.
    package let resendAfter: Duration
    /// How long the code is accepted.
    package let expiresIn: Duration
}

/// Why no code was sent.
enum SendFailure: Error {
    /// A gap, a budget or a paused prefix; other factors are not touched by it.
    case refused(retryAfter: Duration)
    /// No gateway took the message; it surely never left.
    case noGateway(retryAfter: Duration)
    /// The account or its number changed, or a lock was set, while the message was being made.
    case outdated
    /// Something needed is down: what, for the log alone.
    case unavailable(reason: String)
}

/// Sends one message: judged and written down first, then kept, then handed to a gateway, then concluded.
struct CodeDispatch: Sendable {
    /// What is to be sent, to whom and for whom.
    struct Order: Sendable {
        let transaction: String
        let account: Account
        let phone: PhoneNumber
        /// The number's blind index as the account's row, or its pending change, has it.
        let index: [UInt8]
        let purpose: SMSPurpose
        let language: Language
        /// The address of the person's machine.
        let clientAddress: String?
        let provenance: Provenance
        /// What the message carries out, where it was ordered ahead.
        var ahead: Ahead?
    }

    /// What an order brings into its message.
    struct Ahead: Sendable {
        let claimed: ClaimedSMSOrder
        let password: String?
    }

    let ports: ServicePorts
    let policy: ServicePolicy
    let sms: SMSPorts

    /// Sends a code.
    func send(_ order: Order) async throws(SendFailure) -> SentCode {
        let (admitted, dispatch) = try await dispatch(order)
        guard !dispatch.outcome.surelyNotSent else {
            throw SendFailure.noGateway(retryAfter: policy.sms.outageRetry)
        }
        return SentCode(
            phone: order.phone.masked.text, resendAfter: policy.sms.rules.resendInterval,
            expiresIn: max(admitted.expiresAt - ports.clock.now(), .zero))
    }

    /// Hands a message to the gateways and tells what they said.
    func dispatch(_ order: Order) async throws(SendFailure) -> (admitted: SMSAdmitted, dispatch: SMSDispatch) {
        let reference = order.ahead?.claimed.reference ?? ports.random.identifier(prefix: "sms_")
        let now = ports.clock.now()
        let admitted = try await admit(order, reference: reference, now: now)
        let code = try await liveCode(order, admitted, reference: reference)
        return (admitted, try await hand(over: order, admitted, code: code, reference: reference))
    }

    private func admit(_ order: Order, reference: String, now: WallInstant) async throws(SendFailure) -> SMSAdmitted {
        let admission = SMSAdmission(
            reference: reference, order: order.ahead?.claimed.order.id,
            issue: ports.random.identifier(prefix: "iss_"), transaction: order.transaction,
            account: order.account.id, purpose: order.purpose,
            phone: ports.fingerprint(order.phone, index: order.index), alone: try price(order, servesSeveral: false),
            shared: try price(order, servesSeveral: true),
            clientNetwork: order.clientAddress.flatMap(NetworkAddress.init).map(Self.counted), budget: budget(order),
            conversion: order.purpose.carriesCode ? policy.sms.conversion : nil, rules: policy.sms.rules, now: now,
            event: AuditEvent(
                time: now, code: .messageSent, result: .success, account: order.account.id,
                address: order.account.address.text, factor: FactorKind.sms.rawValue,
                detail: Self.detail(order), provenance: order.provenance))
        let verdict: SMSAdmissionVerdict
        do {
            verdict = try await sms.ledger.admit(admission)
        } catch {
            throw SendFailure.unavailable(reason: error.reason)
        }
        switch verdict {
        case .admitted(let admitted):
            for scope in admitted.observed { sms.observer.limited(scope, observing: true) }
            if let collapse = admitted.observedCollapse {
                sms.observer.paused(order.phone.prefix, collapse, observing: true)
            }
            if admitted.raisesMoneyAlarm { sms.observer.moneyAlarm() }
            return admitted
        case .tooSoon(let wait):
            sms.observer.tooSoon()
            throw SendFailure.refused(retryAfter: wait)
        case .overBudget(let scope, let wait):
            // What was ordered ahead leaves room for others by stopping here; that is nothing to warn of.
            if order.ahead == nil { sms.observer.limited(scope, observing: false) }
            throw SendFailure.refused(retryAfter: wait)
        case .paused(let collapse, let wait):
            sms.observer.paused(order.phone.prefix, collapse, observing: false)
            throw SendFailure.refused(retryAfter: wait)
        case .outdated:
            throw SendFailure.outdated
        }
    }

    /// Draws the code and keeps it before anything leaves; a message whose code cannot be kept never leaves.
    private func liveCode(
        _ order: Order, _ admitted: SMSAdmitted, reference: String
    ) async throws(SendFailure) -> SMSCode? {
        guard order.purpose.carriesCode else { return nil }
        let codes = LiveCodes(ports: ports)
        let binding = SMSCodeBinding(
            transaction: order.transaction, account: order.account.id, phone: order.phone, purpose: order.purpose)
        do {
            let code = try await codes.code(
                binding, issue: admitted.issue, expiresAt: admitted.expiresAt, digits: policy.sms.rules.digits)
            try await codes.keep(code, binding, issue: admitted.issue, expiresAt: admitted.expiresAt)
            return code
        } catch {
            await conclude(
                SMSDispatch(gateway: nil, outcome: .refused(.retryable, reason: "counters unreachable")), reference)
            throw SendFailure.unavailable(reason: "counters unreachable")
        }
    }

    private func hand(
        over order: Order, _ admitted: SMSAdmitted, code: SMSCode?, reference: String
    ) async throws(SendFailure) -> SMSDispatch {
        // A password is as good when the phone is switched on in the evening.
        let left =
            order.purpose.carriesPassword
            ? .seconds(86_400) : max(admitted.expiresAt - ports.clock.now(), .seconds(60))
        let text = template(order, servesSeveral: admitted.servesSeveral)
            .text(code: code, password: order.ahead?.password, mailbox: order.account.address, validFor: left)
        guard let text,
            let message = OutgoingSMS(phone: order.phone, text: text, code: code, reference: reference, validity: left)
        else {
            await conclude(
                SMSDispatch(gateway: nil, outcome: .refused(.permanent, reason: "no message can be made")), reference)
            throw SendFailure.unavailable(reason: "no message can be made")
        }
        let (ledger, clock) = (sms.ledger, ports.clock)
        let dispatch = await sms.dispatcher.dispatch(message) { gateway in
            (try? await ledger.begin(reference, gateway: gateway, now: clock.now())) ?? false
        }
        sms.observer.dispatched(order.purpose, dispatch, parts: message.parts.parts)
        await conclude(dispatch, reference)
        return dispatch
    }

    /// An answer that cannot be written leaves the row where the recovery finds it: known to be unknown.
    private func conclude(_ dispatch: SMSDispatch, _ reference: String) async {
        let conclusion = SMSConclusion(
            reference: reference, gateway: dispatch.gateway, outcome: dispatch.outcome,
            costPerPart: dispatch.gateway.flatMap { policy.sms.costPerPart[$0] })
        try? await sms.ledger.conclude(conclusion, now: ports.clock.now())
    }

    private func template(_ order: Order, servesSeveral: Bool) -> SMSTemplate {
        let key = SMSTemplateKey(language: order.language, purpose: order.purpose, servesSeveral: servesSeveral)
        return policy.sms.templates[key]
    }

    /// Measured with a code of zeros: a digit is a digit to every encoding.
    private func price(_ order: Order, servesSeveral: Bool) throws(SendFailure) -> SMSPrice {
        let code =
            order.purpose.carriesCode
            ? SMSCode(drawn: OTPCode(truncated: 0, digits: policy.sms.rules.digits)) : nil
        let text = template(order, servesSeveral: servesSeveral).text(
            code: code, password: order.ahead?.password, mailbox: order.account.address,
            validFor: policy.sms.rules.lifetime)
        guard let text else { throw SendFailure.unavailable(reason: "no message can be made") }
        return policy.sms.price(of: text)
    }

    /// A word of warning to the old number must not be drained away by whoever wants it unsaid.
    private func budget(_ order: Order) -> SMSBudget {
        let budget = order.ahead == nil ? policy.sms.budget : policy.sms.budget.leavingHalf
        guard !order.purpose.carriesSecret else { return budget }
        return SMSBudget(
            limits: budget.limits.filter { [.all, .money].contains($0.key) }, mode: budget.mode,
            alarmPercent: budget.alarmPercent)
    }

    private static func detail(_ order: Order) -> String {
        let repeated = order.ahead?.claimed.step == .sendAgain ? "; again, the message before may have arrived" : ""
        return "\(order.purpose.rawValue) to \(order.phone.masked.text)\(repeated)"
    }

    /// An address counts by itself, or with its /64 in IPv6, where one subscriber has them all.
    private static func counted(_ address: NetworkAddress) -> String {
        address.text.contains(":") ? address.network.text : address.text
    }
}
