internal import Foundation
internal import Glibc

/// A blocking client of a mail server: lines out, lines in, with a bound on every wait.
package final class MailClient: Sendable {
    /// The server did not do what was waited for.
    package struct Failure: Error, CustomStringConvertible {
        /// What went wrong.
        package let description: String
    }

    private let descriptor: Int32
    private let name: String

    /// Connects to a port on loopback; reads wait at most `timeout` seconds.
    package init(port: UInt16, timeout: Int = 15) throws {
        name = "port \(port)"
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var wait = timeval(tv_sec: timeout, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
        guard LoopbackPorts.connect(descriptor, to: port) else {
            throw Failure(description: "\(name) does not accept")
        }
    }

    deinit { close(descriptor) }

    /// Sends one line; its end is added.
    package func send(_ line: String) { sendText(line + "\r\n") }

    /// Sends text as it is, or as much of it as the server takes.
    package func sendText(_ text: String) {
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
    }

    /// The next line without its end; nil when the server has closed or does not speak in time.
    package func line() -> String? {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while recv(descriptor, &byte, 1, 0) == 1 {
            if byte == UInt8(ascii: "\n") {
                if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
                return String(decoding: bytes, as: UTF8.self)
            }
            bytes.append(byte)
        }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }

    /// Lines up to and with the first that a condition holds for.
    package func lines(until isLast: (String) -> Bool) throws -> [String] {
        var lines: [String] = []
        while let line = line() {
            lines.append(line)
            if isLast(line) { return lines }
        }
        throw Failure(description: "\(name) ended after: \(lines.suffix(3))")
    }

    // MARK: SMTP

    /// Sends a command and returns the last line of the reply.
    package func smtp(_ command: String) throws -> String {
        send(command)
        return try smtpReply()
    }

    /// The last line of a reply of one or more lines.
    package func smtpReply() throws -> String {
        try lines { $0.dropFirst(3).first != "-" }.last ?? ""
    }

    /// Opens a session and signs in; returns the reply to that.
    package func signInSMTP(_ user: String, _ password: String) throws -> String {
        _ = try smtpReply()
        _ = try smtp("EHLO client.example.org")
        let plain = Data(("\0" + user + "\0" + password).utf8).base64EncodedString()
        return try smtp("AUTH PLAIN \(plain)")
    }

    // MARK: IMAP

    /// Sends a command with a tag and returns every line up to its completion.
    package func imap(_ tag: String, _ command: String) throws -> [String] {
        send("\(tag) \(command)")
        return try lines { $0.hasPrefix("\(tag) ") || $0.hasPrefix("* BYE") || $0.hasPrefix("* BAD") }
    }

    /// Reads the greeting and signs in; returns the last line.
    package func signInIMAP(_ user: String, _ password: String) throws -> String {
        _ = line()
        let quoted = password.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"")
        return try imap("a", "LOGIN \"\(user)\" \"\(quoted)\"").last ?? ""
    }

    /// Reads the greeting and signs in by POP3; returns the reply to the password.
    package func signInPOP3(_ user: String, _ password: String) throws -> String {
        _ = line()
        send("USER \(user)")
        _ = line()
        send("PASS \(password)")
        return line() ?? ""
    }
}
