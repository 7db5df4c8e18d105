package import AuthDomain
package import AuthService

/// The metrics that `otpd` exposes.
package struct StandardMetrics: Sendable {
    /// Where all of them are registered.
    package let registry: MetricsRegistry
    /// Requests by route.
    package let http: HTTPMetrics
    /// Sign-in steps by outcome.
    package let signIns: CounterSet<SignInOutcome>
    /// Guesses evaluated: passwords hashed, codes computed.
    package let evaluations: CounterSet<BudgetKind>
    /// Guesses judged wrong, and counted.
    package let judgedFailures: CounterSet<BudgetKind>
    /// Locks set.
    package let locks: CounterSet<LockCause>
    /// Round trips to Redis.
    package let redisSeconds: HistogramSet
    /// 1 while Redis answers, else 0.
    package let redisUp: Gauge
    /// Operations on the database, queueing included.
    package let sqlSeconds: HistogramSet
    /// Operations that shared one commit.
    package let sqlBatchSize: Histogram
    /// How long the database's log was at the last checkpoint, in pages.
    package let sqlLogPages: Gauge
    /// Hooks of mail servers.
    package let mail: MailMetrics
    /// Audit rows written.
    package let auditRows: Counter
    /// How late a loop last woke; the greatest of all loops.
    package let loopLag: Gauge
    /// What the regulation's clocks wait for.
    package let deadlines: DeadlineMetrics
    /// How far the clock is from true time, in seconds, as the kernel estimates it.
    package let clockOffset: Gauge

    /// Registers every metric.
    ///
    /// - Parameters:
    ///   - registry: An empty registry, or one without these names.
    ///   - version: The version of this build.
    ///   - redisCommands: The names that `redisSeconds` is asked for.
    ///   - sqlOperations: The names that `sqlSeconds` is asked for.
    ///   - mailHooks: The names of the mail hooks, and of their results.
    package init(
        registry: MetricsRegistry, version: String, redisCommands: [String], sqlOperations: [String],
        mailHooks: (names: [String], results: [String]) = ([], [])
    ) {
        self.registry = registry
        registry.gauge("otpd_build_info", help: "The version that runs.", labels: [MetricLabel("version", version)])
            .set(1)
        http = HTTPMetrics(registry)
        signIns = CounterSet(
            registry, "otpd_sign_ins_total", help: "Steps of sign-ins by outcome.", label: "outcome")
        evaluations = CounterSet(registry, "otpd_evaluations_total", help: "Guesses evaluated.", label: "kind")
        judgedFailures = CounterSet(
            registry, "otpd_judged_failures_total", help: "Guesses judged wrong and counted.", label: "kind")
        locks = CounterSet(registry, "otpd_locks_total", help: "Locks set.", label: "cause")
        redisSeconds = HistogramSet(
            registry, "otpd_redis_seconds", help: "Round trips to Redis.", label: "command", values: redisCommands)
        redisUp = registry.gauge("otpd_redis_up", help: "Whether Redis answers.")
        sqlSeconds = HistogramSet(
            registry, "otpd_sql_seconds", help: "Database operations, queueing included.", label: "operation",
            values: sqlOperations)
        sqlBatchSize = registry.histogram(
            "otpd_sql_batch_size", help: "Operations that shared one commit.", bounds: Buckets.sizes)
        sqlLogPages = registry.gauge(
            "otpd_sql_log_pages", help: "Length of the database's write-ahead log at its last checkpoint.")
        mail = MailMetrics(registry, hooks: mailHooks.names, outcomes: mailHooks.results)
        auditRows = registry.counter("otpd_audit_rows_total", help: "Audit rows written.")
        loopLag = registry.gauge("otpd_loop_lag_seconds", help: "How late a loop last woke.")
        clockOffset = registry.gauge(
            "otpd_clock_offset_seconds", help: "Offset of the clock from true time, as the kernel estimates it.")
        deadlines = DeadlineMetrics(registry)
        ProcessMetrics.register(in: registry)
    }

    /// Registers a pool; its numbers are asked for whenever the text is made.
    ///
    /// - Parameters:
    ///   - name: A name used once: `hash`, `sqlite_writer`.
    ///   - queued: Jobs that wait.
    ///   - running: Jobs being worked on.
    ///   - shed: Jobs refused since the start.
    package func observePool(
        _ name: String, queued: @escaping @Sendable () -> Int, running: @escaping @Sendable () -> Int,
        shed: @escaping @Sendable () -> Int
    ) {
        let labels = [MetricLabel("pool", name)]
        registry.gauge("otpd_pool_queued", help: "Jobs that wait.", labels: labels) { Double(queued()) }
        registry.gauge("otpd_pool_running", help: "Jobs being worked on.", labels: labels) { Double(running()) }
        registry.counter("otpd_pool_shed_total", help: "Jobs refused by a full queue.", labels: labels) {
            Double(shed())
        }
    }

    /// Registers a queue of which only the length is known.
    package func observeQueue(_ name: String, queued: @escaping @Sendable () -> Int) {
        registry.gauge("otpd_pool_queued", help: "Jobs that wait.", labels: [MetricLabel("pool", name)]) {
            Double(queued())
        }
    }

    /// Registers the count of open connections.
    package func observeConnections(_ count: @escaping @Sendable () -> Int) {
        registry.gauge("otpd_http_connections", help: "Open connections.", labels: []) { Double(count()) }
    }

    /// Registers connections and requests that an engine refused before a route was found.
    ///
    /// - Parameters:
    ///   - reason: A reason used once.
    ///   - count: Refusals since the start.
    package func observeRefusals(_ reason: String, count: @escaping @Sendable () -> Int) {
        registry.counter(
            "otpd_http_refused_total", help: "Connections and requests refused before a route was found.",
            labels: [MetricLabel("reason", reason)]
        ) { Double(count()) }
    }

    /// Registers the count of lines that the log had to drop.
    package func observeLog(_ log: JSONLog) {
        registry.counter("otpd_log_dropped_total", help: "Log lines dropped by a full queue or a failed write.") {
            Double(log.droppedCount)
        }
    }
}
