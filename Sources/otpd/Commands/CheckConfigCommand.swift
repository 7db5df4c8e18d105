internal import Foundation
import JSONText
import Settings

/// `otpd check-config`: every problem of the settings at once.
enum CheckConfigCommand {
    static func run(_ arguments: Arguments) throws {
        let settings = try load(arguments)
        guard !arguments.has("json") else {
            return Terminal.row(
                JSONWriter.object { json in
                    json.field("good", true)
                    json.strings("warnings", settings.warnings.map { "\($0)" })
                })
        }
        for warning in settings.warnings { Terminal.complain("warning: \(warning)") }
        Terminal.line("settings are good")
    }

    /// The settings that a command was given; prints every problem and ends with 78 when there are any.
    static func load(_ arguments: Arguments) throws -> Settings {
        let path = try arguments.required("config")
        let absolute = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
        do {
            return try Settings.load(
                path: absolute, environment: ProcessInfo.processInfo.environment, inspection: .gateways)
        } catch {
            for problem in error.problems { Terminal.complain("\(problem)") }
            let count = error.problems.count
            Terminal.complain("otpd: \(count) problem\(count == 1 ? "" : "s") in \(path)")
            throw ExitCode.configuration
        }
    }
}
