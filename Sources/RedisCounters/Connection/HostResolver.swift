internal import Glibc
internal import Reactor

/// Looks a host name up on a thread of its own, because the library would do it on the loop.
final class HostResolver: Sendable {
    private let host: String
    private let pool: BlockingPool

    /// Makes a resolver; nil when the host is a numeric address and nothing is to be looked up.
    init?(host: String, waiting: Int) {
        guard Self.lookUp(host, flags: AI_NUMERICHOST) == nil else { return nil }
        self.host = host
        pool = BlockingPool(name: "redis-name", threads: 1, queueLimit: waiting)
    }

    /// Tells the numeric address, nil when there is none; on any thread.
    func resolve(_ completion: @escaping @Sendable (String?) -> Void) {
        let (host, pool) = (host, pool)
        // The end of the chain is a C callback's state machine, which no task awaits.
        Task {
            let address = try? await pool.run { Self.lookUp(host, flags: 0) }
            completion(address ?? nil)
        }
    }

    /// Ends the thread; waits for a look-up that is under way.
    func shutdown() {
        pool.shutdown()
    }

    // IPv4 before IPv6, as the library does it: servers that listen on 127.0.0.1 alone are the common case.
    private static func lookUp(_ host: String, flags: Int32) -> String? {
        lookUp(host, family: AF_INET, flags: flags) ?? lookUp(host, family: AF_INET6, flags: flags)
    }

    private static func lookUp(_ host: String, family: Int32, flags: Int32) -> String? {
        var hints = addrinfo()
        hints.ai_flags = flags
        hints.ai_family = family
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &found) == 0, let first = found else { return nil }
        defer { freeaddrinfo(first) }
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let status = getnameinfo(
            first.pointee.ai_addr, first.pointee.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
        guard status == 0 else { return nil }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
