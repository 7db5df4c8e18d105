internal import Glibc

/// How answers end on a connection, and what they say.
enum LoadWire {
    /// HTTP/1.1 with a length.
    case http
    /// Postfix' policy delegation: lines up to an empty one; what may go on counts as 200.
    case policy
}

/// A keep-alive connection to 127.0.0.1 that has one request under way at a time.
struct LoadSocket: ~Copyable {
    /// For `poll`.
    let descriptor: Int32
    private let wire: LoadWire
    private var received: [UInt8] = []

    init(port: UInt16, wire: LoadWire) throws(BenchFailure) {
        self.wire = wire
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else {
            let reason = String(cString: strerror(errno))
            close(descriptor)
            throw BenchFailure("cannot connect to port \(port): \(reason)")
        }
    }

    deinit { close(descriptor) }

    /// Sends a whole request.
    func send(_ request: [UInt8]) throws(BenchFailure) {
        guard write(descriptor, request, request.count) == request.count else {
            throw BenchFailure("a request could not be sent")
        }
    }

    /// Takes what has come in; the status once the answer is complete.
    mutating func receive() throws(BenchFailure) -> Int? {
        var chunk = [UInt8](repeating: 0, count: 16_384)
        let count = read(descriptor, &chunk, chunk.count)
        guard count > 0 else { throw BenchFailure("the service closed a connection") }
        received += chunk[..<count]
        let text = String(decoding: received, as: UTF8.self)
        if wire == .policy {
            guard text.hasSuffix("\n\n") else { return nil }
            received.removeAll(keepingCapacity: true)
            return text == "action=DUNNO\n\n" ? 200 : 403
        }
        guard let end = text.firstRange(ofText: "\r\n\r\n") else { return nil }
        let head = text[..<end.lowerBound].lowercased()
        var length = 0
        for line in head.split(separator: "\r\n") where line.hasPrefix("content-length:") {
            length = Int(line.dropFirst(15).drop { $0 == " " }) ?? 0
        }
        guard text[end.upperBound...].utf8.count >= length else { return nil }
        received.removeAll(keepingCapacity: true)
        return head.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    }
}

extension String {
    /// The first place of a text, searched without Foundation.
    fileprivate func firstRange(ofText text: String) -> Range<String.Index>? {
        let bytes = Array(utf8)
        let wanted = Array(text.utf8)
        guard bytes.count >= wanted.count else { return nil }
        for start in 0...bytes.count - wanted.count where bytes[start..<start + wanted.count].elementsEqual(wanted) {
            let lower = utf8.index(startIndex, offsetBy: start)
            return lower..<utf8.index(lower, offsetBy: wanted.count)
        }
        return nil
    }
}
