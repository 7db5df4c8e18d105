package import AuthService

/// The metrics of events on their way to other systems; targets are a closed list, from the settings.
package final class CallbackMetrics: Sendable {
    private struct TargetMetrics: Sendable {
        let attempts: [DeliveryResult: Counter]
        let seconds: Histogram
        let pending: Gauge
        let oldest: Gauge
        let dead: Gauge
        let stopped: Gauge
    }

    private let targets: [String: TargetMetrics]

    /// Registers the metrics of every target.
    package init(registry: MetricsRegistry, targets: [String]) {
        self.targets = Dictionary(
            uniqueKeysWithValues: targets.map { name in
                let label = MetricLabel("target", name)
                let attempts = DeliveryResult.allCases.map { result in
                    (
                        result,
                        registry.counter(
                            "otpd_callback_attempts_total", help: "Attempts to deliver an event, by how they ended.",
                            labels: [label, MetricLabel("result", result.rawValue)])
                    )
                }
                return (
                    name,
                    TargetMetrics(
                        attempts: Dictionary(uniqueKeysWithValues: attempts),
                        seconds: registry.histogram(
                            "otpd_callback_seconds", help: "Attempts to deliver an event.", labels: [label]),
                        pending: registry.gauge(
                            "otpd_outbox_pending", help: "Events that wait for a target.", labels: [label]),
                        oldest: registry.gauge(
                            "otpd_outbox_oldest_seconds", help: "Age of the oldest event that waits.", labels: [label]),
                        dead: registry.gauge(
                            "otpd_outbox_dead", help: "Events given up; an operator decides.", labels: [label]),
                        stopped: registry.gauge(
                            "otpd_outbox_stopped", help: "1 when the target answered 410 and gets nothing.",
                            labels: [label])
                    )
                )
            })
    }

    /// Counts an attempt.
    package func attempted(_ target: String, _ result: DeliveryResult, _ duration: Duration) {
        targets[target]?.attempts[result]?.add()
        targets[target]?.seconds.observe(duration)
    }

    /// Shows how much waits; a target that is not told of has nothing.
    ///
    /// - Parameter age: The age of the oldest event of a backlog, in seconds.
    package func show(_ backlogs: [OutboxBacklog], age: (OutboxBacklog) -> Double) {
        for (name, metrics) in targets {
            let backlog = backlogs.first { $0.target == name } ?? OutboxBacklog(target: name)
            metrics.pending.set(Double(backlog.pending))
            metrics.oldest.set(backlog.oldest == nil ? 0 : max(0, age(backlog)))
            metrics.dead.set(Double(backlog.dead))
            metrics.stopped.set(backlog.stopped == nil ? 0 : 1)
        }
    }
}
