internal import Glibc

/// Why a server could not be started.
package enum HTTPServerError: Error, Equatable, Sendable {
    /// The text is no `host:port` or `[v6]:port`, or the host is unknown.
    case invalidAddress(String)
    /// Another process, or another listener of this one, has the port.
    case addressInUse(String)
    /// The port or address needs a right that the process does not have.
    case permissionDenied(String)
    /// No interface of this machine has the address.
    case addressNotAvailable(String)
    /// A call failed for another reason, with its error number.
    case systemCall(name: String, code: Int32)
}

/// A resolved address to listen on.
struct ListenAddress {
    private var storage = sockaddr_storage()
    private let length: socklen_t
    let text: String

    /// Parses `host:port` or `[v6]:port` and resolves the host; blocks while it does.
    init(_ text: String) throws(HTTPServerError) {
        self.text = text
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            throw .invalidAddress(text)
        }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            throw .invalidAddress(text)
        }
        guard !host.isEmpty else { throw .invalidAddress(text) }
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        var results: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(String(host), String(port), &hints, &results) == 0, let first = results else {
            throw .invalidAddress(text)
        }
        defer { freeaddrinfo(results) }
        length = first.pointee.ai_addrlen
        memcpy(&storage, first.pointee.ai_addr, Int(length))
    }

    /// The port; 0 leaves the choice to the kernel.
    var port: UInt16 {
        get { withUnsafeBytes(of: storage) { UInt16(bigEndian: $0.load(fromByteOffset: 2, as: UInt16.self)) } }
        set {
            withUnsafeMutableBytes(of: &storage) {
                $0.storeBytes(of: newValue.bigEndian, toByteOffset: 2, as: UInt16.self)
            }
        }
    }

    /// Opens a listening socket for each loop, all on the same port.
    func listen(count: Int, backlog: Int32) throws(HTTPServerError) -> (sockets: [Int32], bound: (String, Int)) {
        // The shared sockets would also share with a second instance of the same user: a socket that does not
        // share finds that out first.
        if port != 0 { close(try bind(sharing: false)) }
        var address = self
        var sockets: [Int32] = []
        do throws(HTTPServerError) {
            for _ in 0..<count {
                let socket = try address.bind(sharing: true)
                sockets.append(socket)
                guard Glibc.listen(socket, backlog) == 0 else { throw address.failure("listen") }
                address.port = UInt16(SocketAddress(local: socket)?.port ?? 0)
            }
        } catch {
            for socket in sockets { close(socket) }
            throw error
        }
        let bound = sockets.first.flatMap(SocketAddress.init(local:))
        return (sockets, (bound?.host ?? "", bound?.port ?? 0))
    }

    private func bind(sharing: Bool) throws(HTTPServerError) -> Int32 {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(Int32(storage.ss_family), type, 0)
        guard descriptor >= 0 else { throw failure("socket") }
        Self.set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
        if sharing { Self.set(descriptor, SOL_SOCKET, SO_REUSEPORT, 1) }
        if Int32(storage.ss_family) == AF_INET6 { Self.set(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, 0) }
        let result = withUnsafeBytes(of: storage) { bytes in
            // A sockaddr_storage holds any address; the kernel reads its first `length` bytes.
            bytes.withMemoryRebound(to: sockaddr.self) { Glibc.bind(descriptor, $0.baseAddress, length) }
        }
        guard result == 0 else {
            let error = failure("bind")
            close(descriptor)
            throw error
        }
        return descriptor
    }

    private static func set(_ descriptor: Int32, _ level: Int32, _ option: Int32, _ value: Int32) {
        var value = value
        setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    private func failure(_ call: String) -> HTTPServerError {
        switch errno {
        case EADDRINUSE: .addressInUse(text)
        case EACCES, EPERM: .permissionDenied(text)
        case EADDRNOTAVAIL: .addressNotAvailable(text)
        default: .systemCall(name: call, code: errno)
        }
    }
}

/// A numeric host with its port.
struct SocketAddress {
    let host: String
    let port: Int

    /// The address a socket is bound to.
    init?(local descriptor: Int32) {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutableBytes(of: &storage) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { getsockname(descriptor, $0.baseAddress, &length) }
        }
        guard result == 0 else { return nil }
        self = withUnsafeBytes(of: storage) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { address in
                address.baseAddress.map(SocketAddress.init) ?? SocketAddress(host: "", port: 0)
            }
        }
    }

    /// Reads an IPv4 or IPv6 address; IPv4 mapped into IPv6 comes out as IPv4.
    init(_ address: UnsafePointer<sockaddr>) {
        let raw = UnsafeRawPointer(address)
        // Linux keeps the family at offset 0 and the port at 2; the address is at offset 4 (IPv4) or 8 (IPv6).
        let family = Int32(raw.load(as: UInt16.self))
        port = Int(UInt16(bigEndian: raw.load(fromByteOffset: 2, as: UInt16.self)))
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        inet_ntop(family, raw + (family == AF_INET6 ? 8 : 4), &text, socklen_t(text.count))
        let numeric = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        host = numeric.hasPrefix("::ffff:") && numeric.contains(".") ? String(numeric.dropFirst(7)) : numeric
    }

    private init(host: String, port: Int) {
        self.host = host
        self.port = port
    }
}
