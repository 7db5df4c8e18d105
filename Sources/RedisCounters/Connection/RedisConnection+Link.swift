internal import AuthDomain
internal import CHiredis
internal import Reactor

/// How the connection is made, lost and made again.
extension RedisConnection {
    private static let backoffBase = Duration.milliseconds(50)
    private static let backoffLimit = Duration.seconds(2)

    func connect() {
        phase = .connecting
        watch = AnswerWatch(patience: Self.patience)
        openGreetings = 0
        switch settings.endpoint {
        case .unix(let path): open(redisAsyncConnectUnix(path))
        case .tcp(let host, let port):
            guard let resolver else { return open(redisAsyncConnect(host, Int32(port))) }
            phase = .resolving
            resolver.resolve { [self] address in
                loop.execute { [self] in
                    guard phase == .resolving else { return }
                    guard let address else { return lost(reason: "name not found") }
                    open(redisAsyncConnect(address, Int32(port)))
                }
            }
        }
    }

    private func open(_ opened: UnsafeMutablePointer<redisAsyncContext>?) {
        guard let opened else { return lost(reason: "out of memory") }
        guard opened.pointee.err == 0 else {
            redisAsyncFree(opened)
            return lost(reason: "connect refused")
        }
        phase = .connecting
        attemptEnd = ContinuousClock.now + settings.connectTimeout
        context = opened
        opened.pointee.data = Unmanaged.passUnretained(self).toOpaque()
        attachEvents(to: opened)
        redisAsyncSetDisconnectCallback(opened, linkEnded)
        redisAsyncSetConnectCallback(opened, linkMade)
    }

    /// Ends the connection from this side; everything in flight is answered with nil.
    func drop(reason: String) {
        let dropped = context
        lost(reason: reason)
        if let dropped { redisAsyncFree(dropped) }
    }

    /// Notes the loss, from whichever side, and plans the next attempt.
    func lost(reason: String) {
        guard phase != .closed, phase != .idle else { return }
        let now = ContinuousClock.now
        context = nil
        needsFlush = false
        let wasReady = phase == .ready
        phase = .idle
        timesReadyAtLoss = readiness.timesReady
        if wasReady {
            readiness.noteLost()
            // One attempt soon, for which calls may wait: a restart or failover is often over at once.
            graceEnd = now + settings.connectGrace
            retryAt = now + Self.backoffBase * Double.random(in: 0.5...1)
        } else {
            failures += 1
            graceEnd = now
            let ceiling = min(Self.backoffLimit, Self.backoffBase * (1 << min(failures, 10)))
            retryAt = now + ceiling * Double.random(in: 0.5...1)
        }
        // Reported once for each run of failed attempts, and before anybody hears of the refusal.
        if reason != lastLoss {
            lastLoss = reason
            observer.happened(.lost(loop: loop.index, reason: reason))
        }
        if !wasReady { failWaiting() }
    }

    // MARK: Greeting

    /// Sends everything that must be settled before the first call, in one write.
    func greet() {
        phase = .greeting
        if let password = settings.password {
            var command = RedisCommand(.plain("AUTH"))
            if let username = settings.username { command.append(username) }
            password.withBytes { command.append(bytes: $0) }
            greet(.authenticate, command)
        }
        if settings.database != 0 {
            var command = RedisCommand(.plain("SELECT"))
            command.append(Int64(settings.database))
            greet(.select, command)
        }
        var policy = RedisCommand(.plain("CONFIG"))
        policy.append("GET")
        policy.append("maxmemory-policy")
        greet(.evictionPolicy, policy)
        digests = []
        for script in RedisScript.allCases {
            var command = RedisCommand(.plain("SCRIPT"))
            command.append("LOAD")
            command.append(script.body)
            greet(.load(script), command)
        }
    }

    private func greet(_ step: GreetingStep, _ command: RedisCommand) {
        openGreetings += 1
        send(command, to: .greeting(step))
    }

    /// Takes one answer of the greeting; the last good one makes the connection ready.
    func greeted(_ step: GreetingStep, _ reply: RedisReply) {
        guard phase == .greeting else { return }
        openGreetings -= 1
        switch (step, reply) {
        case (.evictionPolicy, .array(let pair)):
            if let policy = pair.last?.text, policy != "noeviction" { observer.happened(.evictionPolicy(policy)) }
        case (.evictionPolicy, _): break  // Managed servers forbid CONFIG; nothing depends on it.
        case (.authenticate, .error(let code)): return drop(reason: "AUTH refused: \(code)")
        case (.select, .error(let code)): return drop(reason: "SELECT refused: \(code)")
        case (.load, .bytes(let digest)): digests.append(digest)
        case (.load, .error(let code)): return drop(reason: "SCRIPT LOAD refused: \(code)")
        case (.load, _): return drop(reason: "SCRIPT LOAD answered nonsense")
        case (.authenticate, _), (.select, _): break
        }
        if openGreetings == 0 { becomeReady() }
    }

    private func becomeReady() {
        phase = .ready
        failures = 0
        lastLoss = nil
        readiness.noteReady()
        observer.happened(.connected(loop: loop.index))
        let calls = waiting
        waiting = []
        for call in calls { send(call.command, to: call.recipient) }
    }
}
