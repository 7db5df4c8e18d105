import AuthDomain
import AuthService
import Cryptography
import Reactor
import RedisCounters
import SQLStore
import Synchronization
import Telemetry
import WebAPI

/// What goes on beside requests: clients and signing keys kept up to date, clock and loops watched.
final class Housekeeping: Sendable {
    private let store: SQLiteStore
    private let directory: ClientDirectory
    private let signer: ES256TokenSigner
    private let rotation: RotateSigningKeys
    private let mail: MailPorts
    private let purge: PurgeAudit
    private let erase: EraseNames
    private let prune: PruneRecords
    private let settle: SettleMessages?
    private let orders: SendOrders?
    private let counters: Counters
    private let clockMonitor: ClockMonitor
    private let sweeper: DeadlineSweeper
    private let tally: ActivityTally
    private let loops: EventLoopGroup
    private let metrics: StandardMetrics
    private let log: JSONLog
    private let clock: any WallClock
    /// Whether the database's log may still hold what was erased.
    private let hasTraces = Mutex(true)
    private let tasks = Mutex<[Task<Void, Never>]>([])

    init(
        store: SQLiteStore, directory: ClientDirectory, signer: ES256TokenSigner, mail: MailPorts,
        rotation: RotateSigningKeys, purge: PurgeAudit, erase: EraseNames, prune: PruneRecords,
        settle: SettleMessages?, orders: SendOrders?, counters: Counters,
        clockMonitor: ClockMonitor, tally: ActivityTally, sweeper: DeadlineSweeper, loops: EventLoopGroup,
        metrics: StandardMetrics,
        log: JSONLog, clock: any WallClock
    ) {
        self.store = store
        self.directory = directory
        self.signer = signer
        self.mail = mail
        self.rotation = rotation
        self.purge = purge
        self.erase = erase
        self.prune = prune
        self.settle = settle
        self.orders = orders
        self.counters = counters
        self.clockMonitor = clockMonitor
        self.sweeper = sweeper
        self.tally = tally
        self.loops = loops
        self.metrics = metrics
        self.log = log
        self.clock = clock
    }

    /// Loads what the first request needs.
    func prepare() async throws {
        do {
            try await store.openAuditChain(now: clock.now())
            try await directory.refresh()
            try await sweeper.keeper.refresh()
            try await turnKeys()
        } catch let error as StoreUnavailable {
            Terminal.complain("otpd: the database is not available: \(error.reason)")
            throw ExitCode.unavailable
        }
    }

    /// Begins to look after things, each at its own pace.
    func start() {
        every(.seconds(1), "clients") { try await self.directory.refresh() }
        every(.seconds(60), "signing keys") { try await self.turnKeys() }
        every(.seconds(3600), "audit retention") { try await self.purgeAudit() }
        every(.seconds(10), "erasure") { try await self.eraseNames() }
        every(.seconds(6 * 3600), "pruning") { try await self.pruneRecords() }
        if let settle { every(.seconds(30), "messages") { try await settle() } }
        if let orders { every(.seconds(1), "ordered messages") { try await self.send(orders) } }
        every(.seconds(5), "activity") { try await self.tally.flush(into: self.store) }
        every(.seconds(10), "clock") { try await self.compareClocks() }
        every(.seconds(1), "gauges") { self.readGauges() }
        sweeper.warn()
        every(sweeper.pause, "deadlines") { try await self.sweeper.sweep() }
        every(.seconds(5), "reminders") { try await self.sweeper.sendReminders() }
        every(.seconds(10), "deadline counts") { try await self.sweeper.readCounts() }
        every(.seconds(3), "mail uses") { try await self.mail.uses.flush() }
        every(.seconds(15), "refused mail logins") { try await self.mail.refusals.flush(now: self.clock.now()) }
    }

