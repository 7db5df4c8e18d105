package import AuthDomain
package import AuthService
package import Reactor

/// One pipelined connection for each loop, kept alive for the life of the process.
///
/// A call goes out on the caller's own loop; one made off any loop hops to the first. All commands of one turn of a
/// loop leave in one write.
package final class RedisClient: Sendable {
    /// Stands before every key.
    package let keyPrefix: String

    private let connections: [RedisConnection]
    private let observer: RedisObserver
    private let readiness = RedisReadiness()
    private let resolver: HostResolver?

    /// Makes a client and begins to connect.
    ///
    /// - Parameters:
    ///   - settings: How to reach and use the server.
    ///   - loops: The loops that carry callers, at least one; they must outlive the client's `shutdown`.
    ///   - observer: Hears of commands and of the state of the link.
    package init(settings: RedisSettings, loops: [EventLoop], observer: RedisObserver = RedisObserver()) {
        precondition(!loops.isEmpty, "a client needs a loop")
        keyPrefix = settings.keyPrefix
        self.observer = observer
        if case .tcp(let host, _) = settings.endpoint {
            resolver = HostResolver(host: host, waiting: loops.count)
        } else {
            resolver = nil
        }
        let (readiness, resolver) = (readiness, resolver)
        connections = loops.map {
            RedisConnection(loop: $0, settings: settings, observer: observer, readiness: readiness, resolver: resolver)
        }
        for connection in connections { connection.loop.execute { connection.start() } }
    }

    /// The names under which commands are reported to the observer.
    package static let commandNames = RedisScript.allCases.map(\.name) + ["SET", "GET", "DEL", "PING", "TIME"]

    /// Whether a connection is ready now.
    package var isUp: Bool { readiness.isUp }

    /// Ends all connections on their loops; calls in flight and later ones fail.
    ///
    /// A second call does nothing. To be called before the loops are shut down and when no more calls come.
    package func shutdown() async {
        guard readiness.close() else { return }
        for connection in connections {
            await withCheckedContinuation { continuation in
                connection.loop.execute {
                    connection.close()
                    continuation.resume()
                }
            }
        }
        resolver?.shutdown()
    }

    /// Asks the server for an answer, for the readiness route.
    ///
    /// - Throws: `CountersUnavailable` when none comes.
    package func ping() async throws(CountersUnavailable) {
        _ = try await run(RedisCommand(.plain("PING")))
    }

    /// The server's clock, to compare this machine's with (R-TOTP-8).
    ///
    /// - Throws: `CountersUnavailable` when no answer comes.
    package func serverTime() async throws(CountersUnavailable) -> WallInstant {
        let reply = try await run(RedisCommand(.plain("TIME")))
        guard case .array(let parts) = reply, parts.count == 2,
            let seconds = parts[0].text.flatMap(Int64.init), let microseconds = parts[1].text.flatMap(Int64.init)
        else { throw CountersUnavailable() }
        return WallInstant(milliseconds: seconds * 1000 + microseconds / 1000)
    }

    // MARK: For the adapters

    /// Runs a command; an error answer is reported and thrown.
    func run(_ command: RedisCommand) async throws(CountersUnavailable) -> RedisReply {
        var reply = try await send(command)
        if let command = command.spelledOut(after: reply) { reply = try await send(command) }
        if case .error(let code) = reply {
            observer.happened(.refused(command: command.name, code: code))
            throw CountersUnavailable()
        }
        return reply
    }

    /// Sends a command whose answer nobody waits for; what goes wrong is reported.
    ///
    /// Commands of one loop are carried out in the order in which they were sent, awaited or not.
    func post(_ command: RedisCommand) {
        guard !readiness.isClosed else { return }
        onConnectionOfCaller { $0.submit(command, to: .nobody(command)) }
    }

    private func send(_ command: RedisCommand) async throws(CountersUnavailable) -> RedisReply {
        guard !readiness.isClosed else { throw CountersUnavailable() }
        let reply = await withUnsafeContinuation { continuation in
            onConnectionOfCaller { $0.submit(command, to: .caller(continuation)) }
        }
        guard let reply else { throw CountersUnavailable() }
        return reply
    }

    private func onConnectionOfCaller(_ body: @escaping @Sendable (RedisConnection) -> Void) {
        let connection = connectionOfCaller()
        if connection.loop.isCurrent {
            body(connection)
        } else {
            connection.loop.execute { body(connection) }
        }
    }

    private func connectionOfCaller() -> RedisConnection {
        guard let loop = EventLoop.current else { return connections[0] }
        if connections.indices.contains(loop.index), connections[loop.index].loop === loop {
            return connections[loop.index]
        }
        return connections.first { $0.loop === loop } ?? connections[0]
    }
}
