package import Foundation

/// The end of a command that was run.
package struct CommandResult: Sendable {
    /// Its exit code, or minus the signal that ended it.
    package let status: Int32
    /// What it wrote to standard output.
    package let output: String
    /// What it wrote to standard error.
    package let error: String
}

/// Runs commands of the machine; the calling thread waits.
package enum Command {
    /// Runs a program found on the path, feeding it `input`.
    package static func run(
        _ program: String, _ arguments: [String], input: String = "", environment: [String: String] = [:]
    ) throws -> CommandResult {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        // Files rather than pipes: nothing to drain, so nothing can block.
        let folder = try TemporaryDirectory()
        let inputFile = try folder.write(input, to: "in")
        process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: inputFile))
        process.standardOutput = try handle(folder.path("out"))
        process.standardError = try handle(folder.path("err"))
        try process.run()
        process.waitUntilExit()
        let status = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
        return CommandResult(
            status: status, output: try text(folder.path("out")), error: try text(folder.path("err")))
    }

    /// Opens a fresh file for writing.
    package static func handle(_ path: String) throws -> FileHandle {
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    }

    private static func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    }
}
