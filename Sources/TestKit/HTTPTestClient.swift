import Foundation
import Glibc

/// An answer as it came over the socket.
package struct HTTPTestAnswer: @unchecked Sendable {
    // Unchecked: `json` holds only what JSONSerialization makes, which nobody mutates.

    /// The status; 0 when the connection ended without an answer.
    package let status: Int
    /// Header fields, names in lower case.
    package let headers: [String: String]
    /// The body.
    package let body: [UInt8]
    /// The body as a JSON object, empty when it is none.
    package let json: [String: Any]

    /// A text member of the JSON body.
    package subscript(_ name: String) -> String? { json[name] as? String }

    /// The body as text.
    package var text: String { String(decoding: body, as: UTF8.self) }
}

/// A small blocking HTTP/1.1 client over one connection for each call, for tests that send hundreds at once.
package struct HTTPTestClient: Sendable {
    private let port: UInt16
    private let key: String?
    private let timeout: Int

    /// Makes a client of a server on loopback; `timeout` in seconds.
    package init(port: UInt16, key: String? = nil, timeout: Int = 30) {
        self.port = port
        self.key = key
        self.timeout = timeout
    }

    /// Sends a request on a thread of its own and returns the answer.
    package func send(
        _ method: String, _ path: String, _ body: [String: Any]? = nil, headers: [String: String] = [:]
    ) async -> HTTPTestAnswer {
        let request = message(method, path, body, headers)
        return await withCheckedContinuation { continuation in
            let thread = Thread { continuation.resume(returning: exchange(request)) }
            thread.stackSize = 256 * 1024
            thread.start()
        }
    }

    /// Sends `count` requests at the same moment, each on a connection that is open before.
    package func sendTogether(
        _ count: Int, _ method: String, _ path: String, _ body: (Int) -> [String: Any]
    ) async -> [HTTPTestAnswer] {
        let requests = (0..<count).map { message(method, path, body($0), [:]) }
        return await withTaskGroup(of: HTTPTestAnswer.self) { group in
            for request in requests {
                group.addTask {
                    await withCheckedContinuation { continuation in
                        let thread = Thread { continuation.resume(returning: exchange(request)) }
                        thread.stackSize = 256 * 1024
                        thread.start()
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    private func message(
        _ method: String, _ path: String, _ body: [String: Any]?, _ headers: [String: String]
    ) -> [UInt8] {
        var text = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        if let key { text += "Authorization: Bearer \(key)\r\n" }
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        var payload = Data()
        if let body, let encoded = try? JSONSerialization.data(withJSONObject: body) {
            payload = encoded
            text += "Content-Type: application/json\r\nContent-Length: \(payload.count)\r\n"
        } else if method != "GET" {
            text += "Content-Length: 0\r\n"
        }
        return Array((text + "\r\n").utf8) + Array(payload)
    }

    /// Sends raw bytes and reads until the server closes.
    package func exchange(_ request: [UInt8]) -> HTTPTestAnswer {
        let failed = HTTPTestAnswer(status: 0, headers: [:], body: [], json: [:])
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return failed }
        defer { close(descriptor) }
        var wait = timeval(tv_sec: timeout, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &wait, size)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let isConnected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else { return failed }
        var sent = 0
        while sent < request.count {
            let count = request[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { break }
            sent += count
        }
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            received += buffer[..<count]
        }
        return Self.parse(received) ?? failed
    }

    private static func parse(_ bytes: [UInt8]) -> HTTPTestAnswer? {
        let separator = Array("\r\n\r\n".utf8)
        guard let end = bytes.indices.first(where: { bytes[$0...].starts(with: separator) }) else { return nil }
        let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n")
        let words = lines[0].split(separator: " ")
        guard words.count >= 2, let status = Int(words[1]) else { return nil }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        let body = Array(bytes[(end + 4)...])
        let object = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]
        return HTTPTestAnswer(status: status, headers: headers, body: body, json: object ?? [:])
    }
}
