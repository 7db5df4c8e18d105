package import AuthService

/// The hooks of mail servers: how long they take and what they answer.
package struct MailMetrics: Sendable {
    /// Refused logins by reason.
    package let refusals: CounterSet<MailRefusalReason>
    private let seconds: HistogramSet
    private let results: [String: [Counter]]

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
        var results: [String: [Counter]] = [:]
        for hook in hooks {
            results[hook] = outcomes.map { outcome in
                registry.counter(
                    "otpd_mail_hook_results_total", help: "Answers of mail hooks by result.",
                    labels: [MetricLabel("hook", hook), MetricLabel("result", outcome)])
            }
        }
        self.results = results
    }

    /// The cells of a hook, to be looked up once: its times, and a counter for each outcome in the order given at first.
    package func cells(of hook: String) -> (seconds: Histogram, results: [Counter]) {
        (seconds[hook], results[hook] ?? [])
    }
}
