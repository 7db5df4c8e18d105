package import Foundation

/// A folder of one test's own, removed with its last reference.
package final class TemporaryDirectory: Sendable {
    /// Where it is.
    package let url: URL

    /// Makes a folder that only this user can read.
    package init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("otpd-test-\(UUID().uuidString.prefix(12))")
        try FileManager.default.createDirectory(
            at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    /// The path of a file in it.
    package func path(_ name: String) -> String {
        url.appendingPathComponent(name).path
    }

    /// Writes a text file and returns its path.
    @discardableResult
    package func write(_ text: String, to name: String) throws -> String {
        try Data(text.utf8).write(to: url.appendingPathComponent(name), options: .atomic)
        return path(name)
    }
}
