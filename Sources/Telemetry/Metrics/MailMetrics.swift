package import AuthService

/// The hooks of mail servers: how long they take and what they answer.
package struct MailMetrics: Sendable {
    /// Refused logins by reason.
    package let refusals: CounterSet<MailRefusalReason>
    private let seconds: HistogramSet
    private let results: [String: [String: Counter]]

    /// Registers the metrics.
    ///
    /// - Parameters:
    ///   - registry: One without these names.
    ///   - hooks: The names of all hooks.
    ///   - outcomes: The names of all results.
    init(_ registry: MetricsRegistry, hooks: [String], outcomes: [String]) {
        seconds = HistogramSet(
            registry, "otpd_mail_hook_seconds", help: "Answers of mail hooks.", label: "hook", values: hooks)
        refusals = CounterSet(
            registry, "otpd_mail_refusals_total", help: "Refused mail logins by reason.", label: "reason")
        var results: [String: [String: Counter]] = [:]
        for hook in hooks {
            for outcome in outcomes {
                results[hook, default: [:]][outcome] = registry.counter(
                    "otpd_mail_hook_results_total", help: "Answers of mail hooks by result.",
                    labels: [MetricLabel("hook", hook), MetricLabel("result", outcome)])
            }
        }
        self.results = results
    }

    /// Records one answer; names that were not registered are not counted.
    package func record(hook: String, result: String, duration: Duration) {
        seconds[hook].observe(duration)
        results[hook]?[result]?.add()
    }
}
