internal import Reactor

/// Where a stream goes.
package struct StreamTarget: Hashable, Sendable {
    /// A name or an address; IPv6 addresses in brackets.
    package let host: String
    /// The port.
    package let port: Int
    /// Whether the stream is TLS (1.2 or later, verified).
    package let isSecure: Bool
    /// The authorities to trust instead of the system's; a PEM file.
    package let authorityFile: String?

    /// Names a target.
    package init(host: String, port: Int, isSecure: Bool, authorityFile: String? = nil) {
        self.host = host
        self.port = port
        self.isSecure = isSecure
        self.authorityFile = authorityFile
    }
}

/// One standing connection over TCP or TLS on a thread of its own, for protocols that only send.
package final class OutgoingStream: Sendable {
    private static let patience = Duration.seconds(5)

    private let workers: WorkerPool<StreamHandle>
    private let target: StreamTarget

    /// Starts the thread; connects with the first bytes.
    ///
    /// - Throws: `OutgoingFailure` when the library cannot be started.
    package init(name: String, target: StreamTarget) throws(OutgoingFailure) {
        self.target = target
        workers = try WorkerPool(name: name, threads: 1, queueLimit: 4) { _ throws(OutgoingFailure) in StreamHandle() }
    }

    /// Sends bytes, all of them, on the standing connection or a new one, within five seconds each to connect and send.
    ///
    /// - Throws: `OutgoingFailure`; the connection is then closed.
    package func send(_ bytes: [UInt8]) async throws(OutgoingFailure) {
        let target = target
        do {
            try await workers.run { handle in
                try handle.send(bytes, to: target, patience: Self.patience).get()
            }
        } catch let failure as OutgoingFailure {
            throw failure
        } catch BlockingPoolError.full {
            throw OutgoingFailure(.poolFull, .notSent)
        } catch {
            throw OutgoingFailure(.shutDown, .notSent)
        }
    }

    /// Whether there is a connection that the other side has not closed.
    package func isStanding() async -> Bool {
        (try? await workers.run { $0.isStanding() }) ?? false
    }

    /// Closes the connection and ends the thread; blocks until then.
    package func shutdown() {
        workers.shutdown()
    }
}
