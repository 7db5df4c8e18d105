import Foundation
import Glibc

/// Settings, keys and a database that one or more instances of `otpd` share in a test.
package final class OTPDSite: @unchecked Sendable {
    // Unchecked: the dictionary of settings is set before instances start and only read after.

    /// The folder with the settings, keys, database and logs.
    package let folder: TemporaryDirectory
    private let settings: [String: Any]

    /// Makes a site; `redis` as in the settings, nil for one instance without Redis.
    package init(redis: String?, overrides: [String: Any] = [:]) throws {
        folder = try TemporaryDirectory()
        let ring = try Command.run(Self.binary, ["keys", "new"])
        try folder.write(ring.output, to: "ring.key")
        var settings: [String: Any] = [
            "listen": "127.0.0.1:0", "admin_listen": "127.0.0.1:0",
            "database": "sqlite:" + folder.path("otpd.db"),
            "redis": redis ?? NSNull(), "keys": [folder.path("ring.key")],
            "throttle": ["enabled": false],
        ]
        settings.merge(overrides) { $1 }
        self.settings = settings
        try writeSettings(name: "otpd.json", instance: "test")
    }

    /// The built program, beside the test bundle.
    package static let binary: String = {
        let bundle = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        return bundle.deletingLastPathComponent().appendingPathComponent("otpd").path
    }()

    /// The path of the settings file.
    package var config: String { folder.path("otpd.json") }

    /// Runs an `otpd` command with this site's settings, or with those that an instance was started with.
    package func run(_ arguments: [String], as instance: String = "otpd") throws -> CommandResult {
        try Command.run(Self.binary, arguments + ["--config", folder.path("\(instance).json")])
    }

    /// Adds a client and returns its key.
    package func addClient(_ name: String, scopes: [String]) throws -> String {
        let result = try run(["client", "add", "--name", name, "--scope", scopes.joined(separator: ",")])
        let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        guard let key = object?["key"] as? String else { throw OTPDError.command(result.output + result.error) }
        return key
    }

    /// Starts an instance and waits until it is ready; `overrides` change settings for it alone.
    package func start(_ name: String = "a", overrides: [String: Any] = [:]) throws -> OTPDInstance {
        try configure(name, overrides: overrides)
        return try OTPDInstance(
            binary: Self.binary, config: folder.path("\(name).json"), log: folder.path("\(name).log"))
    }

    /// Everything that the instances logged.
    package func logs(_ name: String = "a") -> String {
        (try? String(contentsOfFile: folder.path("\(name).log"), encoding: .utf8)) ?? ""
    }

    /// Writes the settings of an instance without starting it.
    package func configure(_ name: String, overrides: [String: Any] = [:]) throws {
        try writeSettings(name: "\(name).json", instance: name, overrides: overrides)
    }

    private func writeSettings(name: String, instance: String, overrides: [String: Any] = [:]) throws {
        var own = settings.merging(overrides) { $1 }
        own["instance"] = instance
        let data = try JSONSerialization.data(withJSONObject: own, options: [.prettyPrinted, .sortedKeys])
        try folder.write(String(decoding: data, as: UTF8.self), to: name)
    }
}

/// What went wrong with a process under test.
package enum OTPDError: Error {
    case command(String)
    case notReady(String)
}

/// A running `otpd`.
package final class OTPDInstance: @unchecked Sendable {
    // Unchecked: `Process` is used only to signal and await, which Foundation allows from any thread.
    private let process: Process

    /// The port of the service listener.
    package let servicePort: UInt16
    /// The port of the admin listener.
    package let adminPort: UInt16

    /// Starts the program and waits for its two addresses, at most 20 s.
    init(binary: String, config: String, log: String) throws {
        process = Process()
        process.executableURL = URL(fileURLWithPath: binary)
        process.arguments = ["serve", "--config", config]
        let output = config + ".out"
        process.standardOutput = try Command.handle(output)
        if !FileManager.default.fileExists(atPath: log) {
            _ = FileManager.default.createFile(atPath: log, contents: nil)
        }
        let errors = try FileHandle(forUpdating: URL(fileURLWithPath: log))
        try errors.seekToEnd()
        process.standardError = errors
        try process.run()
        var ports: [UInt16] = []
        for _ in 0..<4000 {
            let text = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
            ports = text.split(separator: "\n").compactMap { line in
                line.contains("http://") ? line.split(separator: ":").last.flatMap { UInt16($0) } : nil
            }
            if ports.count >= 2 || !process.isRunning { break }
            usleep(5000)
        }
        guard ports.count >= 2 else {
            process.terminate()
            throw OTPDError.notReady((try? String(contentsOfFile: log, encoding: .utf8)) ?? "no log")
        }
        servicePort = ports[0]
        adminPort = ports[1]
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    /// A client of the service listener.
    package func service(_ key: String?) -> HTTPTestClient { HTTPTestClient(port: servicePort, key: key) }

    /// A client of the admin listener.
    package func admin(_ key: String?) -> HTTPTestClient { HTTPTestClient(port: adminPort, key: key) }

    /// The sum of a metric over its labels; `containing` picks label sets.
    package func metric(_ name: String, containing label: String = "") async -> Double {
        let answer = await HTTPTestClient(port: adminPort).send("GET", "/metrics")
        return answer.text.split(separator: "\n").reduce(0) { sum, line in
            guard line.hasPrefix(name + "{") || line.hasPrefix(name + " "), label.isEmpty || line.contains(label)
            else { return sum }
            return sum + (line.split(separator: " ").last.flatMap { Double($0) } ?? 0)
        }
    }

    /// Ends it without a chance to tidy up.
    package func kill9() {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Ends it as a service manager does and returns its exit code.
    @discardableResult
    package func terminate() -> Int32 {
        process.terminate()
        process.waitUntilExit()
        return process.terminationStatus
    }
}
