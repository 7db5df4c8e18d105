import Foundation
import Settings
import Testing

/// A folder with what settings name: key files, a blocklist, a clock file; it goes with the value.
final class SettingsFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "otpd-settings-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try write("ring-1", Self.keyLine(id: 1, byte: 7) + "\n")
        try write("ring-2", Self.keyLine(id: 2, byte: 9))
        try write("blocklist", "123456\n")
        try write("clock", "2026-11-23T00:00:00Z\n")
        try write("redis-password", "hunter2\n")
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    static func keyLine(id: UInt8, byte: UInt8) -> String {
        RingKeyFile.line(id: [0, 0, 0, id], key: [UInt8](repeating: byte, count: 32))
    }

    func write(_ name: String, _ content: String) throws {
        try Data(content.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
    }

    /// Parses settings with the two required keys given, and the rest of the members as told.
    func parse(_ members: String = "", environment: [String: String] = [:]) throws(SettingsProblems) -> Settings {
        try parse(whole: "{\"database\": \"sqlite:otpd.db\", \"keys\": [\"ring-1\"], \(members)}", environment)
    }

    func parse(whole text: String, _ environment: [String: String] = [:]) throws(SettingsProblems) -> Settings {
        try Settings.parse(bytes: Array(text.utf8), path: "\(path)/otpd.json", environment: environment)
    }

    /// The lines of what is wrong; the folder's own path is shown as `DIR`.
    func problems(_ members: String, environment: [String: String] = [:]) -> [String] {
        lines { () throws(SettingsProblems) in try parse(members, environment: environment) }
    }

    func problems(whole text: String) -> [String] {
        lines { () throws(SettingsProblems) in try parse(whole: text) }
    }

    private func lines(_ body: () throws(SettingsProblems) -> Settings) -> [String] {
        do throws(SettingsProblems) {
            _ = try body()
            return []
        } catch {
            return error.problems.map { $0.description.replacing(path, with: "DIR") }
        }
    }
}