    /// Ends all of it and writes what has gathered.
    func stop() async {
        let running = tasks.withLock { tasks in
            defer { tasks = [] }
            return tasks
        }
        for task in running { task.cancel() }
        for task in running { await task.value }
        let (tally, store, mail, now) = (tally, store, mail, clock.now())
        let writes = LastWrites([
            ("activity of mailboxes", { () async throws(StoreUnavailable) in try await tally.flush(into: store) }),
            ("last uses of app passwords", { () async throws(StoreUnavailable) in try await mail.uses.flush() }),
            (
                "refused mail logins",
                { () async throws(StoreUnavailable) in try await mail.refusals.flush(now: now, all: true) }
            ),
        ])
        for loss in await writes() {
            log.warning(
                "what has gathered in memory is lost", ["what": .string(loss.name), "reason": .string(loss.reason)])
        }
    }

    /// Repeats something with pauses in between; a failure is told once, and again when it is over.
    func every(_ pause: Duration, _ name: String, _ body: @escaping @Sendable () async throws -> Void) {
        let log = log
        let task = Task(executorPreference: loops.next()) {
            var wasFailing = false
            while !Task.isCancelled {
                do {
                    try await body()
                    if wasFailing { log.info("housekeeping works again", ["task": .string(name)]) }
                    wasFailing = false
                } catch {
                    if !wasFailing { log.warning("housekeeping fails; trying on", ["task": .string(name)]) }
                    wasFailing = true
                }
                try? await Task.sleep(for: pause)
            }
        }
        tasks.withLock { $0.append(task) }
    }

    private func send(_ orders: SendOrders) async throws {
        let result = try await orders()
        if result.sent > 0 { log.info("ordered messages sent", ["messages": .number(result.sent)]) }
        if result.lost > 0 {
            log.warning(
                "ordered messages given up; \"otpd forms messages\" names them", ["messages": .number(result.lost)])
        }
    }

    private func turnKeys() async throws {
        let records = try await rotation()
        for lost in signer.load(records: records, now: clock.now()) {
            log.error("signing key cannot be opened; is its ring key still in the settings?", ["kid": .string(lost)])
        }
    }

    private func purgeAudit() async throws {
        let result = try await purge(provenance: Provenance(client: "otpd", entry: "service"))
        if result.rows > 0 { log.info("audit rows purged after their retention", ["rows": .number(Int(result.rows))]) }
        for row in result.unpurgeable {
            log.error(
                "audit row is not what was written; its chain is not purged further: run otpd audit verify",
                ["chain": .string(row.chain), "number": .number(Int(row.number))])
        }
    }

    private func eraseNames() async throws {
        // A pause as long as a few commits leaves the writer to sign-ins for half of the time.
        let rows = try await erase { try? await Task.sleep(for: .milliseconds(5)) }
        if rows > 0 { hasTraces.withLock { $0 = true } }
        if hasTraces.withLock({ $0 }), try await store.foldLog() { hasTraces.withLock { $0 = false } }
        guard rows > 0 else { return }
        log.info("names of destroyed accounts taken out of the record", ["rows": .number(rows)])
    }

    private func pruneRecords() async throws {
        let removed = try await prune { try? await Task.sleep(for: .milliseconds(5)) }
        guard !removed.isEmpty else { return }
        let list = removed.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        log.info("pruned what was kept for its time", ["rows": .string(list)])
    }

    /// Redis' clock is the witness; the test clock is not what is watched.
    private func compareClocks() async throws {
        guard let redis = counters.redis else { return }
        let before = SystemWallClock().now()
        let theirs = try await redis.serverTime()
        let after = SystemWallClock().now()
        let middle = Double(before.milliseconds + after.milliseconds) / 2
        clockMonitor.observe(offsetSeconds: (middle - Double(theirs.milliseconds)) / 1000)
    }

    private func readGauges() {
        metrics.redisUp.set(counters.redis.map { $0.isUp ? 1 : 0 } ?? 0)
        let lag = loops.loops.map(\.lag).max() ?? .zero
        metrics.loopLag.set(Double(lag.wholeMilliseconds) / 1000)
    }
}
