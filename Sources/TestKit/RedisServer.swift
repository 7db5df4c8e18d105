internal import Foundation
internal import Glibc
internal import Synchronization

/// A real `redis-server` of a test's own, in a temporary directory, on a Unix socket and a free TCP port.
package final class RedisServer: Sendable {
    /// A server that did not start, or a command it refused.
    package struct Failure: Error {
        /// What went wrong.
        package let reason: String
    }

    /// Where its Unix socket is.
    package let socketPath: String
    /// Its TCP port on 127.0.0.1.
    package let port: UInt16

    private let directory: URL
    private let options: [String]
    private let password: String?
    private let process = Mutex<ServerProcess?>(nil)

    /// Starts a server and waits until it answers.
    ///
    /// - Parameters:
    ///   - appendOnly: Keeps what was written over a restart.
    ///   - password: Asked of every client.
    ///   - options: Further options as on the command line, `--maxmemory`, `1mb` …
    /// - Throws: `Failure` when it does not answer within ten seconds.
    package init(appendOnly: Bool = false, password: String? = nil, options: [String] = []) throws {
        directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("redis-" + UUID().uuidString.prefix(8).lowercased())
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        socketPath = directory.appendingPathComponent("socket").path
        port = try LoopbackPorts.free(1)[0]
        self.password = password
        self.options =
            options + ["--appendonly", appendOnly ? "yes" : "no", "--appendfsync", "always"]
            + (password.map { ["--requirepass", $0] } ?? [])
        try start()
    }

    deinit {
        kill()
        try? FileManager.default.removeItem(at: directory)
    }

    /// Starts the server if it does not run, and waits until it answers.
    package func start() throws {
        guard process.withLock({ $0 == nil }) else { return }
        let arguments =
            [
                "--port", String(port), "--bind", "127.0.0.1", "--unixsocket", socketPath, "--save", "", "--dir",
                directory.path, "--daemonize", "no", "--loglevel", "warning",
            ] + options
        let started = try ServerProcess("redis-server", arguments, log: directory.appendingPathComponent("log"))
        process.withLock { $0 = started }
        for _ in 0..<500 {
            if (try? command("PING")) == "PONG" { return }
            usleep(20_000)
        }
        throw Failure(reason: "redis-server does not answer")
    }

    /// Ends the server in good order.
    package func stop() {
        end(with: SIGTERM)
    }

    /// Ends the server as a crash would.
    package func kill() {
        end(with: SIGKILL)
    }

    /// Stops the server's process where it stands; connections stay open and nothing answers.
    package func freeze() {
        process.withLock { $0?.signal(SIGSTOP) }
    }

    /// Lets a frozen server go on.
    package func thaw() {
        process.withLock { $0?.signal(SIGCONT) }
    }

    /// Forgets everything that is stored.
    package func flushAll() throws {
        _ = try command("FLUSHALL")
    }

    /// Runs one command through `redis-cli`.
    ///
    /// - Returns: What it printed, without the line end.
    /// - Throws: `Failure` when the server cannot be reached.
    @discardableResult
    package func command(_ arguments: String...) throws -> String {
        let login = password.map { ["--no-auth-warning", "-a", $0] } ?? []
        let client = Process()
        client.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        client.arguments = ["redis-cli", "-s", socketPath] + login + arguments
        let output = Pipe()
        client.standardOutput = output
        client.standardError = FileHandle.nullDevice
        try client.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        client.waitUntilExit()
        guard client.terminationStatus == 0 else { throw Failure(reason: "redis-cli failed") }
        return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines)
    }

    private func end(with signal: Int32) {
        guard let running = process.withLock({ $0.take() }) else { return }
        running.signal(signal)
        running.signal(SIGCONT)
        running.wait()
    }
}

/// A child process that dies with its handle.
private final class ServerProcess: Sendable {
    private let identifier: pid_t
    private let process: Mutex<Process>

    init(_ name: String, _ arguments: [String], log: URL) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [name] + arguments
        _ = FileManager.default.createFile(atPath: log.path, contents: nil)
        let output = try FileHandle(forWritingTo: log)
        process.standardOutput = output
        process.standardError = output
        try process.run()
        identifier = process.processIdentifier
        self.process = Mutex(process)
    }

    func signal(_ number: Int32) {
        Glibc.kill(identifier, number)
    }

    func wait() {
        process.withLock { $0.waitUntilExit() }
    }
}
