import AuthDomain
import AuthService
import HTTPServer
import MailHooks
import QRCode
import RedisCounters
import SQLStore
import Settings
import Telemetry
import WebAPI

/// The two listeners over one set of parts, with metrics and log lines around every call.
struct Listeners {
    let service: APIListener
    let admin: APIListener
    let mail: MailPorts

    init(
        ports: ServicePorts, policy: ServicePolicy, store: SQLiteStore, deadlines: @escaping RunningDeadlines,
        directory: ClientDirectory, counters: Counters, messages: ShortMessages?, nginx: NginxBackends,
        activity: RecordActivity, metrics: StandardMetrics, log: JSONLog
    ) {
        let verifier = PasswordVerifier(ports: ports, policy: policy)
        let parts = MailParts(
            ports: ports, policy: policy, verifier: verifier, store: store, activity: activity, metrics: metrics,
            nginx: nginx)
        mail = parts.ports
        let components = APIComponents(
            ports: ports, policy: policy, verifier: verifier, mail: parts.ports, mounted: parts.mounted, audit: store,
            changes: store, accountReports: store, maintenance: store, deadlines: deadlines, clients: directory,
            readiness: Readiness(
                probes: Self.probes(store: store, counters: counters, health: ports.clockHealth, log: log)),
            drawQRCode: { text in (try? QRSymbol(text: text))?.svg() },
            metrics: { metrics.registry.render() },
            reports: Self.reports(messages, ports),
            answered: { _, routes in
                let cells = RouteCells(metrics.http, routes: routes)
                return { Self.note($0, cells, metrics, log) }
            },
            scope: { id, call in await RequestContext.$id.withValue(id) { await call() } })
        service = components.serviceListener()
        admin = components.adminListener()
    }

    /// Takes delivery reports where there are gateways that may send some.
    private static func reports(
        _ messages: ShortMessages?, _ ports: ServicePorts
    ) -> @Sendable (GatewayReport) async -> GatewayReportOutcome {
        guard let messages, let sms = ports.sms else { return { _ in .unknown } }
        let record = RecordDeliveryReport(sms: sms, clock: ports.clock)
        return { await messages.receive($0, record: record) }
    }

    private static func probes(
        store: SQLiteStore, counters: Counters, health: any ClockHealth, log: JSONLog
    ) -> [ReadinessProbe] {
        var probes = [
            ReadinessProbe(name: "database") {
                do throws(StoreUnavailable) {
                    try await store.check()
                    return nil
                } catch {
                    // The precise reason is for the log: this route is open to anyone.
                    log.warning("database not ready", ["reason": .string(error.reason)])
                    return "cannot be read"
                }
            },
            ReadinessProbe(name: "clock") {
                health.isTrustworthy ? nil : "more than 30 s off; one-time codes are refused"
            },
        ]
        if let redis = counters.redis {
            probes.append(
                ReadinessProbe(name: "redis") {
                    do {
                        try await redis.ping()
                        return nil
                    } catch {
                        return "cannot be reached"
                    }
                })
        }
        return probes
    }

    /// One count and, unless it is a probe, one line for each request: never its path, query or body.
    private static func note(
        _ request: AnsweredRequest, _ cells: RouteCells, _ metrics: StandardMetrics, _ log: JSONLog
    ) {
        let route =
            request.number.map { cells[$0] }
            ?? metrics.http.route(method: request.method, template: request.template)
        route.record(status: request.status, duration: request.duration)
        let level: LogLevel =
            if request.status >= 500 { .warning } else if isProbe(request) { .debug } else { .info }
        guard log.isEnabled(level) else { return }
        // Answers given in the engine's turn have no task of their own, so the id is told for all alike.
        log.log(
            level, "request",
            [
                "listener": .string(request.listener), "route": .string(request.template),
                "method": .string(request.method), "status": .int(Int64(request.status)),
                "milliseconds": .milliseconds(request.duration), "client": .optional(request.client),
                "problem_code": .optional(request.problem?.rawValue), "reason": .optional(request.reason),
            ], requestID: request.requestID)
    }

    private static func isProbe(_ request: AnsweredRequest) -> Bool {
        ["/livez", "/readyz", "/metrics"].contains(request.template)
    }
}
