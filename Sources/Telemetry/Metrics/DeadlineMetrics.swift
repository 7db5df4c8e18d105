package import AuthService

/// What the regulation's clocks and the restoration desk wait for; read by each instance for the whole city.
package struct DeadlineMetrics: Sendable {
    /// Accounts judged by this instance's sweeps.
    package let judged: Counter
    /// Requests for restoration that are not executed in time (R-REST-2).
    package let overdueRestorations: Gauge
    /// Restorations without a request that nobody reviewed in time (R-REST-7).
    package let overdueReviews: Gauge
    /// Locks that have stood for more than 30 days (T-15).
    package let longLocks: Gauge
    /// Mailboxes with a default password whose owner was not told within 24 h (R-FIRST-4).
    package let unannounced: Gauge
    /// 1 while locks for inactivity are held because the mail system's reports are missing, else 0 (R-LOCK-12).
    package let inactivityHeld: Gauge
    /// 1 when the holiday table holds the present year, else 0.
    package let holidaysKnown: Gauge

    init(_ registry: MetricsRegistry) {
        judged = registry.counter("otpd_deadlines_judged_total", help: "Accounts judged by sweeps.")
        overdueRestorations = registry.gauge(
            "otpd_restorations_overdue", help: "Requests for restoration not executed in time.")
        overdueReviews = registry.gauge(
            "otpd_restoration_reviews_overdue", help: "Break-glass restorations not reviewed in time.")
        longLocks = registry.gauge("otpd_locks_over_30_days", help: "Locks that have stood for more than 30 days.")
        unannounced = registry.gauge(
            "otpd_default_passwords_unannounced", help: "Default passwords older than 24 h without a notice of issue.")
        inactivityHeld = registry.gauge(
            "otpd_inactivity_held", help: "Whether locks for inactivity wait for reports of the mail system.")
        holidaysKnown = registry.gauge(
            "otpd_holidays_known", help: "Whether the holiday table holds the present year.")
    }

    /// Shows counts read from the database.
    package func show(_ counts: DeadlineCounts) {
        overdueRestorations.set(Double(counts.overdueRestorations))
        overdueReviews.set(Double(counts.overdueReviews))
        longLocks.set(Double(counts.longLocks))
        unannounced.set(Double(counts.unannounced))
    }
}
