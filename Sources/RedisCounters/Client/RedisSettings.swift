package import AuthDomain

/// Where the server listens.
package enum RedisEndpoint: Hashable, Sendable {
    /// A TCP port; a name is looked up on a thread of its own before each connection.
    case tcp(host: String, port: UInt16)
    /// A Unix socket by its path.
    case unix(path: String)
}

/// How to reach and use the server.
package struct RedisSettings: Sendable {
    /// Where it listens.
    package var endpoint: RedisEndpoint
    /// The database selected on connect.
    package var database = 0
    /// The ACL user; nil for the default user.
    package var username: String?
    /// Its password; nil where none is asked for.
    package var password: SecretBytes?
    /// Stands before every key.
    package var keyPrefix = "otpd"
    /// How long a connection, greeting included, may take to be made.
    package var connectTimeout = Duration.seconds(1)
    /// How long an answer may take; then the connection counts as dead and everything in flight fails.
    package var commandTimeout = Duration.seconds(1)
    /// How long a call waits for a connection in the making, at start and just after a loss.
    package var connectGrace = Duration.milliseconds(300)
    /// Commands in flight on one connection, beyond which calls fail at once.
    package var inFlightLimit = 20_000

    /// Settings with the defaults above.
    package init(endpoint: RedisEndpoint) {
        self.endpoint = endpoint
    }
}

/// Something that happened to the link, for the log; holds no key, argument or secret.
package enum RedisEvent: Hashable, Sendable {
    /// The connection of a loop is ready.
    case connected(loop: Int)
    /// The connection of a loop was lost, or an attempt to make it failed.
    case lost(loop: Int, reason: String)
    /// The server answered a command with an error of this code.
    case refused(command: String, code: String)
    /// The server may drop keys under memory pressure; `noeviction` is required.
    case evictionPolicy(String)
}

/// Hears of commands and events, on a loop's thread; must not wait.
package struct RedisObserver: Sendable {
    /// A command was answered: its name and the time from call to answer.
    package var answered: @Sendable (_ command: String, _ duration: Duration) -> Void
    /// Something happened to the link.
    package var happened: @Sendable (RedisEvent) -> Void

    /// Makes an observer.
    package init(
        answered: @escaping @Sendable (_ command: String, _ duration: Duration) -> Void = { _, _ in },
        happened: @escaping @Sendable (RedisEvent) -> Void = { _ in }
    ) {
        self.answered = answered
        self.happened = happened
    }
}
