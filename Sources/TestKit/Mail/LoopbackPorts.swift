internal import Glibc

/// Ports on 127.0.0.1 for servers that must be told theirs.
package enum LoopbackPorts {
    /// No free port was found.
    package struct Exhausted: Error {}

    /// Ports that were free a moment ago, all different, below the range from which clients get theirs.
    package static func free(_ count: Int) throws -> [UInt16] {
        var generator = SystemRandomNumberGenerator()
        var ports: [UInt16] = []
        for _ in 0..<2_000 where ports.count < count {
            let port = UInt16.random(in: 14_000...31_000, using: &generator)
            if !ports.contains(port), isFree(port) { ports.append(port) }
        }
        guard ports.count == count else { throw Exhausted() }
        return ports
    }

    /// Whether something accepts on a port.
    package static func accepts(_ port: UInt16) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        return connect(descriptor, to: port)
    }

    static func connect(_ descriptor: Int32, to port: UInt16) -> Bool {
        withAddress(port) { Glibc.connect(descriptor, $0, $1) } == 0
    }

    private static func isFree(_ port: UInt16) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        return withAddress(port) { bind(descriptor, $0, $1) } == 0
    }

    private static func withAddress(_ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
