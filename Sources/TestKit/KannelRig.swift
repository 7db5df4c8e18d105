internal import Foundation
internal import Glibc
internal import Synchronization

/// A message as it came out of the fake carrier.
package struct HandsetMessage: Hashable, Sendable {
    /// The sender.
    package let from: String
    /// The number.
    package let to: String
    /// What the handset shows.
    package let text: String
    /// Whether it came as UCS-2.
    package let isUnicode: Bool
}

/// A real Kannel of a test's own on loopback: `bearerbox`, `smsbox` and, as carrier and handset, `fakesmsc`.
///
/// Needs Debian's `kannel` and `kannel-extras`.
package final class KannelRig: Sendable {
    /// A part that did not start or come on line in time.
    package struct Failure: Error {
        /// What went wrong.
        package let reason: String
    }

    private struct Running {
        var bearerbox: Process?
        var smsbox: Process?
        var carrier: Process?
        var carrierInput: Pipe?
    }

    /// The user of `sendsms`.
    package static let user = "otpd"
    /// The password of that user.
    package static let password = "kannel-trial-password"

    /// Where `sendsms` listens.
    package let sendPort: UInt16
    private let adminPort: UInt16
    private let boxPort: UInt16
    private let carrierPort: UInt16
    private let folder: TemporaryDirectory
    private let running = Mutex(Running())

    /// The address of `sendsms`.
    package var sendURL: String { "http://127.0.0.1:\(sendPort)/cgi-bin/sendsms" }

    /// Starts Kannel, and the carrier too unless it is to be off line, and waits until they are ready.
    package init(carrierOnline: Bool = true) throws {
        folder = try TemporaryDirectory()
        let ports = try LoopbackPorts.free(4)
        (sendPort, adminPort, boxPort, carrierPort) = (ports[0], ports[1], ports[2], ports[3])
        try folder.write(configuration, to: "kannel.conf")
        try start()
        if carrierOnline { try connectCarrier() }
    }

    deinit {
        stop()
    }

    /// Starts `bearerbox` and `smsbox` if they do not run, and waits until they serve.
    package func start() throws {
        try running.withLock { running in
            guard running.bearerbox == nil else { return }
            running.bearerbox = try launch("/usr/sbin/bearerbox", ["-v", "4", folder.path("kannel.conf")], "bearerbox")
        }
        try wait("bearerbox") { LoopbackPorts.accepts(boxPort) && LoopbackPorts.accepts(adminPort) }
        try running.withLock { running in
            running.smsbox = try launch("/usr/sbin/smsbox", ["-v", "4", folder.path("kannel.conf")], "smsbox")
        }
        try wait("smsbox") { LoopbackPorts.accepts(sendPort) && status.contains("smsbox:") }
    }

    /// Puts the carrier on line and waits until Kannel sees it.
    package func connectCarrier() throws {
        try wait("carrier's port") { LoopbackPorts.accepts(carrierPort) }
        try running.withLock { running in
            let input = Pipe()
            let arguments = ["-H", "127.0.0.1", "-r", String(carrierPort), "-i", "0.01", "-m", "0"]
            running.carrierInput = input
            running.carrier = try launch("/usr/lib/kannel/test/fakesmsc", arguments, "carrier", input: input)
        }
        try wait("carrier's link") { status.contains("FAKE:\(carrierPort) (online") }
    }

    /// Takes the carrier off line and waits until Kannel sees that.
    package func disconnectCarrier() throws {
        running.withLock { running in
            Self.end(running.carrier)
            running.carrier = nil
            running.carrierInput = nil
        }
        try wait("carrier's end") { !status.contains("FAKE:\(carrierPort) (online") }
    }

    /// Ends everything.
    package func stop() {
        running.withLock { running in
            for process in [running.carrier, running.smsbox, running.bearerbox] { Self.end(process) }
            running = Running()
        }
    }

    /// The messages that have reached the handset, over all times the carrier was on line.
    package var messages: [HandsetMessage] {
        var messages: [HandsetMessage] = []
        for line in lines("carrier") {
            guard line.contains(": Got message "), let start = line.firstIndex(of: "<"), line.hasSuffix(">") else {
                continue
            }
            let content = String(line[line.index(after: start)...].dropLast())
            if let message = Self.message(content) {
                messages.append(message)
            } else if let last = messages.popLast() {
                // The fake carrier speaks in lines: a text of several lines looks like several messages.
                messages.append(
                    HandsetMessage(
                        from: last.from, to: last.to, text: last.text + "\n" + content, isUnicode: last.isUnicode))
            }
        }
        return messages
    }

    /// Waits until so many messages have reached the handset, and returns all of them.
    package func waitForMessages(_ count: Int, seconds: Double = 10) throws -> [HandsetMessage] {
        try wait("\(count) messages", seconds: seconds) { messages.count >= count }
        return messages
    }

    /// The content of every log that Kannel itself keeps, to look for what must not be there.
    package var logs: String {
        ["bearerbox.log", "smsbox.log", "bearerbox", "smsbox"].flatMap(lines).joined(separator: "\n")
    }

    /// What Kannel says of itself.
    package var status: String {
        let url = "http://127.0.0.1:\(adminPort)/status.txt?password=status-trial"
        return (try? Command.run("curl", ["-s", "--max-time", "2", "--noproxy", "*", url]).output) ?? ""
    }

    private var configuration: String {
        """
        group = core
        admin-port = \(adminPort)
        admin-interface = 127.0.0.1
        admin-password = admin-trial
        status-password = status-trial
        smsbox-port = \(boxPort)
        smsbox-interface = 127.0.0.1
        box-allow-ip = "127.0.0.1"
        box-deny-ip = "*.*.*.*"
        dlr-storage = internal
        log-file = "\(folder.path("bearerbox.log"))"
        log-level = 2

        group = smsc
        smsc = fake
        smsc-id = FAKE
        host = 127.0.0.1
        port = \(carrierPort)
        connect-allow-ip = 127.0.0.1

        group = smsbox
        bearerbox-host = 127.0.0.1
        bearerbox-port = \(boxPort)
        sendsms-port = \(sendPort)
        sendsms-interface = 127.0.0.1
        log-file = "\(folder.path("smsbox.log"))"
        log-level = 2

        group = sendsms-user
        username = \(Self.user)
        password = \(Self.password)
        user-allow-ip = 127.0.0.1
        user-deny-ip = "*.*.*.*"
        concatenation = true
        max-messages = 10

        group = sms-service
        keyword = default
        max-messages = 0
        text = ""

        """
    }

    private func launch(_ path: String, _ arguments: [String], _ log: String, input: Pipe? = nil) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.currentDirectoryURL = folder.url
        let file = folder.path(log)
        if !FileManager.default.fileExists(atPath: file) { try folder.write("", to: log) }
        let output = try FileHandle(forWritingTo: URL(fileURLWithPath: file))
        try output.seekToEnd()
        process.standardOutput = output
        process.standardError = output
        // The fake carrier ends when its input does, so it is kept open.
        process.standardInput = input ?? FileHandle.nullDevice
        try process.run()
        return process
    }

    private static func end(_ process: Process?) {
        guard let process, process.isRunning else { return }
        // A child of a worker thread has SIGTERM blocked, and nothing that Kannel would put in order is kept.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    private func lines(_ name: String) -> [String] {
        let text = (try? String(contentsOfFile: folder.path(name), encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map(String.init)
    }

    private static func message(_ line: String) -> HandsetMessage? {
        let parts = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4, ["text", "ucs-2"].contains(parts[2]),
            parts[1].drop(while: { $0 == "+" }).allSatisfy(\.isNumber)
        else { return nil }
        let isUnicode = parts[2] == "ucs-2"
        let text = isUnicode ? decoded(parts[3]) : parts[3]
        return HandsetMessage(from: parts[0], to: parts[1], text: text, isUnicode: isUnicode)
    }

    /// Text of UTF-16 in big-endian order, written with percent escapes.
    private static func decoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"),
                let escaped = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(escaped)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
            }
        }
        let units = stride(from: 0, to: bytes.count - 1, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        return String(decoding: units, as: UTF16.self)
    }

    private func wait(_ what: String, seconds: Double = 30, until isSo: () -> Bool) throws {
        let end = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < end {
            if isSo() { return }
            usleep(20_000)
        }
        throw Failure(reason: "\(what): not in time\n" + lines("bearerbox").suffix(5).joined(separator: "\n"))
    }
}
