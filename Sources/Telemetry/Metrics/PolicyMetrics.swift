/// Metrics of the policy listener and of the activity that mail systems report.
package struct PolicyMetrics: Sendable {
    /// Answers to Postfix by outcome, and their times.
    package let seconds: HistogramSet
    private let registry: MetricsRegistry

    /// Registers the answers.
    ///
    /// - Parameters:
    ///   - registry: A registry without these names.
    ///   - outcomes: The names that `seconds` is asked for.
    package init(registry: MetricsRegistry, outcomes: [String]) {
        self.registry = registry
        seconds = HistogramSet(
            registry, "otpd_policy_seconds", help: "Answers to Postfix' policy requests.", label: "outcome",
            values: outcomes)
    }

    /// Registers the listener; its numbers are asked for whenever the text is made.
    ///
    /// - Parameters:
    ///   - open: Open connections.
    ///   - overLimit: Connections over the limit since the start.
    package func observeListener(
        open: @escaping @Sendable () -> Int, overLimit: @escaping @Sendable () -> Int
    ) {
        registry.gauge("otpd_policy_connections", help: "Open connections of the policy listener.", labels: []) {
            Double(open())
        }
        registry.counter(
            "otpd_policy_over_limit_total", help: "Policy connections for which the longest idle one made room.",
            labels: []
        ) { Double(overLimit()) }
    }

    /// Registers one reason for refusing requests unread, used once.
    package func observeRefusals(_ reason: String, count: @escaping @Sendable () -> Int) {
        registry.counter(
            "otpd_policy_refused_total", help: "Policy requests refused unread.",
            labels: [MetricLabel("reason", reason)]
        ) { Double(count()) }
    }

    /// Registers the activity that did not fit into memory.
    package func observeDroppedActivity(_ count: @escaping @Sendable () -> Int) {
        registry.counter("otpd_activity_dropped_total", help: "Activity dropped by a full tally.", labels: []) {
            Double(count())
        }
    }
}
