import Foundation
import Glibc
import TestKit

/// `openssl s_server` with a certificate of its own for `localhost`.
final class TLSServer {
    let url: String
    let certificate: String
    private let process = Process()

    init(folder: TemporaryDirectory) throws {
        certificate = try Self.certificate(folder: folder, name: "server")
        // A port that a scripted server just gave back.
        let probe = ScriptedServer(.hang)
        let port = probe.port
        probe.stop()
        url = "https://localhost:\(port)/"
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = [
            "s_server", "-accept", "127.0.0.1:\(port)", "-cert", certificate, "-key", folder.path("server.key"), "-www",
            "-quiet",
        ]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        for _ in 0..<200 {
            let probe = try Command.run("curl", ["-sk", "--max-time", "2", "--noproxy", "*", "-o", "/dev/null", url])
            if probe.status == 0 { return }
            usleep(20_000)
        }
    }

    func stop() {
        // A child of a worker thread has SIGTERM blocked.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    static func certificate(folder: TemporaryDirectory, name: String) throws -> String {
        let path = folder.path(name + ".pem")
        _ = try Command.run(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout",
                folder.path(name + ".key"), "-out", path,
            ])
        return path
    }
}
