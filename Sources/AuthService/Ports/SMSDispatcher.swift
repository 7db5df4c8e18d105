package import AuthDomain

/// What became of a message over all gateways that were asked.
package struct SMSDispatch: Hashable, Sendable {
    /// The gateway asked last; nil when none could be.
    package let gateway: String?
    /// Its answer; a refusal to be tried later when no gateway could be asked.
    package let outcome: GatewayOutcome

    /// Notes a dispatch.
    package init(gateway: String?, outcome: GatewayOutcome) {
        self.gateway = gateway
        self.outcome = outcome
    }
}

/// All gateways in their order; the next is asked only when the one before surely did not send (R-SMS-5).
package protocol SMSDispatcher: Sendable {
    /// Hands over one message, within a bounded time.
    ///
    /// - Parameters:
    ///   - message: The message.
    ///   - asking: Called with the name of each gateway before it is asked, so that the row can say so first; false
    ///     ends the dispatch.
    func dispatch(_ message: OutgoingSMS, asking: @Sendable (String) async -> Bool) async -> SMSDispatch
}

/// Hears what becomes of messages, for metrics and log lines; must not wait.
///
/// Nothing it is told names a person.
package protocol SMSObserver: Sendable {
    /// A message was handed over, or surely was not.
    func dispatched(_ purpose: SMSPurpose, _ dispatch: SMSDispatch, parts: Int)
    /// A request for a message was refused, or a message that would have been refused was let through (`observing`).
    func limited(_ scope: SMSBudgetScope, observing: Bool)
    /// A request came too soon after the message before it.
    func tooSoon()
    /// A prefix is paused, or would be.
    func paused(_ prefix: PhonePrefix, _ collapse: PrefixCollapse, observing: Bool)
    /// The day's money crossed the alarm.
    func moneyAlarm()
    /// A code came back and was accepted.
    func verified()
    /// A carrier reported.
    func reported(_ report: DeliveryReport, _ verdict: SMSReportVerdict, gateway: String)
    /// A pass over unfinished messages settled some.
    func recovered(_ recovery: SMSRecovery)
    /// A message that an import ordered is over.
    func orderEnded(_ end: SMSOrderEnd)
}

extension SMSObserver {
    package func dispatched(_ purpose: SMSPurpose, _ dispatch: SMSDispatch, parts: Int) {}
    package func limited(_ scope: SMSBudgetScope, observing: Bool) {}
    package func tooSoon() {}
    package func paused(_ prefix: PhonePrefix, _ collapse: PrefixCollapse, observing: Bool) {}
    package func moneyAlarm() {}
    package func verified() {}
    package func reported(_ report: DeliveryReport, _ verdict: SMSReportVerdict, gateway: String) {}
    package func recovered(_ recovery: SMSRecovery) {}
    package func orderEnded(_ end: SMSOrderEnd) {}
}

/// Hears nothing.
package struct SilentSMSObserver: SMSObserver {
    /// Makes the observer.
    package init() {}
}

/// What codes by SMS need beside the ports that every sign-in has; an instance without them sends none.
package struct SMSPorts: Sendable {
    /// The rows.
    package let ledger: any SMSLedger
    /// Numbers that wait for their confirmation.
    package let phones: any PhoneLedger
    /// The gateways.
    package let dispatcher: any SMSDispatcher
    /// Metrics and log lines.
    package let observer: any SMSObserver

    /// Collects the ports.
    package init(
        ledger: any SMSLedger, phones: any PhoneLedger, dispatcher: any SMSDispatcher,
        observer: any SMSObserver = SilentSMSObserver()
    ) {
        self.ledger = ledger
        self.phones = phones
        self.dispatcher = dispatcher
        self.observer = observer
    }
}
