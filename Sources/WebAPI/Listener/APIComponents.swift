internal import AuthDomain
package import AuthService

/// Everything the two listeners rest on, built once by the composition root.
package struct APIComponents: Sendable {
    let ports: ServicePorts
    let policy: ServicePolicy
    private let verifier: PasswordVerifier
    private let audit: any AuditLog
    private let changes: any AccountChanges & RestorationTracker
    private let accountReports: any ReportStore
    private let maintenance: any MaintenanceStore
    private let deadlines: RunningDeadlines
    private let clients: ClientDirectory
    private let readiness: Readiness
    private let drawQRCode: @Sendable (String) -> String?
    private let metrics: @Sendable () async -> [UInt8]
    private let reports: @Sendable (GatewayReport) async -> GatewayReportOutcome
    /// Makes what hears of the requests of a listener, by its name and its routes.
    package typealias Hearing =
        @Sendable (_ listener: String, _ routes: [(method: String, template: String)]) ->
        @Sendable (AnsweredRequest) -> Void

    private let answered: Hearing
    private let scope: APIListener.Scope
    private let ids: RequestIDs
    private let mail: MailPorts
    private let mounted: [MountedRoute]

    /// Collects the parts.
    ///
    /// - Parameters:
    ///   - ports: What the use cases reach the world through.
    ///   - policy: What the operator settled.
    ///   - verifier: The process's one password verifier.
    ///   - mail: What the use cases of mail reach the world through.
    ///   - mounted: Routes of other targets, for the service listener.
    ///   - audit: The audit log.
    ///   - changes: Which accounts changed, and which restorations are on their way.
    ///   - accountReports: Accounts page by page, and their counts.
    ///   - maintenance: Planned stops.
    ///   - deadlines: The periods that run for an account, for reports.
    ///   - clients: The calling systems.
    ///   - readiness: What `readyz` asks.
    ///   - drawQRCode: Draws a text as an SVG QR code; nil when it does not fit one.
    ///   - metrics: The figures in the text format of Prometheus.
    ///   - reports: Checks and records what SMS gateways report; without gateways nothing is known.
    ///   - answered: Makes for each listener what hears of every request once it is answered; that must not wait.
    ///   - scope: Surrounds each call, with its request id; for task-local values.
    package init(
        ports: ServicePorts, policy: ServicePolicy, verifier: PasswordVerifier, mail: MailPorts,
        mounted: [MountedRoute] = [], audit: any AuditLog,
        changes: any AccountChanges & RestorationTracker, accountReports: any ReportStore,
        maintenance: any MaintenanceStore, deadlines: @escaping RunningDeadlines = { _ in [] },
        clients: ClientDirectory,
        readiness: Readiness,
        drawQRCode: @escaping @Sendable (String) -> String?,
        metrics: @escaping @Sendable () async -> [UInt8],
        reports: @escaping @Sendable (GatewayReport) async -> GatewayReportOutcome = { _ in .unknown },
        answered: @escaping Hearing,
        scope: @escaping APIListener.Scope = { _, call in await call() }
    ) {
        self.ports = ports
        self.policy = policy
        self.verifier = verifier
        self.mail = mail
        self.mounted = mounted
        self.audit = audit
        self.changes = changes
        self.accountReports = accountReports
        self.maintenance = maintenance
        self.deadlines = deadlines
        self.clients = clients
        self.readiness = readiness
        self.drawQRCode = drawQRCode
        self.metrics = metrics
        self.reports = reports
        self.answered = answered
        self.scope = scope
        ids = RequestIDs(prefix: String(ports.random.identifier(prefix: "").prefix(10)))
    }

    /// The listener for calling systems: sign-ins, single codes, password rules, public keys.
    package func serviceListener() -> APIListener {
        let signIns = SignInRoutes(
            begin: BeginSignIn(ports: ports, policy: policy, verifier: verifier),
            read: ReadSignIn(ports: ports, policy: policy), prove: ProveFactor(ports: ports, policy: policy),
            choose: ChoosePassword(ports: ports, policy: policy, verifier: verifier),
            enrol: EnrolTOTP(ports: ports, policy: policy), send: SendSignInCode(ports: ports, policy: policy),
            drawQRCode: drawQRCode)
        let codes = OneTimeCodeRoutes(
            verify: VerifyOneTimeCode(ports: ports, policy: policy), send: SendCheckCode(ports: ports, policy: policy))
        let passwords = PasswordPolicyRoutes(
            policy: policy, choice: PasswordChoice(policy: policy), clock: ports.clock)
        let appPasswords = AppPasswordRoutes(
            desk: AppPasswordDesk(mail: mail, policy: policy), tokens: AccessTokens(mail: mail, policy: policy))
        return listener(
            "service",
            signIns.routes + codes.routes + passwords.routes + appPasswords.routes
                + MaintenanceRoutes(store: maintenance, clock: ports.clock).routes
                + GatewayReportRoutes(receive: reports).routes + mounted.map(\.route)
                + health.shared + [health.keySet])
    }

    /// The listener for operators' systems and Prometheus.
    package func adminListener() -> APIListener {
        let pages = AccountPages(policy: policy)
        let accounts = AccountRoutes(
            provision: ProvisionAccount(ports: ports, policy: policy),
            keep: KeepAccounts(ports: ports, policy: policy), restorations: changes, pages: pages)
        let changed = ChangeRoutes(changes: changes, pages: pages)
        let credentials = CredentialRoutes(
            lock: LockAccount(ports: ports, policy: policy), restore: RestoreAccount(ports: ports, policy: policy),
            reissue: ReissueCredentials(ports: ports, policy: policy), pages: pages)
        let phones = PhoneRoutes(change: ChangePhone(ports: ports, policy: policy), pages: pages)
        let appPasswords = AccountAppPasswordRoutes(manage: ManageAppPasswords(mail: mail, policy: policy))
        let audit = AuditRoutes(audit: audit, accounts: ports.accounts, domains: policy.domains)
        let reports = ReportRoutes(
            accounts: ReportAccounts(
                store: accountReports, clock: ports.clock, policy: policy, deadlines: deadlines),
            compliance: ReportCompliance(store: accountReports, clock: ports.clock, policy: policy))
        return listener(
            "admin",
            accounts.routes + changed.routes + credentials.routes + phones.routes + appPasswords.routes + audit.routes
                + deskRoutes(pages)
                + reports.routes + health.shared + [health.figures])
    }

    private var health: HealthRoutes {
        HealthRoutes(readiness: readiness, signer: ports.signer, metrics: metrics)
    }

    private func listener(_ name: String, _ routes: [Route]) -> APIListener {
        APIListener(
            name: name, routes: routes, clients: clients,
            named: NamedCalls(
                memory: ports.calls, digest: ports.digest, box: ports.box, random: ports.random, clock: ports.clock),
            ids: ids, scope: scope, answered: answered(name, routes.map { ($0.method.rawValue, $0.template) }))
    }
}
