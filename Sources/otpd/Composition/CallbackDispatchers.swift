import AuthDomain
import AuthService
import Callbacks
import Cryptography
import HTTPClient
import Reactor
import Settings
import Synchronization
import Telemetry

/// Events on their way to the targets of the settings: a dispatcher and a pool of threads for each.
final class CallbackDispatchers: Sendable {
    private static let patience = Duration.seconds(4)

    private let dispatchers: [TargetDispatcher]
    private let pools: [OutgoingHTTP]
    private let desk: any OutboxDesk
    private let names: [String]
    private let clock: any WallClock
    private let metrics: CallbackMetrics
    private let log: JSONLog
    private let tasks = Mutex<[Task<Void, Never>]>([])

    /// Builds the dispatchers; `start` sets them going.
    ///
    /// - Parameters:
    ///   - settings: Names the targets.
    ///   - outbox: Where events wait.
    ///   - relay: Rings when events were committed.
    ///   - random: For jitter and the names of claims.
    ///   - clock: The service's time, which events are dated by.
    ///   - registry: Gets the metrics.
    ///   - log: Hears of targets that fail.
    init(
        _ settings: Settings, outbox: any Outbox & OutboxDesk, relay: EmissionRelay, random: any RandomSource,
        clock: any WallClock, registry: MetricsRegistry, log: JSONLog
    ) throws {
        let callbacks = settings.callbacks
        names = callbacks.targets.map(\.name)
        metrics = CallbackMetrics(registry: registry, targets: names)
        let observer = CallbackObserver.reporting(to: metrics, log)
        var dispatchers: [TargetDispatcher] = []
        var pools: [OutgoingHTTP] = []
        for target in callbacks.targets {
            // Each target has threads of its own, so that one that hangs keeps none from the others.
            let pool = try OutgoingHTTP(
                name: "callback", threads: callbacks.connections, queueLimit: callbacks.connections)
            pools.append(pool)
            dispatchers.append(
                TargetDispatcher(
                    name: target.name, target: target.receiver(http: pool, limit: callbacks.timeout),
                    settings: DispatchSettings(
                        schedule: target.kind == .webhook ? .webhook : .session, parallel: callbacks.connections,
                        limit: callbacks.timeout),
                    outbox: outbox,
                    // Claims and retries are measured by the machine's clock: a test's clock may stand still.
                    wall: SystemWallClock(), clock: SystemMonotonicClock(), random: random, observer: observer))
        }
        self.dispatchers = dispatchers
        self.pools = pools
        desk = outbox
        self.clock = clock
        self.log = log
        relay.connect(dispatchers)
    }

    /// Begins to deliver.
    func start() {
        guard !dispatchers.isEmpty else { return }
        tasks.withLock { tasks in
            tasks = dispatchers.map { dispatcher in Task { await dispatcher.run() } }
            tasks.append(Task { await watch() })
        }
    }

    /// Ends what is under way, as far as that goes in a few seconds; the rest is delivered after the next start.
    func stop() async {
        await withTaskGroup(of: Void.self) { group in
            for dispatcher in dispatchers { group.addTask { await dispatcher.stop(within: Self.patience) } }
        }
        for task in tasks.withLock({ $0 }) { task.cancel() }
    }

    /// Looks every few seconds how much waits; the database's own failures are told by others.
    private func watch() async {
        try? await warnOfLeftovers()
        while !Task.isCancelled {
            try? await readGauges()
            try? await Task.sleep(for: .seconds(5))
        }
    }

    private func readGauges() async throws(StoreUnavailable) {
        let now = clock.now()
        let backlogs = try await desk.backlogs()
        metrics.show(backlogs) { backlog in
            backlog.oldest.map { Double(now.milliseconds - $0.milliseconds) / 1000 } ?? 0
        }
    }

    /// Tells of targets that have events but no place in the settings any more, and of those that are stopped.
    private func warnOfLeftovers() async throws(StoreUnavailable) {
        for backlog in try await desk.backlogs() {
            if let reason = backlog.stopped {
                log.warning(
                    "callback target is stopped; \"otpd outbox retry\" takes it up again",
                    ["target": .string(backlog.target), "reason": .string(reason)])
            }
            guard backlog.pending > 0, !names.contains(backlog.target) else { continue }
            log.warning(
                "events wait for a target that is not in the settings; see \"otpd outbox\"",
                ["target": .string(backlog.target), "pending": .number(backlog.pending)])
        }
    }
}

/// Wakes the dispatchers when events were committed; made before either side is.
final class EmissionRelay: Sendable {
    private let dispatchers = Mutex<[TargetDispatcher]>([])

    /// Connects those to wake.
    func connect(_ dispatchers: [TargetDispatcher]) {
        self.dispatchers.withLock { $0 = dispatchers }
    }

    /// Wakes them; never waits.
    func ring() {
        for dispatcher in dispatchers.withLock({ $0 }) { dispatcher.wake() }
    }
}

extension Settings.Callbacks {
    /// Which events are kept for whom.
    var subscriptions: [OutboxSubscription] {
        targets.map { target in
            let all = target.kind == .doveadm ? DoveadmTarget.events : Set(AccountEventType.allCases)
            return OutboxSubscription(target: target.name, events: target.events.map(all.intersection) ?? all)
        }
    }
}

extension Settings.Callbacks.Target {
    fileprivate func receiver(http: OutgoingHTTP, limit: Duration) -> any EventTarget {
        if kind == .doveadm, let apiKey {
            return DoveadmTarget(
                url: url, key: apiKey, users: users == .localPart ? .localPart : .address, http: http, limit: limit,
                authorityFile: authorityFile, clock: SystemWallClock())
        }
        let codes = OpenSSLOneTimeCodeMAC()
        let signer = WebhookSigner(secrets: secrets) { key, message in
            codes.mac(.sha256, key: key, message: message)
        }
        return WebhookTarget(
            url: url, signer: signer, http: http, limit: limit, authorityFile: authorityFile, clock: SystemWallClock())
    }
}

extension CallbackObserver {
    fileprivate static func reporting(to metrics: CallbackMetrics, _ log: JSONLog) -> CallbackObserver {
        let told = Mutex<[String: Int64]>([:])
        let clock = SystemMonotonicClock()
        /// Whether a line of a kind is due: once a minute.
        @Sendable func isDue(_ kind: String) -> Bool {
            let now = clock.milliseconds()
            return told.withLock { told in
                guard now - (told[kind] ?? -60_000) >= 60_000 else { return false }
                told[kind] = now
                return true
            }
        }
        return CallbackObserver(
            attempted: { target, result, duration in
                metrics.attempted(target, result, duration)
                guard result != .delivered, result != .partly, isDue("\(target) \(result)") else { return }
                log.warning(
                    "callback failed; it is tried again",
                    ["target": .string(target), "result": .string(result.rawValue)])
            },
            died: { message, result in
                log.error(
                    "event given up; see \"otpd outbox list\"",
                    [
                        "target": .string(message.target), "event": .string(message.id),
                        "type": .string(message.type.rawValue), "result": .string(result.rawValue),
                    ])
            },
            stopped: { target in
                log.error(
                    "callback target answered 410 Gone and is stopped; \"otpd outbox retry\" takes it up again",
                    ["target": .string(target)])
            },
            outboxFailed: { target, error in
                guard isDue("outbox") else { return }
                log.warning("outbox not available", ["target": .string(target), "reason": .string(error.reason)])
            })
    }
}
