/// What becomes of a message at a gateway, in words that all gateways share (R-SMS-5).
///
/// Reasons are for logs and operators: an adapter cuts them at `GatewayOutcome.reasonLimit` bytes, and puts no code,
/// number or password into them.
package enum GatewayOutcome: Hashable, Sendable {
    /// The gateway took the message and passes it on.
    case accepted(providerID: String?)
    /// The gateway took the message and keeps it until its carrier is back.
    case queued(providerID: String?)
    /// The message surely did not leave: the gateway said so, or was never reached.
    case refused(RefusalKind, reason: String)
    /// The message may have left: no answer in time after it was sent, or an answer that makes no sense.
    case ambiguous(reason: String)

    /// The most bytes of a reason.
    package static let reasonLimit = 200

    /// The name of the case, for logs and metric labels.
    package var label: String {
        switch self {
        case .accepted: "accepted"
        case .queued: "queued"
        case .refused(let kind, _): "refused_" + kind.rawValue
        case .ambiguous: "ambiguous"
        }
    }

    /// Whether the message surely stayed here, so that another gateway cannot make two of it.
    package var surelyNotSent: Bool {
        switch self {
        case .refused: true
        case .accepted, .queued, .ambiguous: false
        }
    }

    /// Whether somebody must mend the settings or the contract.
    package var needsOperator: Bool {
        if case .refused(.configuration, _) = self { true } else { false }
    }
}

/// What a refusal says about further tries; the raw values are metric labels.
package enum RefusalKind: String, CaseIterable, Sendable {
    /// This gateway will never take this message, such as for its number or its text.
    case permanent
    /// This gateway may take it later: busy, over its rate, unreachable.
    case retryable
    /// This gateway takes nothing from us: wrong credentials, unregistered sender or template, no credit.
    case configuration
}

/// What to do after a gateway has answered.
package enum FailoverStep: Hashable, Sendable {
    /// The message is on its way, or may be: no other gateway.
    case settled
    /// Hand the same message to the next gateway.
    case tryNext
    /// The message did not leave, and no gateway is left for it.
    case exhausted
}

/// When a second gateway may be asked: only after the first surely did not send (R-SMS-5).
package struct FailoverRule: Hashable, Sendable {
    /// How many gateways may be asked for one message, 1…4; two allow one retry.
    package let gatewaysPerMessage: Int

    /// Makes a rule; numbers outside 1…4 are brought inside.
    package init(gatewaysPerMessage: Int = 2) {
        self.gatewaysPerMessage = min(max(gatewaysPerMessage, 1), 4)
    }

    /// Decides after an answer.
    /// - Parameters:
    ///   - outcome: The answer of the gateway asked last.
    ///   - asked: How many gateways were asked for this message, that one included; one whose circuit is open is not.
    ///   - remaining: How many gateways are left that could be asked now.
    package func step(after outcome: GatewayOutcome, asked: Int, remaining: Int) -> FailoverStep {
        guard outcome.surelyNotSent else { return .settled }
        return remaining > 0 && asked < gatewaysPerMessage ? .tryNext : .exhausted
    }
}
