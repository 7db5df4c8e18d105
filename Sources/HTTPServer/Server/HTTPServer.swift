package import Reactor

/// An HTTP/1.1 server on one port, with one engine for each loop.
///
/// Every loop has a listening socket of its own on the shared port, so the kernel spreads the connections, and a
/// request lives and dies on the loop that accepted it.
package final class HTTPServer: Sendable {
    /// The numeric host and the port that clients reach; the real port when 0 was asked for.
    package let boundAddress: (host: String, port: Int)

    private let engines: [Engine]
    private let counters: [EngineCounters]

    /// Binds, listens and begins to serve.
    ///
    /// - Parameters:
    ///   - address: `host:port` or `[v6]:port`; port 0 lets the kernel choose one.
    ///   - loops: The loops that carry the requests, at least one.
    ///   - limits: The bounds kept against clients.
    ///   - refuse: Shapes the answers that the engine gives itself; `Connection: close` is added. Requests so broken
    ///     that the library cannot parse them get the library's own answer with the same statuses.
    ///   - handler: Answers the requests.
    /// - Throws: When the address is invalid, in use, not permitted or not of this machine.
    package init(
        address: String, loops: [EventLoop], limits: HTTPLimits = HTTPLimits(),
        refuse: @escaping @Sendable (Refusal) -> HTTPResponse = { HTTPResponse(status: $0.status) },
        handler: any HTTPHandler
    ) throws(HTTPServerError) {
        precondition(!loops.isEmpty, "a server needs a loop")
        let (sockets, bound) = try ListenAddress(address).listen(count: loops.count, backlog: 1_024)
        let counters = loops.map { _ in EngineCounters() }
        let census = ConnectionCensus(counters: counters, limits: limits)
        var engines: [Engine] = []
        for (index, loop) in loops.enumerated() {
            engines.append(
                try Engine(
                    loop: loop, socket: sockets[index], limits: limits, counters: counters[index], census: census,
                    refuse: refuse, handler: handler))
        }
        boundAddress = (host: bound.0, port: bound.1)
        self.engines = engines
        self.counters = counters
        for engine in engines { engine.loop.execute { engine.attach() } }
    }

    /// Ends the server: no new connections, requests in flight get their answer with `Connection: close`.
    ///
    /// Idle connections are closed at once and all others at the deadline. Returns when everything is closed; must
    /// have returned before the loops are shut down and before the server is dropped. A second call does nothing.
    package func drain(deadline: Duration) async {
        await withTaskGroup { tasks in
            for engine in engines {
                tasks.addTask(executorPreference: engine.loop) { await engine.drain(deadline: deadline) }
            }
        }
    }

    // MARK: Counts

    /// Connections that are open.
    package var openConnections: Int { counters.reduce(0) { $0 + $1.connections.value } }

    /// Connections that are open on each loop, in the order of the loops.
    package var openConnectionsPerLoop: [Int] { counters.map(\.connections.value) }

    /// Connections let in since the start.
    package var acceptedConnections: Int { counters.reduce(0) { $0 + $1.accepted.value } }

    /// Requests that wait for a handler's answer.
    package var requestsInFlight: Int { counters.reduce(0) { $0 + $1.inFlight.value } }

    /// Requests whose request line was read, since the start.
    package var requestsReceived: Int { counters.reduce(0) { $0 + $1.requests.value } }

    /// Refusals by the engine since the start.
    package func refused(_ reason: Refusal.Reason) -> Int { counters.reduce(0) { $0 + $1.refused(reason) } }
}
