internal import AuthDomain
package import AuthService

/// Sign-ins in progress in Redis: a string of eight bytes of version and then the record, with an expiry.
package struct RedisSignInStore: SignInStore {
    private static let versionLength = 8

    private let client: RedisClient

    /// Makes the adapter on the connections of a client.
    package init(client: RedisClient) {
        self.client = client
    }

    /// Stores a new sign-in; see the port.
    package func create(id: String, record: [UInt8], lifetime: Duration) async throws(CountersUnavailable) {
        var command = RedisCommand(.plain("SET"))
        command.append(name(of: id))
        command.append(Self.bytes(of: 1) + record)
        command.append("PX")
        command.append(max(1, lifetime.wholeMilliseconds))
        _ = try await client.run(command)
    }

    /// Reads a sign-in; see the port.
    package func find(id: String) async throws(CountersUnavailable) -> (record: [UInt8], version: Int64)? {
        var command = RedisCommand(.plain("GET"))
        command.append(name(of: id))
        switch try await client.run(command) {
        case .none: return nil
        case .bytes(let bytes) where bytes.count >= Self.versionLength:
            let version = bytes.prefix(Self.versionLength).reduce(Int64(0)) { $0 << 8 | Int64($1) }
            return (Array(bytes.dropFirst(Self.versionLength)), version)
        default: throw CountersUnavailable()
        }
    }

    /// Replaces a record of an unchanged version; see the port.
    package func replace(
        id: String, version: Int64, record: [UInt8], lifetime: Duration
    ) async throws(CountersUnavailable) -> Bool {
        var command = RedisCommand(.replaceSignIn)
        command.append(name(of: id))
        command.append(Self.bytes(of: version))
        command.append(Self.bytes(of: version + 1) + record)
        command.append(max(1, lifetime.wholeMilliseconds))
        return try await client.run(command) == .integer(1)
    }

    /// Ends a sign-in; see the port.
    package func remove(id: String) async throws(CountersUnavailable) {
        var command = RedisCommand(.plain("DEL"))
        command.append(name(of: id))
        _ = try await client.run(command)
    }

    private func name(of id: String) -> String {
        "\(client.keyPrefix):s:\(id)"
    }

    private static func bytes(of version: Int64) -> [UInt8] {
        (0..<versionLength).reversed().map { UInt8(truncatingIfNeeded: version >> ($0 * 8)) }
    }
}
