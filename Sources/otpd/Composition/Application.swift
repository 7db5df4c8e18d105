import AuthDomain
import AuthService
import Cryptography
internal import Foundation
import HTTPServer
import LineServer
import MailHooks
import Reactor
import RedisCounters
import Settings
import SQLStore
import Telemetry
import WebAPI

/// The running service: everything built by initialisers, in order, and taken down in reverse.
struct Application {
    private static let drainDeadline = Duration.seconds(8)

    let service: HTTPServer
    let admin: HTTPServer
    let policy: PolicyListener
    private let log: JSONLog
    private let loops: EventLoopGroup
    private let store: SQLiteStore
    private let counters: Counters
    private let hasher: Argon2PasswordHasher
    private let messages: ShortMessages?
    private let housekeeping: Housekeeping
    private let forwarding: RecordForwarding?
    private let callbacks: CallbackDispatchers

    /// Builds and starts everything; throws an exit code after saying what is missing.
    init(_ settings: Settings) async throws {
        let clock: any WallClock = settings.testing.clockFile.map(FileWallClock.init(path:)) ?? SystemWallClock()
        log = JSONLog(level: LogLevel(rawValue: settings.log.level.rawValue) ?? .info) { SystemWallClock().now() }
        for warning in settings.warnings { log.warning("setting worth a look", ["setting": .string(warning)]) }
        let metrics = StandardMetrics(
            registry: MetricsRegistry(), version: HelpCommand.version, redisCommands: RedisClient.commandNames,
            sqlOperations: StoreOperation.allCases.map(\.rawValue),
            mailHooks: (MailHook.allCases.map(\.rawValue), HookResult.allCases.map(\.name)))
        metrics.observeLog(log)
        let blocklist = try Self.blocklist(settings)
        loops = EventLoopGroup(count: Self.count(settings.loops), name: "otpd-loop")
        let relay = EmissionRelay()
        let vault: Vault
        (store, vault) = try Database.open(settings, observer: .reporting(to: metrics, relay, log))
        hasher = try Argon2PasswordHasher(
            cost: .argon2id(
                memoryKiB: UInt32(settings.hash.memoryKiB), passes: UInt32(settings.hash.passes),
                lanes: UInt32(settings.hash.lanes)),
            threads: Self.count(settings.hash.threads), queueLimit: settings.hash.queue, random: vault.random)
        counters = Counters(settings, loops: loops.loops, metrics: metrics, log: log)
        let messages = try ShortMessages(settings, digest: vault.digest, metrics: metrics, log: log)
        self.messages = messages
        let sms = messages?.ports(ledger: store, phones: store)
        let signer = ES256TokenSigner(box: vault.box)
        let clockMonitor = ClockMonitor(log: log, offset: metrics.clockOffset)
        let observer = MetricsObserver(metrics: metrics, log: log)
        let keeper = DeadlineKeeper(
            store: store, clock: clock, random: vault.random, observer: observer, rules: DeadlineRules(settings))
        let ports = ServicePorts(
            accounts: DueAccounts(base: store, keeper: keeper), judge: store, ledger: store, operators: store,
            desk: store, calls: store, deadlines: keeper, budget: counters.budget,
            signIns: counters.signIns, throttle: counters.throttle, hasher: hasher, box: vault.box,
            digest: vault.digest, codes: OpenSSLOneTimeCodeMAC(), signer: signer, clock: clock,
            clockHealth: clockMonitor, random: vault.random, observer: observer, sms: sms)
        var rules = ServicePolicy(settings, blocklist: blocklist)
        rules.sms.costPerPart = messages?.costPerPart ?? [:]
        let directory = ClientDirectory(store: store, digest: vault.digest, clock: SystemMonotonicClock())
        let policyMetrics = PolicyMetrics(
            registry: metrics.registry, outcomes: PolicyOutcome.allCases.map(\.rawValue))
        let tally = ActivityTally(day: Self.day(in: settings.timeZone))
        policyMetrics.observeDroppedActivity { tally.dropped }
        let activity = RecordActivity(tally: tally, domains: settings.domains, clock: clock)
        let listeners = Listeners(
            ports: ports, policy: rules, store: store,
            deadlines: { account async throws(StoreUnavailable) in try await keeper.deadlines(of: account) },
            directory: directory, counters: counters, messages: messages, nginx: NginxBackends(settings.mail),
            activity: activity, metrics: metrics, log: log)
        housekeeping = Housekeeping(
            store: store, directory: directory, signer: signer, mail: listeners.mail,
            rotation: Self.rotation(settings, vault: vault, store: store, clock: clock),
            purge: PurgeAudit(
                store: store, log: store, clock: clock, retention: AuditRetention(days: settings.audit.retentionDays)),
            erase: EraseNames(store: store, clock: clock),
            prune: PruneRecords(
                store: store, clock: clock, retention: AuditRetention(days: settings.audit.retentionDays)),
            settle: sms.map { SettleMessages(sms: $0, policy: rules.sms, clock: clock) },
            orders: sms.map { [store] in SendOrders(ports: ports, policy: rules, sms: $0, book: store) },
            counters: counters,
            clockMonitor: clockMonitor, tally: tally,
            sweeper: DeadlineSweeper(
                settings, keeper: keeper,
                remind: RemindOwners(ports: ports, policy: rules, queue: store), store: store,
                metrics: metrics, log: log, clock: clock, random: vault.random),
            loops: loops, metrics: metrics, log: log, clock: clock)
        forwarding = try RecordForwarding(settings, store: store, clock: clock, metrics: metrics)
        callbacks = try CallbackDispatchers(
            settings, outbox: store, relay: relay, random: vault.random, clock: clock, registry: metrics.registry,
            log: log)
        try await housekeeping.prepare()
        do {
            policy = try PolicyListener(
                settings, accounts: ports.accounts, counters: ports.throttle, record: activity, metrics: policyMetrics,
                on: loops)
            do {
                (service, admin) = try await Self.listen(settings, listeners, on: loops)
            } catch {
                await self.policy.drain(deadline: .zero)
                throw error
            }
        } catch {
            forwarding?.shutdown()
            await counters.redis?.shutdown()
            await messages?.shutdown()
            hasher.shutdown()
            store.close()
            loops.shutdown()
            log.close()
            Terminal.complain("otpd: \(error)")
            throw ExitCode.unavailable
        }
        observe(metrics)
        housekeeping.start()
        if let forwarding {
            housekeeping.every(.seconds(1), "audit forwarding") { try await forwarding.turn() }
        }
        callbacks.start()
    }

