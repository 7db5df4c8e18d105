package import AuthDomain

/// Applies what a carrier reports; the caller has checked that the report is the gateway's own (R-SMSOTP-1).
package struct RecordDeliveryReport: Sendable {
    private let sms: SMSPorts
    private let clock: any WallClock

    /// Makes the use case.
    package init(sms: SMSPorts, clock: any WallClock) {
        self.sms = sms
        self.clock = clock
    }

    /// Updates the message that the report is about; repeated, late and misdirected reports change nothing.
    package func callAsFunction(
        _ report: DeliveryReport, of subject: SMSReportSubject, gateway: String, requestID: String?
    ) async throws(StoreUnavailable) -> SMSReportVerdict {
        let now = clock.now()
        let event = AuditEvent(
            time: now, code: .messageUndelivered, result: .failure, factor: FactorKind.sms.rawValue,
            detail: "\(report.rawValue) by \(gateway)",
            provenance: Provenance(client: "otpd", requestID: requestID, entry: "service"))
        let verdict = try await sms.ledger.report(report, of: subject, gateway: gateway, now: now, event: event)
        sms.observer.reported(report, verdict, gateway: gateway)
        return verdict
    }
}

/// Settles the messages that nobody works on any more; to be called at start and every half minute.
///
/// A message whose instance died before a gateway was asked surely never left and gives its budget back. One whose
/// gateway was being asked is on record as unknown: it is never sent again by itself, and a person who asks again gets
/// the same code as long as it lives.
package struct SettleMessages: Sendable {
    private static let limit = 500

    private let sms: SMSPorts
    private let policy: SMSPolicy
    private let clock: any WallClock

    /// Makes the use case.
    package init(sms: SMSPorts, policy: SMSPolicy, clock: any WallClock) {
        self.sms = sms
        self.policy = policy
        self.clock = clock
    }

    /// Settles what there is, in small transactions, and learns from the days that are over.
    @discardableResult
    package func callAsFunction() async throws(StoreUnavailable) -> SMSRecovery {
        var sum = SMSRecovery()
        while true {
            let now = clock.now()
            let found = try await sms.ledger.recover(
                stuckSince: now - policy.sendingLimit, now: now, limit: Self.limit)
            sum.neverLeft += found.neverLeft
            sum.unknown += found.unknown
            sum.expired += found.expired
            guard found.neverLeft + found.unknown + found.expired >= Self.limit else { break }
        }
        if sum != SMSRecovery() { sms.observer.recovered(sum) }
        try await sms.ledger.learn(now: clock.now())
        return sum
    }
}
