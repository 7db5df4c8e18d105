internal import Glibc
internal import Reactor

/// The part of a line server on one loop: accepts, reads, hands over, answers, keeps the deadlines.
///
/// An actor pinned to the loop, so that its state needs no other guard than the loop's thread.
actor LineListener {
    private static let bytesPerTurn = 16 * 1_024
    private static let lingerTime = Duration.seconds(2)
    private static let lingerBytes = 4 * 1_024 * 1_024
    /// How long accepting rests when the process has no descriptor left.
    private static let acceptPause = Duration.milliseconds(100)
    private static let acceptsPerTurn = 64

    nonisolated let loop: EventLoop
    private nonisolated let counters: LineCounters
    private let sockets: [LineSocket]
    private let limits: LineLimits
    private let maxConnections: Int
    private let handler: any LineHandler
    private var accepting: [DescriptorWatch] = []
    private var connections: [Int: LineConnection] = [:]
    private var idle = IdleOrder()
    private var nextID = 0
    private var sweepTimer: LoopTimer?
    private var isDraining = false
    private var whenEmpty: CheckedContinuation<Void, Never>?

    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    init(
        loop: EventLoop, sockets: [LineSocket], limits: LineLimits, maxConnections: Int, counters: LineCounters,
        handler: any LineHandler
    ) {
        self.loop = loop
        self.sockets = sockets
        self.limits = limits
        self.maxConnections = maxConnections
        self.counters = counters
        self.handler = handler
    }

    // MARK: Accepting

    /// Begins to accept; on the loop.
    func attach() {
        guard !isDraining else { return }
        accepting = sockets.map { socket in
            loop.watchReadable(descriptor: socket.descriptor) { [self] in
                assumeIsolated { $0.accept(from: socket) }
            }
        }
    }

    private func accept(from socket: LineSocket) {
        for _ in 0..<Self.acceptsPerTurn {
            switch socket.accept() {
            case .client(let descriptor): admit(descriptor)
            case .none: return
            case .exhausted:
                stopAccepting()
                loop.schedule(after: Self.acceptPause) { [self] in assumeIsolated { $0.attach() } }
                return
            }
        }
    }

    private func stopAccepting() {
        for watch in accepting { watch.close() }
        accepting = []
    }

    private func admit(_ descriptor: Int32) {
        if connections.count >= maxConnections {
            counters.countEviction()
            guard let longest = idle.popLongest().flatMap({ connections[$0] }) else {
                Glibc.close(descriptor)
                return
            }
            end(longest)
        }
        nextID += 1
        let id = nextID
        let connection = LineConnection(id: id, descriptor: descriptor, limits: limits)
        connections[id] = connection
        idle.entered(id)
        counters.opened()
        connection.watch = loop.watchReadable(descriptor: descriptor) { [self] in assumeIsolated { $0.readable(id) } }
        if sweepTimer == nil { scheduleSweep() }
    }

    // MARK: Reading

    private func readable(_ id: Int) {
        guard let connection = connections[id] else { return }
        withUnsafeTemporaryAllocation(byteCount: Self.bytesPerTurn, alignment: 1) { buffer in
            switch connection.receive(into: buffer) {
            case .nothing: return
            case .end: ended(connection)
            case .bytes(let count) where connection.phase == .lingering:
                connection.dropped += count
                if connection.dropped > Self.lingerBytes { end(connection) }
            case .bytes(let count):
                if connection.phase == .idle { enter(.reading, connection) }
                guard connection.assembler.take(buffer[..<count]) else { return refuse(connection, .tooLarge) }
                if connection.phase == .reading { proceed(connection) }
            }
        }
    }

    /// The client has closed its side; one that waits for an answer still gets it.
    private func ended(_ connection: LineConnection) {
        guard connection.phase == .answering else { return end(connection) }
        connection.isEnded = true
        connection.watch?.close()
        connection.watch = nil
    }

    private func proceed(_ connection: LineConnection) {
        switch connection.assembler.next() {
        case .incomplete: break
        case .refused(let reason): refuse(connection, reason)
        case .request(let lines):
            enter(.answering, connection)
            counters.countRequest()
            let id = connection.id
            connection.task = Task(executorPreference: loop) { [handler] in
                let answer = await handler.respond(to: lines)
                await self.answered(id, answer)
            }
        }
    }

    // MARK: Answering

    private func answered(_ id: Int, _ answer: [UInt8]) {
        guard let connection = connections[id], connection.phase == .answering else { return }
        connection.task = nil
        guard connection.send(answer), !isDraining else { return end(connection) }
        enter(connection.assembler.isEmpty ? .idle : .reading, connection)
        if connection.phase == .reading { proceed(connection) }
        if connection.isEnded, connection.phase != .answering { end(connection) }
    }

    /// Tells the client why and keeps the socket until it has read that: closing with unread bytes would reset it.
    private func refuse(_ connection: LineConnection, _ reason: LineRefusal) {
        counters.count(reason)
        connection.task?.cancel()
        connection.task = nil
        guard connection.send(handler.refusal(reason)), !connection.isEnded, !isDraining else {
            return end(connection)
        }
        shutdown(connection.descriptor, Int32(SHUT_WR))
        enter(.lingering, connection)
    }

    private func enter(_ phase: LineConnection.Phase, _ connection: LineConnection) {
        connection.enter(phase)
        if phase == .idle { idle.entered(connection.id) } else { idle.left(connection.id) }
    }

    private func end(_ connection: LineConnection) {
        guard connections.removeValue(forKey: connection.id) != nil else { return }
        idle.left(connection.id)
        connection.task?.cancel()
        connection.watch?.close()
        Glibc.close(connection.descriptor)
        counters.closed()
        if isDraining, connections.isEmpty { finish() }
    }

    // MARK: Deadlines

    private func scheduleSweep() {
        sweepTimer = loop.schedule(after: limits.sweepInterval) { [self] in assumeIsolated { $0.sweep() } }
    }

    private func sweep() {
        sweepTimer = nil
        let now = ContinuousClock.now
        for connection in Array(connections.values) {
            let age = connection.since.duration(to: now)
            switch connection.phase {
            case .idle: if age >= limits.idleTimeout { end(connection) }
            case .reading: if age >= limits.requestDeadline { refuse(connection, .late) }
            case .answering: if age >= limits.answerDeadline { refuse(connection, .overdue) }
            case .lingering: if age >= Self.lingerTime { end(connection) }
            }
        }
        if !connections.isEmpty { scheduleSweep() }
    }

    // MARK: End

    /// Stops accepting, lets requests in flight be answered, and closes what is left at the deadline.
    func drain(deadline: Duration) async {
        guard !isDraining else { return }
        isDraining = true
        stopAccepting()
        for connection in Array(connections.values) where connection.phase != .answering { end(connection) }
        guard !connections.isEmpty else { return finish() }
        let timer = loop.schedule(after: deadline) { [self] in
            assumeIsolated { listener in
                for connection in Array(listener.connections.values) { listener.end(connection) }
            }
        }
        await withCheckedContinuation { whenEmpty = $0 }
        timer.cancel()
    }

    private func finish() {
        sweepTimer?.cancel()
        sweepTimer = nil
        whenEmpty?.resume()
        whenEmpty = nil
    }
}
