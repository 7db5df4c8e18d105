/// A command that waits for its answer; the library holds one reference until it calls back, which it does once.
final class PendingCommand {
    /// Whom the answer is for.
    enum Recipient {
        /// Unsafe for the sake of speed: `RedisConnection` resumes it once, whatever becomes of the connection.
        case caller(UnsafeContinuation<RedisReply?, Never>)
        /// Nobody waits; the command is kept, to be sent as text should the server not know the script.
        case nobody(RedisCommand)
        case greeting(GreetingStep)
        case heartbeat
    }

    let name: String
    let recipient: Recipient
    let sentAt = ContinuousClock.now

    init(name: String, recipient: Recipient) {
        self.name = name
        self.recipient = recipient
    }
}

/// A call that came while a connection was in the making.
struct WaitingCall {
    let command: RedisCommand
    let recipient: PendingCommand.Recipient
}

/// One command of the greeting, in the order sent.
enum GreetingStep: Hashable, Sendable {
    case authenticate
    case select
    case evictionPolicy
    case load(RedisScript)
}
