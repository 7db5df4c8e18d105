internal import AuthDomain
package import AuthService

/// Rate buckets shared by all instances through Redis (T-3).
///
/// All buckets of one call are decided by one script, so on a cluster they would need one shard; the service runs on
/// a single primary.
package struct RedisThrottle: Throttle {
    /// The Lua text of asking a bucket, for those who measure what Redis alone can do with it.
    package static var askScript: String { RedisScript.askAttempt.body }

    private let client: RedisClient

    /// Makes the adapter on the connections of a client.
    package init(client: RedisClient) {
        self.client = client
    }

    /// Takes one attempt from every bucket or from none; see the port.
    package func take(
        _ buckets: [(name: String, rate: AttemptRate)]
    ) async throws(CountersUnavailable) -> Duration? {
        guard !buckets.isEmpty else { return nil }
        let reply = try await client.run(command(.takeAttempt, on: buckets))
        guard case .integer(let wait) = reply else { throw CountersUnavailable() }
        return wait == 0 ? nil : .microseconds(wait)
    }

    /// How long until every bucket would give an attempt; see the port.
    package func wait(
        for buckets: [(name: String, rate: AttemptRate)]
    ) async throws(CountersUnavailable) -> Duration? {
        guard !buckets.isEmpty else { return nil }
        let reply = try await client.run(command(.askAttempt, on: buckets))
        guard case .integer(let wait) = reply else { throw CountersUnavailable() }
        return wait <= 0 ? nil : .microseconds(wait)
    }

    /// Gives one attempt back to every bucket without waiting for it to be done; see the port.
    package func giveBack(_ buckets: [(name: String, rate: AttemptRate)]) async {
        guard !buckets.isEmpty else { return }
        var command = RedisCommand(.giveBackAttempt, keyCount: buckets.count)
        for bucket in buckets { append(bucket.name, to: &command) }
        for bucket in buckets { command.append(Self.refill(of: bucket.rate)) }
        // An attempt that is not given back comes back with time.
        client.post(command)
    }

    private func command(
        _ script: RedisScript, on buckets: [(name: String, rate: AttemptRate)]
    ) -> RedisCommand {
        var command = RedisCommand(script, keyCount: buckets.count)
        for bucket in buckets { append(bucket.name, to: &command) }
        for bucket in buckets {
            command.append(Self.refill(of: bucket.rate))
            command.append(Int64(max(1, bucket.rate.burst)))
        }
        return command
    }

    private func append(_ name: String, to command: inout RedisCommand) {
        command.append(joining: client.keyPrefix, ":t:", name)
    }

    private static func refill(of rate: AttemptRate) -> Int64 {
        max(1, rate.refill.wholeMicroseconds)
    }
}