    /// Opens both listeners, or neither.
    private static func listen(
        _ settings: Settings, _ listeners: Listeners, on loops: EventLoopGroup
    ) async throws(HTTPServerError) -> (service: HTTPServer, admin: HTTPServer) {
        var limits = HTTPLimits(settings.http)
        limits.bodyLimit = { _, path in MailHooks.bodyLimit(path) }
        let service = try HTTPServer(
            address: settings.listen.description, loops: loops.loops, limits: limits,
            refuse: listeners.service.refuse, handler: listeners.service)
        do throws(HTTPServerError) {
            let admin = try HTTPServer(
                address: settings.adminListen.description, loops: loops.loops, limits: limits,
                refuse: listeners.admin.refuse, handler: listeners.admin)
            return (service, admin)
        } catch {
            await service.drain(deadline: .zero)
            throw error
        }
    }

    /// Lets requests in flight finish, then takes everything down in reverse order.
    func stop() async {
        log.info("draining")
        async let serviceDone: Void = service.drain(deadline: Self.drainDeadline)
        async let adminDone: Void = admin.drain(deadline: Self.drainDeadline)
        async let policyDone: Void = policy.drain(deadline: Self.drainDeadline)
        // What is committed while requests end waits in the outbox until the next start.
        async let callbacksDone: Void = callbacks.stop()
        _ = await (serviceDone, adminDone, policyDone, callbacksDone)
        await housekeeping.stop()
        forwarding?.shutdown()
        await counters.redis?.shutdown()
        await messages?.shutdown()
        hasher.shutdown()
        store.close()
        loops.shutdown()
        log.info("stopped")
        log.close()
    }

