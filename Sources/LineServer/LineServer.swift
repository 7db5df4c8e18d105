package import Reactor

/// Where a line server listens.
package enum LineAddress: Hashable, Sendable {
    /// An IP address and a port; port 0 lets the kernel choose.
    case tcp(host: String, port: UInt16)
    /// A socket's path and the mode that says who may connect to it.
    case unix(path: String, mode: UInt32)
}

/// A server for protocols of lines, such as Postfix' policy delegation: requests end with an empty line.
///
/// The loops share its sockets; a connection lives and dies on the loop that accepted it.
package final class LineServer: Sendable {
    /// The port of the first TCP address; 0 when there is none.
    package let port: UInt16

    private let listeners: [LineListener]
    private let counters = LineCounters()

    /// Binds, listens and begins to serve.
    ///
    /// - Parameters:
    ///   - addresses: Where to listen, at least one.
    ///   - loops: The loops that carry the connections, at least one.
    ///   - limits: The bounds kept against clients.
    ///   - handler: Answers the requests.
    /// - Throws: When an address cannot be listened on; none is then.
    package init(
        addresses: [LineAddress], loops: [EventLoop], limits: LineLimits = LineLimits(), handler: any LineHandler
    ) throws(LineServerError) {
        precondition(!addresses.isEmpty && !loops.isEmpty, "a server needs an address and a loop")
        var sockets: [LineSocket] = []
        var port: UInt16 = 0
        for address in addresses {
            switch address {
            case .tcp(let host, let number):
                let socket = try LineSocket.tcp(host: host, port: number)
                if port == 0 { port = socket.port }
                sockets.append(socket)
            case .unix(let path, let mode): sockets.append(try LineSocket.unix(path: path, mode: mode))
            }
        }
        self.port = port
        let share = max(1, (limits.maxConnections + loops.count - 1) / loops.count)
        let (shared, counters) = (sockets, counters)
        listeners = loops.map { loop in
            LineListener(
                loop: loop, sockets: shared, limits: limits, maxConnections: share, counters: counters,
                handler: handler)
        }
        for listener in listeners {
            listener.loop.execute { listener.assumeIsolated { $0.attach() } }
        }
    }

    /// Ends the server: no new connections, requests in flight get their answer, the rest is closed at the deadline.
    ///
    /// Must have returned before the loops are shut down. A second call does nothing.
    package func drain(deadline: Duration) async {
        await withTaskGroup { tasks in
            for listener in listeners { tasks.addTask { await listener.drain(deadline: deadline) } }
        }
    }

    // MARK: Counts

    /// Connections that are open.
    package var openConnections: Int { counters.openConnections }

    /// Whole requests since the start.
    package var requestsReceived: Int { counters.requestsReceived }

    /// Connections that were over the limit: the longest idle one made room, or the new one was closed.
    package var connectionsOverLimit: Int { counters.evicted }

    /// Refusals since the start.
    package func refused(_ reason: LineRefusal) -> Int { counters.refused(reason) }
}
