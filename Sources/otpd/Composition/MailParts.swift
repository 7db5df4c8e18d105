import AuthDomain
import AuthService
import MailHooks
import SQLStore
import Settings
import Telemetry
import WebAPI

/// The mail side of the service: its ports, its hooks and their place on the service listener.
struct MailParts: Sendable {
    let ports: MailPorts
    let mounted: [MountedRoute]

    init(
        ports base: ServicePorts, policy: ServicePolicy, verifier: PasswordVerifier, store: SQLiteStore,
        activity: RecordActivity, metrics: StandardMetrics, nginx: NginxBackends
    ) {
        ports = MailPorts(
            base: base, logins: DueMailLogins(base: store, keeper: base.deadlines), appPasswords: store, audit: store
        ) { reason in
            metrics.mail.refusals.add(reason)
        }
        let hooks = MailHooks(mail: ports, policy: policy, verifier: verifier, activity: activity, nginx: nginx) {
            hook in
            let (seconds, counters) = metrics.mail.cells(of: hook.rawValue)
            return { result, duration in
                seconds.observe(duration)
                counters[result.rawValue].add()
            }
        }
        mounted = hooks.routes.map(MountedRoute.init(_:))
    }
}

extension MountedRoute {
    /// Puts a route of the hooks on a listener, which is where the two targets meet.
    fileprivate init(_ hook: HookRoute) {
        self.init(method: hook.method, template: hook.template, query: hook.query, key: hook.key) {
            request, client, requestID in
            switch await hook.action(HookCall(request: request, client: client, requestID: requestID)) {
            case .response(let response): .response(response)
            case .invalid(let field, let expected): .invalid(field: field, expected: expected)
            case .wrongMediaType(let expected): .wrongMediaType(expected: expected)
            case .unavailable(let reason): .unavailable(reason: reason)
            }
        }
    }
}

extension NginxBackends {
    /// Where the settings say that nginx sends its clients.
    init(_ settings: Settings.Mail) {
        func backend(_ address: ListenAddress?) -> NginxBackends.Backend? {
            address.map { NginxBackends.Backend(host: $0.address.text, port: Int($0.port)) }
        }
        self.init(
            imap: backend(settings.nginxIMAP), pop3: backend(settings.nginxPOP3), smtp: backend(settings.nginxSMTP),
            upstreamPassword: settings.nginxUpstreamPassword, wait: settings.nginxWait)
    }
}
