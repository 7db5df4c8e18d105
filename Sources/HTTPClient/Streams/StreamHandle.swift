internal import AuthDomain
internal import CCurl
internal import Glibc

/// A connection that libcurl makes and secures and that carries bytes of ours; used on one thread.
struct StreamHandle: ~Copyable {
    private final class Connection {
        let raw: UnsafeMutableRawPointer
        let socket: Int32

        init(raw: UnsafeMutableRawPointer, socket: Int32) {
            self.raw = raw
            self.socket = socket
        }

        deinit { curl_easy_cleanup(raw) }
    }

    private final class Slot {
        var connection: Connection?
    }

    private static let libraryStart: CURLcode = curl_start_library()
    private let slot = Slot()

    /// Whether there is a connection that the other side has not closed.
    func isStanding() -> Bool {
        guard let connection = slot.connection else { return false }
        // What a collector says is of no interest; that it closes is.
        var buffer = [UInt8](repeating: 0, count: 512)
        while true {
            var count = 0
            let code = curl_easy_recv(connection.raw, &buffer, buffer.count, &count)
            if code == CURLE_AGAIN { return true }
            guard code == CURLE_OK, count > 0 else {
                slot.connection = nil
                return false
            }
        }
    }

    /// Sends all bytes, or closes the connection.
    func send(_ bytes: [UInt8], to target: StreamTarget, patience: Duration) -> Result<Void, OutgoingFailure> {
        if !isStanding() {
            switch Self.connect(target, patience: patience) {
            case .success(let connection): slot.connection = connection
            case .failure(let failure): return .failure(failure)
            }
        }
        guard let connection = slot.connection else { return .failure(OutgoingFailure(.other, .notSent)) }
        let deadline = ContinuousClock.now + patience
        var sent = 0
        while sent < bytes.count {
            var count = 0
            let code = bytes.withUnsafeBytes { buffer in
                curl_easy_send(connection.raw, buffer.baseAddress! + sent, buffer.count - sent, &count)
            }
            sent += count
            if code == CURLE_OK { continue }
            let isLate = ContinuousClock.now >= deadline
            guard code == CURLE_AGAIN, !isLate else {
                slot.connection = nil
                return .failure(OutgoingFailure(isLate ? .timeout : .reset, sent == 0 ? .notSent : .ambiguous))
            }
            var waiting = pollfd(fd: connection.socket, events: Int16(POLLOUT | POLLIN), revents: 0)
            _ = poll(&waiting, 1, 200)
        }
        return .success(())
    }

    private static func connect(_ target: StreamTarget, patience: Duration) -> Result<Connection, OutgoingFailure> {
        guard libraryStart == CURLE_OK, let raw = curl_easy_init() else {
            return .failure(OutgoingFailure(.other, .notSent))
        }
        let scheme = target.isSecure ? "https" : "http"
        var isSet =
            curl_set_text(raw, CURLOPT_URL, "\(scheme)://\(target.host):\(target.port)/") == CURLE_OK
            && curl_set_text(raw, CURLOPT_PROTOCOLS_STR, scheme) == CURLE_OK
            && curl_set_long(raw, CURLOPT_CONNECT_ONLY, 1) == CURLE_OK
            && curl_set_long(raw, CURLOPT_NOSIGNAL, 1) == CURLE_OK
            && curl_set_text(raw, CURLOPT_PROXY, "") == CURLE_OK
            && curl_set_text(raw, CURLOPT_NOPROXY, "*") == CURLE_OK
            && curl_set_long(raw, CURLOPT_SSL_ENABLE_ALPN, 0) == CURLE_OK
            && curl_set_long(raw, CURLOPT_SSL_VERIFYPEER, 1) == CURLE_OK
            && curl_set_long(raw, CURLOPT_SSL_VERIFYHOST, 2) == CURLE_OK
            && curl_set_long(raw, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)) == CURLE_OK
            && curl_set_long(raw, CURLOPT_QUICK_EXIT, 1) == CURLE_OK
            && curl_set_long(raw, CURLOPT_TCP_KEEPALIVE, 1) == CURLE_OK
            && curl_set_long(raw, CURLOPT_CONNECTTIMEOUT_MS, Int(patience.wholeMilliseconds)) == CURLE_OK
        if let file = target.authorityFile {
            isSet =
                isSet && curl_set_text(raw, CURLOPT_CAINFO, file) == CURLE_OK
                && curl_set_text(raw, CURLOPT_CAPATH, nil) == CURLE_OK
        }
        let code = isSet ? curl_easy_perform(raw) : CURLE_URL_MALFORMAT
        let socket = curl_active_socket(raw)
        guard code == CURLE_OK, socket >= 0 else {
            curl_easy_cleanup(raw)
            return .failure(OutgoingFailure(CurlHandle.reason(code), .notSent))
        }
        return .success(Connection(raw: raw, socket: socket))
    }
}
