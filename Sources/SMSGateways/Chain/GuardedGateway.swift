internal import AuthDomain
package import AuthService
internal import Synchronization

/// A gateway behind its circuit breaker and rate limit.
package final class GuardedGateway: Sendable {
    private struct State {
        var breaker: CircuitBreaker
        var rate: RateLimit?
    }

    private let gateway: any SMSGateway
    private let clock: any MonotonicClock
    private let state: Mutex<State>

    /// Guards a gateway; without a rate limit it takes all that comes.
    package init(
        _ gateway: any SMSGateway, breaker: CircuitBreaker = CircuitBreaker(), rate: RateLimit? = nil,
        clock: any MonotonicClock
    ) {
        self.gateway = gateway
        self.clock = clock
        state = Mutex(State(breaker: breaker, rate: rate))
    }

    /// The gateway's name.
    package var name: String { gateway.name }

    /// What its circuit lets through now.
    package var circuit: CircuitState {
        let now = clock.milliseconds()
        return state.withLock { $0.breaker.state(now: now) }
    }

    /// Whether it could be asked now.
    var isAvailable: Bool {
        let now = clock.milliseconds()
        return state.withLock { $0.breaker.wouldPermit(now: now) && $0.rate?.permits(now: now) ?? true }
    }

    /// Takes the place of one message; false when the circuit is open or the rate is used up.
    func enter() -> Bool {
        let now = clock.milliseconds()
        return state.withLock { state in
            guard state.rate?.permits(now: now) ?? true, state.breaker.permits(now: now) else { return false }
            _ = state.rate?.take(now: now)
            return true
        }
    }

    /// Asks the gateway, after `enter`.
    func ask(_ message: OutgoingSMS) async -> GatewayOutcome {
        let outcome = await gateway.send(message)
        let now = clock.milliseconds()
        state.withLock { $0.breaker.record(outcome, now: now) }
        return outcome
    }
}
