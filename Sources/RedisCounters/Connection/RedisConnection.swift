internal import CHiredis
internal import Reactor

/// The pipelined connection of one loop: made, kept and remade on that loop's thread.
///
/// ```
/// idle ──► resolving ──► connecting ──► greeting ──► ready
///   ▲          │             │             │           │
///   └──────────┴── backoff ──┴─────────────┴───────────┘         any ──► closed
/// ```
/// `@unchecked Sendable`: after `init` every property is touched on the loop's thread only; all entrances are
/// `loop.execute`, timers and hooks of the loop, callbacks of its event base, and `submit`, which checks.
final class RedisConnection: @unchecked Sendable {
    enum Phase {
        case idle
        case resolving
        case connecting
        case greeting
        case ready
        case closed
    }

    let loop: EventLoop
    let settings: RedisSettings
    let observer: RedisObserver
    let readiness: RedisReadiness
    let resolver: HostResolver?
    /// Ticks in a command timeout.
    static let patience = 20

    var phase = Phase.idle
    var context: UnsafeMutablePointer<redisAsyncContext>?
    var readEvent: OpaquePointer?
    var writeEvent: OpaquePointer?
    var isReading = false
    var isFlushing = false
    var needsFlush = false
    var watch = AnswerWatch(patience: RedisConnection.patience)
    var digests: [[UInt8]] = []
    var openGreetings = 0
    var waiting: [WaitingCall] = []
    /// Attempts that failed since the connection was last ready.
    var failures = 0
    var lastLoss: String?
    var graceEnd: ContinuousClock.Instant
    var attemptEnd = ContinuousClock.now
    var retryAt = ContinuousClock.now
    var timesReadyAtLoss = 0
    private var buffer: [UInt8] = []
    private var ticker: LoopTimer?
    private var flushHook: TurnEndHook?

    init(
        loop: EventLoop, settings: RedisSettings, observer: RedisObserver, readiness: RedisReadiness,
        resolver: HostResolver?
    ) {
        self.loop = loop
        self.settings = settings
        self.observer = observer
        self.readiness = readiness
        self.resolver = resolver
        graceEnd = ContinuousClock.now + settings.connectGrace
    }

    var tickLength: Duration { max(settings.commandTimeout / Self.patience, .milliseconds(5)) }

    // MARK: Life

    /// Begins to connect; on the loop.
    func start() {
        guard phase == .idle else { return }
        flushHook = loop.onTurnEnd { [self] in if needsFlush { flush() } }
        armTicker()
        connect()
    }

    /// Ends the connection and fails what is open; on the loop.
    ///
    /// A second call does nothing.
    func close() {
        guard phase != .closed else { return }
        ticker?.cancel()
        drop(reason: "closed")
        phase = .closed
        failWaiting()
        // The hook's closure holds this object and this object holds the hook.
        flushHook?.close()
        flushHook = nil
    }

    private func armTicker() {
        ticker = loop.schedule(after: tickLength) { [weak self] in
            guard let self, phase != .closed else { return }
            tick()
            armTicker()
        }
    }

    private func tick() {
        let now = ContinuousClock.now
        if now >= graceEnd, phase != .ready { failWaiting() }
        switch phase {
        case .closed, .resolving: return
        case .idle:
            // The server is there again as soon as another loop has found it: no use in waiting for one's own turn.
            if now >= retryAt || readiness.timesReady != timesReadyAtLoss { connect() }
        case .connecting, .greeting:
            if now >= attemptEnd { drop(reason: "connect timeout") }
        case .ready:
            if watch.tick() {
                drop(reason: "answer timeout")
            } else if watch.idleTicks >= Self.patience * 2 {
                // A silent path (firewall, stopped server) is found out before a caller has to.
                send(RedisCommand(.plain("PING")), to: .heartbeat)
            }
        }
    }

    // MARK: Commands

    /// Sends a command; a caller is resumed once, with nil when there is no answer to be had; on the loop.
    func submit(_ command: RedisCommand, to recipient: PendingCommand.Recipient) {
        loop.checkIsolated()
        switch phase {
        case .ready where watch.inFlight < settings.inFlightLimit:
            send(command, to: recipient)
        case .idle, .resolving, .connecting, .greeting:
            if waiting.count < settings.inFlightLimit, ContinuousClock.now < graceEnd {
                waiting.append(WaitingCall(command: command, recipient: recipient))
            } else {
                refuse(recipient)
            }
        case .ready, .closed: refuse(recipient)
        }
    }

    func send(_ command: RedisCommand, to recipient: PendingCommand.Recipient) {
        // Set whenever the phase lets a command through.
        guard let context else { return refuse(recipient) }
        buffer.removeAll(keepingCapacity: true)
        command.encode(into: &buffer, digests: digests)
        // The library looks at the byte behind the last argument.
        buffer.append(0)
        let pending = Unmanaged.passRetained(PendingCommand(name: command.name, recipient: recipient))
        let status = buffer.withUnsafeBytes { bytes in
            redisAsyncFormattedCommand(
                context, commandAnswered, pending.toOpaque(), bytes.bindMemory(to: CChar.self).baseAddress,
                bytes.count - 1)
        }
        guard status == REDIS_OK else {
            pending.release()
            return refuse(recipient)
        }
        watch.noteSent()
    }

    private func refuse(_ recipient: PendingCommand.Recipient) {
        if case .caller(let continuation) = recipient { continuation.resume(returning: nil) }
    }

    /// Hands an answer to whom it is for; nil when the connection ended before it came.
    func finish(_ pending: PendingCommand, _ reply: RedisReply?) {
        watch.noteAnswered()
        switch pending.recipient {
        case .heartbeat: break
        case .nobody(let command):
            guard let reply else { return }
            observer.answered(pending.name, pending.sentAt.duration(to: .now))
            noteUnawaited(command, reply)
        case .greeting(let step):
            if let reply { greeted(step, reply) }
        case .caller(let continuation):
            if let reply {
                observer.answered(pending.name, pending.sentAt.duration(to: .now))
                // After a failover the old primary stays reachable; a new connection may lead to the new one.
                if case .error(code: "READONLY") = reply { drop(reason: "read-only replica") }
            }
            continuation.resume(returning: reply)
        }
    }

    /// Looks at the answer to a command that nobody waits for.
    private func noteUnawaited(_ command: RedisCommand, _ reply: RedisReply) {
        guard case .error(let code) = reply else { return }
        if let command = command.spelledOut(after: reply) {
            submit(command, to: .nobody(command))
        } else {
            observer.happened(.refused(command: command.name, code: code))
            if code == "READONLY" { drop(reason: "read-only replica") }
        }
    }

    func failWaiting() {
        let calls = waiting
        waiting = []
        for call in calls { refuse(call.recipient) }
    }
}
