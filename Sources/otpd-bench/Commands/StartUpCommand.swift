internal import Glibc

/// Starts the service and prints the milliseconds until `/readyz` answers 200; then stops it.
enum StartUpCommand {
    static func run(_ options: Options) throws {
        let start = WallTime.monotonic()
        let child = try Child([try options.text("otpd"), "serve", "--config", try options.text("config")])
        defer { child.stop() }
        let port = try child.servicePort()
        while WallTime.monotonic() - start < 20_000_000_000 {
            if try readiness(port) == 200 {
                print("ms=\(Double((WallTime.monotonic() - start) / 10_000) / 100)")
                return
            }
            usleep(500)
        }
        throw BenchFailure("the service did not become ready in 20 s")
    }

    private static func readiness(_ port: UInt16) throws -> Int {
        var socket = try LoadSocket(port: port, wire: .http)
        try socket.send(Array("GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".utf8))
        while true {
            if let status = try socket.receive() { return status }
        }
    }
}

/// A process whose standard output is read.
private struct Child {
    private let process: pid_t
    private let output: Int32

    init(_ words: [String]) throws(BenchFailure) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw BenchFailure("no pipe") }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_addclose(&actions, ends[0])
        posix_spawn_file_actions_addclose(&actions, ends[1])
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        arguments.append(nil)
        defer { for argument in arguments { free(argument) } }
        var id = pid_t()
        let status = posix_spawn(&id, words[0], &actions, nil, arguments, environ)
        posix_spawn_file_actions_destroy(&actions)
        close(ends[1])
        guard status == 0 else {
            throw BenchFailure("\(words[0]) cannot be started: \(String(cString: strerror(status)))")
        }
        process = id
        output = ends[0]
    }

    /// The port in the line `listening on http://…:PORT`.
    func servicePort() throws(BenchFailure) -> UInt16 {
        var text = ""
        var chunk = [UInt8](repeating: 0, count: 1024)
        while true {
            let count = read(output, &chunk, chunk.count)
            guard count > 0 else { throw BenchFailure("the service ended before it listened") }
            text += String(decoding: chunk[..<count], as: UTF8.self)
            for line in text.split(separator: "\n").dropLast(text.hasSuffix("\n") ? 0 : 1)
            where line.hasPrefix("listening on ") {
                if let port = line.split(separator: ":").last.flatMap({ UInt16($0) }) { return port }
            }
        }
    }

    func stop() {
        kill(process, SIGTERM)
        var status: Int32 = 0
        waitpid(process, &status, 0)
        close(output)
    }
}
