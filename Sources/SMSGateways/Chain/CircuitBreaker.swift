package import AuthDomain

/// When a gateway that keeps failing is left alone for a while (R-SMS-5); a pure rule, times in milliseconds of a
/// monotonic clock.
package struct CircuitBreaker: Hashable, Sendable {
    /// Failures in a row that open the circuit, at least 1.
    package let threshold: Int
    /// How long it stays open before one message is tried.
    package let openFor: Duration

    private var failures = 0
    private var openUntil: Int64?
    private var trialUntil: Int64?

    /// Makes a closed circuit.
    package init(threshold: Int = 5, openFor: Duration = .seconds(30)) {
        self.threshold = max(threshold, 1)
        self.openFor = openFor
    }

    /// What the circuit lets through, for metrics and status.
    package func state(now: Int64) -> CircuitState {
        guard let openUntil else { return .closed }
        return now < openUntil ? .open : .halfOpen
    }

    /// Whether a message could be let through, without taking the trial's place.
    package func wouldPermit(now: Int64) -> Bool {
        guard let openUntil else { return true }
        return now >= openUntil && now >= trialUntil ?? .min
    }

    /// Whether a message may be tried; after the open time one at a time is.
    package mutating func permits(now: Int64) -> Bool {
        guard wouldPermit(now: now) else { return false }
        // A trial that never reports back gives up its place.
        if openUntil != nil { trialUntil = now + openFor.wholeMilliseconds }
        return true
    }

    /// Learns from an answer: a refusal for good shows a gateway that works.
    package mutating func record(_ outcome: GatewayOutcome, now: Int64) {
        trialUntil = nil
        switch outcome {
        case .accepted, .queued, .refused(.permanent, _):
            failures = 0
            openUntil = nil
        case .refused(.retryable, _), .refused(.configuration, _), .ambiguous:
            failures += 1
            if failures >= threshold || openUntil != nil { openUntil = now + openFor.wholeMilliseconds }
        }
    }
}

/// What a circuit lets through; the raw values are metric labels.
package enum CircuitState: String, CaseIterable, Sendable {
    /// Everything.
    case closed
    /// Nothing.
    case open
    /// One message, as a trial.
    case halfOpen = "half_open"
}