    /// A line for whoever reads the log first.
    func announce() {
        log.info(
            "ready",
            [
                "service": .string(Self.url(service)), "admin": .string(Self.url(admin)),
                "version": .string(HelpCommand.version),
            ])
    }

    static func url(_ server: HTTPServer) -> String {
        let (host, port) = server.boundAddress
        return host.contains(":") ? "http://[\(host)]:\(port)" : "http://\(host):\(port)"
    }

    private func observe(_ metrics: StandardMetrics) {
        let (hasher, store, service, admin) = (hasher, store, service, admin)
        metrics.observePool(
            "hash", queued: { hasher.statistics.queued }, running: { hasher.statistics.running },
            shed: { hasher.statistics.shed })
        metrics.observeQueue("sql_read") { store.waiting.reads }
        metrics.observeQueue("sql_write") { store.waiting.writes }
        metrics.observeConnections { service.openConnections + admin.openConnections }
        for reason in Refusal.Reason.allCases {
            metrics.observeRefusals(reason.rawValue) { service.refused(reason) + admin.refused(reason) }
        }
    }

    private static func count(_ setting: Int) -> Int {
        setting > 0 ? setting : max(1, ProcessInfo.processInfo.activeProcessorCount)
    }

    /// The day on which an instant falls in a zone: zones have fixed offsets.
    private static func day(in zone: CivilZone) -> @Sendable (WallInstant) -> CivilDate {
        let fromHanoi = zone.offset - CivilZone.hanoi.offset
        return { instant in CivilDate(inHanoiAt: instant + fromHanoi) }
    }

    private static func blocklist(_ settings: Settings) throws -> Blocklist {
        guard let path = settings.password.blocklist else { return Blocklist() }
        do {
            return try Blocklist(parsing: try BoundedFile.read(path, limit: Blocklist.byteLimit))
        } catch {
            Terminal.complain("otpd: password.blocklist: \(path) cannot be used: \(error)")
            throw ExitCode.configuration
        }
    }

    private static func rotation(
        _ settings: Settings, vault: Vault, store: SQLiteStore, clock: any WallClock
    ) -> RotateSigningKeys {
        RotateSigningKeys(
            store: store, box: vault.box, maker: ES256KeyMaker(), clock: clock,
            rotation: SigningKeyRotation(
                interval: .days(settings.assertion.keyRotationDays),
                publishAhead: settings.assertion.keyPublishAhead),
            provenance: Provenance(client: "otpd", entry: "service"))
    }
}

extension HTTPLimits {
    fileprivate init(_ settings: Settings.HTTP) {
        self.init()
        maxConnections = settings.maxConnections
        maxConnectionsPerAddress = settings.maxConnectionsPerAddress
        headerDeadline = settings.headerDeadline
        bodyDeadline = settings.bodyDeadline
        idleTimeout = settings.idle
    }
}

extension StoreObserver {
    fileprivate static func reporting(
        to metrics: StandardMetrics, _ relay: EmissionRelay, _ log: JSONLog
    ) -> StoreObserver {
        StoreObserver(
            operation: { operation, duration in metrics.sqlSeconds[operation.rawValue].observe(duration) },
            batch: { size, _ in metrics.sqlBatchSize.observe(Double(size)) },
            emitted: { relay.ring() },
            checkpoint: { result in
                switch result {
                case .success(let pages): metrics.sqlLogPages.set(Double(pages))
                case .failure(let failure):
                    log.error("the database's log could not be folded into it", ["reason": .string(failure.reason)])
                }
            })
    }
}
