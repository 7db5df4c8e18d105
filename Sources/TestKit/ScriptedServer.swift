internal import Foundation
internal import Glibc
internal import Synchronization

/// What a scripted server does with each request, once it has read it whole.
package enum Script: Sendable {
    /// Sends bytes, then keeps the connection for the next request.
    case answer(String)
    /// Sends bytes, then closes.
    case answerAndClose([UInt8])
    /// Sends a head, then the same kilobyte until the client goes.
    case endless(String)
    /// Never answers.
    case hang
    /// Resets the connection.
    case reset
    /// Closes in good order without a byte.
    case close

    /// A whole answer with its length.
    package static func reply(_ status: Int, _ body: String, type: String = "application/json", extra: String = "")
        -> Script
    {
        .answer(
            "HTTP/1.1 \(status) X\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n\(extra)\r\n\(body)"
        )
    }
}

/// A request as it came over the socket.
package struct SeenRequest: Sendable {
    /// The request line.
    package let line: String
    /// The fields, names in lower case.
    package let headers: [String: String]
    /// The body, read as UTF-8.
    package let body: String
    /// On which connection it came, counted from 1.
    package let connection: Int
}

/// A raw-socket HTTP server on loopback that follows a script, one step for each request, the last for all further.
package final class ScriptedServer: Sendable {
    /// Where it listens.
    package let port: UInt16
    private let listener: Int32
    private let decide: @Sendable (SeenRequest, Int) -> Script
    private let seen = Mutex<[SeenRequest]>([])
    private let open = Mutex<Set<Int32>>([])

    /// Starts it.
    package convenience init(_ script: Script...) {
        self.init(script)
    }

    /// Starts it.
    package convenience init(_ script: [Script]) {
        self.init { _, count in script[min(count, script.count) - 1] }
    }

    /// Starts it with a decision for each request by itself.
    package convenience init(deciding decide: @escaping @Sendable (SeenRequest) -> Script) {
        self.init { request, _ in decide(request) }
    }

    /// Starts it with a decision for each request, told how many there were with it.
    private init(_ decide: @escaping @Sendable (SeenRequest, Int) -> Script) {
        self.decide = decide
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                precondition(bind(descriptor, generic, length) == 0 && listen(descriptor, 64) == 0)
                precondition(getsockname(descriptor, generic, &length) == 0)
            }
        }
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [self] in acceptAll() }
    }

    /// An address on it.
    package var url: String { "http://127.0.0.1:\(port)/send" }
    /// What came so far.
    package var requests: [SeenRequest] { seen.withLock { $0 } }

    /// Ends it and every connection.
    package func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
        for descriptor in open.withLock({ $0 }) { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }

    /// Waits until a request fits.
    package func wait(seconds: Double = 10, _ fits: ([SeenRequest]) -> Bool) -> [SeenRequest] {
        let end = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < end, !fits(requests) { usleep(10_000) }
        return requests
    }

    private func acceptAll() {
        var number = 0
        while true {
            let connection = accept(listener, nil, nil)
            guard connection >= 0 else { return }
            number += 1
            open.withLock { _ = $0.insert(connection) }
            Thread.detachNewThread { [self, number] in
                serve(connection, number)
                open.withLock { _ = $0.remove(connection) }
                close(connection)
            }
        }
    }

    private func serve(_ connection: Int32, _ number: Int) {
        var buffer: [UInt8] = []
        while let request = read(connection, &buffer, number) {
            let count = seen.withLock { seen in
                seen.append(request)
                return seen.count
            }
            let step = decide(request, count)
            guard follow(step, connection) else { return }
        }
    }

    /// Whether the connection goes on.
    private func follow(_ step: Script, _ connection: Int32) -> Bool {
        switch step {
        case .answer(let text):
            return send(Array(text.utf8), connection)
        case .answerAndClose(let bytes):
            _ = send(bytes, connection)
        case .endless(let head):
            guard send(Array(head.utf8), connection) else { return false }
            while send([UInt8](repeating: 0x61, count: 1024), connection) {}
        case .hang:
            var byte: UInt8 = 0
            while recv(connection, &byte, 1, 0) > 0 {}
        case .reset:
            var linger = linger(l_onoff: 1, l_linger: 0)
            setsockopt(connection, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
        case .close: break
        }
        return false
    }

    private func send(_ bytes: [UInt8], _ connection: Int32) -> Bool {
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.send(connection, buffer.baseAddress! + offset, buffer.count - offset, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            offset += count
        }
        return true
    }

    private func read(_ connection: Int32, _ buffer: inout [UInt8], _ number: Int) -> SeenRequest? {
        while true {
            if let request = parse(&buffer, number) { return request }
            var chunk = [UInt8](repeating: 0, count: 65536)
            let count = recv(connection, &chunk, chunk.count, 0)
            guard count > 0 else { return nil }
            buffer += chunk[..<count]
        }
    }

    private func parse(_ buffer: inout [UInt8], _ number: Int) -> SeenRequest? {
        guard let end = buffer.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: buffer[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
            headers[parts[0].lowercased()] = parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
        }
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        guard buffer.count >= end.upperBound + length else { return nil }
        let body = String(decoding: buffer[end.upperBound..<end.upperBound + length], as: UTF8.self)
        buffer.removeFirst(end.upperBound + length)
        return SeenRequest(line: lines[0], headers: headers, body: body, connection: number)
    }
}
