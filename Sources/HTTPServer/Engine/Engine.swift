internal import CMicrohttpd
internal import Glibc
internal import Reactor

/// One libmicrohttpd daemon on one loop: reads requests, hands them to the handler, sends the answers.
///
/// `@unchecked Sendable`: the daemon and every `var` are touched on the loop's thread only, from `attach` on; the
/// library has no thread of its own in this mode and calls back from within `MHD_run`.
final class Engine: @unchecked Sendable {
    let loop: EventLoop
    let limits: HTTPLimits
    let counters: EngineCounters
    let census: ConnectionCensus
    let handler: any HTTPHandler
    let refuse: @Sendable (Refusal) -> HTTPResponse
    private let socket: Int32

    var connections: [Int: ConnectionRecord] = [:]
    /// The clock as of the current run; deadlines need no better.
    var now = ContinuousClock.now
    var isDraining = false
    /// Connections whose answer is there and for which the library is yet to be run.
    var answered: [ConnectionRecord] = []
    /// How many requests were handed to the handler's tasks.
    var dispatched = 0
    /// Handlers at work for clients that have left, by the numbers of their requests.
    var deserted: [Int: Deserted] = [:]
    /// How many connections are parked.
    var parked = 0
    /// Whether the present run of the library did more than look at parked connections.
    var hasStirred = false
    /// Whether the present run suspends what is parked.
    var isClearing = false
    var clearing: LoopTimer?
    var lingering: [ObjectIdentifier: LingeringClose.Entry] = [:]
    private var nextID = 0
    private var daemon: OpaquePointer?
    private var watch: DescriptorWatch?
    private var hook: TurnEndHook?
    private var sweepTimer: LoopTimer?
    private var drainTimer: LoopTimer?
    private var isRunScheduled = false
    private var isStopping = false
    private var whenStopped: CheckedContinuation<Void, Never>?

    /// Starts the daemon on a listening socket, which it owns from then on.
    init(
        loop: EventLoop, socket: Int32, limits: HTTPLimits, counters: EngineCounters, census: ConnectionCensus,
        refuse: @escaping @Sendable (Refusal) -> HTTPResponse, handler: any HTTPHandler
    ) throws(HTTPServerError) {
        self.loop = loop
        self.socket = socket
        self.limits = limits
        self.counters = counters
        self.census = census
        self.refuse = refuse
        self.handler = handler
        var settings = mhd_settings()
        settings.listen_socket = socket
        // The census keeps the limit; the library's own would stop accepting and let clients hang in the backlog.
        settings.connection_limit = UInt32(clamping: limits.maxConnections + 1_000)
        settings.connection_memory = limits.connectionMemory
        // Unretained: what `attach` registers on the loop holds the engine until its daemon is stopped.
        settings.context = Unmanaged.passUnretained(self).toOpaque()
        EngineCallbacks.install(in: &settings)
        daemon = mhd_start(&settings)
        guard daemon != nil else { throw .systemCall(name: "MHD_start_daemon", code: errno) }
    }

    /// Begins to serve; on the loop.
    func attach() {
        guard let daemon else { return }
        // Strong references: an engine that nobody drained stays with its daemon until the loop ends.
        watch = loop.watchReadable(descriptor: mhd_epoll_descriptor(daemon)) { [self] in run() }
        hook = loop.onTurnEnd { [self] in handOver() }
    }

    // MARK: Running the library

    /// Lets the library work until it waits for the network, within a bound that leaves the loop to others.
    func run() {
        guard let daemon, !isStopping else { return }
        now = .now
        for _ in 0..<4 {
            hasStirred = false
            MHD_run(daemon)
            if mhd_has_work(daemon) == 0 { return finishIfEmpty() }
            if parked > 0, !hasStirred { return clearLater() }
        }
        // Not done yet: nothing on the descriptor would tell, so the next turn goes on.
        guard !isRunScheduled else { return }
        isRunScheduled = true
        loop.execute { [self] in
            isRunScheduled = false
            run()
        }
    }

    // MARK: Connections

    func opened(_ connection: OpaquePointer) -> ConnectionRecord {
        nextID += 1
        let record = ConnectionRecord(
            id: nextID, connection: connection, descriptor: mhd_connection_descriptor(connection),
            peer: mhd_client_address(connection).map(SocketAddress.init), deadline: now + limits.headerDeadline)
        connections[record.id] = record
        counters.connections.add(1)
        counters.accepted.add(1)
        census.entered(record.peer?.host ?? "")
        if sweepTimer == nil { scheduleSweep() }
        return record
    }

    func closed(_ record: ConnectionRecord) {
        record.task?.cancel()
        connections[record.id] = nil
        counters.connections.add(-1)
        census.left(record.peer?.host ?? "")
    }

    // MARK: Deadlines

    private func scheduleSweep() {
        sweepTimer = loop.schedule(after: limits.sweepInterval) { [self] in sweep() }
    }

    /// Ends every phase that lasts too long; the library's own timer would start anew with each byte.
    private func sweep() {
        sweepTimer = nil
        now = .now
        for record in connections.values {
            if record.deadline <= now { expire(record) } else { noticeEnd(record) }
        }
        for handler in deserted.values where handler.deadline <= now { handler.task.cancel() }
        if !connections.isEmpty || !deserted.isEmpty { scheduleSweep() }
    }

    /// Closes a connection whose client has already ended the stream.
    ///
    /// The library watches edges: an end that came together with the last bytes it has read is never told to it.
    private func noticeEnd(_ record: ConnectionRecord) {
        if record.awaitsClient, ConnectionSocket.isEnded(record.descriptor) { abandon(record) }
    }

    // MARK: End

    /// Stops accepting, lets requests finish, closes the rest at the deadline and ends the daemon; on the loop.
    func drain(deadline: Duration) async {
        guard daemon != nil, !isDraining else { return }
        await withCheckedContinuation { continuation in
            whenStopped = continuation
            // What already waits in the backlog is let in; what comes later finds the port closed.
            run()
            isDraining = true
            if let daemon { close(MHD_quiesce_daemon(daemon)) }
            for record in connections.values {
                if record.phase == .waiting { abandon(record) }
                // A connection that has not sent its request by now may never do so.
                if record.phase == .header { record.deadline = min(record.deadline, now + .seconds(1)) }
            }
            drainTimer = loop.schedule(after: deadline) { [self] in abandonAll() }
            run()
        }
    }

    private func abandonAll() {
        for record in connections.values { abandon(record) }
        for handler in deserted.values { handler.task.cancel() }
        counters.inFlight.add(-deserted.count)
        deserted = [:]
        resume(answered)
        answered = []
        run()
        stop()
    }

    private func finishIfEmpty() {
        if isDraining, connections.isEmpty, deserted.isEmpty { stop() }
    }

    private func stop() {
        guard daemon != nil, !isStopping else { return }
        isStopping = true
        drainTimer?.cancel()
        sweepTimer?.cancel()
        clearing?.cancel()
        for entry in Array(lingering.values) { entry.linger.close() }
        watch?.close()
        hook?.close()
        (watch, hook, sweepTimer, drainTimer, clearing) = (nil, nil, nil, nil, nil)
        // Another hop: this may run within a callback of the watch, whose descriptor goes away here.
        loop.execute { [self] in
            MHD_stop_daemon(daemon)
            daemon = nil
            whenStopped?.resume()
            whenStopped = nil
        }
    }
}
