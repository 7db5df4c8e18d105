internal import Glibc

/// A listening socket that the loops share; closed with its last reference.
final class LineSocket: Sendable {
    /// What accepting led to.
    enum Acceptance {
        case client(Int32)
        /// Nobody waits, or another loop was faster.
        case none
        /// The process or the machine has no descriptor left.
        case exhausted
    }

    let descriptor: Int32
    /// The path to remove at the end.
    private let path: String?

    private init(descriptor: Int32, path: String? = nil) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit {
        if let path { unlink(path) }
        close(descriptor)
    }

    func accept() -> Acceptance {
        let client = Glibc.accept(descriptor, nil, nil)
        guard client >= 0 else {
            return [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(errno) ? .exhausted : .none
        }
        _ = fcntl(client, F_SETFD, FD_CLOEXEC)
        return .client(client)
    }

    /// The port it is bound to.
    var port: UInt16 {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let status = withUnsafeMutableBytes(of: &storage) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { getsockname(descriptor, $0.baseAddress, &length) }
        }
        guard status == 0 else { return 0 }
        // IPv4 and IPv6 both keep the port at offset 2.
        return withUnsafeBytes(of: storage) { UInt16(bigEndian: $0.load(fromByteOffset: 2, as: UInt16.self)) }
    }

    // MARK: Opening

    /// Listens on an IP address.
    static func tcp(host: String, port: UInt16) throws(LineServerError) -> LineSocket {
        let shown = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV | AI_NUMERICHOST
        var results: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &results) == 0, let found = results else {
            throw LineServerError(address: shown, reason: "is no IP address")
        }
        defer { freeaddrinfo(results) }
        let descriptor = try make(family: found.pointee.ai_family, shown)
        var one: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        guard bind(descriptor, found.pointee.ai_addr, found.pointee.ai_addrlen) == 0, listen(descriptor, 1_024) == 0
        else { throw failure(shown, closing: descriptor) }
        return LineSocket(descriptor: descriptor)
    }

    /// Listens on a path, with a mode that says who may connect.
    ///
    /// A socket that nobody listens on any more is replaced; any other file is left alone.
    static func unix(path: String, mode: UInt32) throws(LineServerError) -> LineSocket {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path), !bytes.isEmpty else {
            throw LineServerError(address: path, reason: "is too long for a socket's path")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let descriptor = try make(family: AF_UNIX, path)
        var status = attach(descriptor, address, bind)
        if status != 0, errno == EADDRINUSE, isAbandoned(address, path) {
            unlink(path)
            status = attach(descriptor, address, bind)
        }
        guard status == 0 else { throw failure(path, closing: descriptor) }
        guard chmod(path, mode_t(mode)) == 0, listen(descriptor, 1_024) == 0 else {
            let error = failure(path, closing: descriptor)
            unlink(path)
            throw error
        }
        return LineSocket(descriptor: descriptor, path: path)
    }

    private static func make(family: Int32, _ shown: String) throws(LineServerError) -> Int32 {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(family, type, 0)
        guard descriptor >= 0 else { throw LineServerError(address: shown, code: errno) }
        return descriptor
    }

    private static func failure(_ shown: String, closing descriptor: Int32) -> LineServerError {
        let error = LineServerError(address: shown, code: errno)
        close(descriptor)
        return error
    }

    private static func attach(
        _ descriptor: Int32, _ address: sockaddr_un,
        _ call: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                call(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    /// Whether a path is a socket that refuses connections: what a process that was killed leaves behind.
    private static func isAbandoned(_ address: sockaddr_un, _ path: String) -> Bool {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return false }
        let probe = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard probe >= 0 else { return false }
        defer { close(probe) }
        return attach(probe, address, connect) != 0 && errno == ECONNREFUSED
    }
}
