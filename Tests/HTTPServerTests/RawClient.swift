import Glibc

/// A client that writes bytes as they are and reads what comes back, with a time limit on every read.
final class RawClient {
    private let descriptor: Int32
    private var pending: [UInt8] = []

    init(port: Int, seconds: Int = 5) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafeBytes(of: address) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) {
                connect(descriptor, $0.baseAddress, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Failure(call: "connect", code: errno) }
    }

    deinit {
        close(descriptor)
    }

    struct Failure: Error {
        let call: String
        let code: Int32
    }

    struct Answer: Equatable {
        var status = 0
        var fields: [String: String] = [:]
        var body = ""
    }

    /// Writes all bytes; false when the peer has closed.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    /// Reads one answer; `nil` when the peer closed or reset before its end.
    func answer(hasBody: Bool = true) throws -> Answer? {
        guard let head = try take(through: "\r\n\r\n") else { return nil }
        var answer = Answer()
        let lines = head.split(separator: "\r\n")
        answer.status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            answer.fields[line[..<colon].lowercased()] = String(value)
        }
        let length = answer.fields["content-length"].flatMap { Int($0) } ?? 0
        if hasBody, length > 0 {
            while pending.count < length { guard try fill() else { return nil } }
            answer.body = String(decoding: pending.prefix(length), as: UTF8.self)
            pending.removeFirst(length)
        }
        return answer
    }

    /// Whether the peer closes, with whatever it still sends dropped; throws when it does not in time.
    func isClosed() throws -> Bool {
        while try fill() {}
        return true
    }

    /// Ends the connection at once, with a reset.
    func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    /// Ends the connection in order: no more is sent, what comes may still be read.
    func finish() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    private func take(through mark: String) throws -> String? {
        let mark = Array(mark.utf8)
        while true {
            if let range = pending.firstRange(of: mark) {
                let text = String(decoding: pending[..<range.upperBound], as: UTF8.self)
                pending.removeSubrange(..<range.upperBound)
                return text
            }
            guard try fill() else { return nil }
        }
    }

    private func fill() throws -> Bool {
        var buffer = [UInt8](repeating: 0, count: 16 * 1024)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count > 0 { pending += buffer.prefix(count) }
        if count < 0, errno != ECONNRESET { throw Failure(call: "recv", code: errno) }
        return count > 0
    }
}
