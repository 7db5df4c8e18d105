package import AuthDomain

/// One gateway that was asked, and what it said.
package struct GatewayAttempt: Hashable, Sendable {
    /// The gateway's name.
    package let gateway: String
    /// Its answer.
    package let outcome: GatewayOutcome

    /// Notes an attempt.
    package init(gateway: String, outcome: GatewayOutcome) {
        self.gateway = gateway
        self.outcome = outcome
    }
}

/// What became of a message over all gateways that were asked.
package struct ChainResult: Hashable, Sendable {
    /// The gateways that were asked, in order; empty when none could be.
    package let attempts: [GatewayAttempt]

    /// The last answer; a refusal to be tried later when no gateway could be asked.
    package var outcome: GatewayOutcome {
        attempts.last?.outcome ?? .refused(.retryable, reason: "no gateway available")
    }

    /// The gateway asked last; nil when none could be.
    package var gateway: String? { attempts.last?.gateway }
}

/// The gateways in the order of the settings; the next is asked only when the one before surely did not send (R-SMS-5).
package struct GatewayChain: Sendable {
    /// The gateways in their order.
    package let gateways: [GuardedGateway]
    private let rule: FailoverRule

    /// Chains gateways.
    package init(_ gateways: [GuardedGateway], rule: FailoverRule = FailoverRule()) {
        self.gateways = gateways
        self.rule = rule
    }

    /// Sends one message.
    ///
    /// - Parameters:
    ///   - message: The message; every gateway gets the same text, code and reference.
    ///   - asking: Called with the name of each gateway before it is asked, so that the row can say so first; false
    ///     ends the sending.
    package func send(
        _ message: OutgoingSMS, asking: @Sendable (String) async -> Bool = { _ in true }
    ) async -> ChainResult {
        var attempts: [GatewayAttempt] = []
        var rest = gateways[...]
        while let gateway = rest.popFirst() {
            guard gateway.enter() else { continue }
            guard await asking(gateway.name) else { break }
            let outcome = await gateway.ask(message)
            attempts.append(GatewayAttempt(gateway: gateway.name, outcome: outcome))
            let remaining = rest.count { $0.isAvailable }
            guard rule.step(after: outcome, asked: attempts.count, remaining: remaining) == .tryNext else { break }
        }
        return ChainResult(attempts: attempts)
    }
}
