package import AuthDomain
internal import AuthService
internal import Glibc
internal import JSONText
package import Reactor

/// Writes each message as a JSON line `{ref, text, to}` to a file instead of sending it, for trials.
///
/// The file holds codes and numbers in clear: whoever can read it can sign in. It is no gateway for people.
package struct FileGateway: SMSGateway {
    /// Its name in the settings.
    package let name: String
    private let path: String
    private let files: BlockingPool

    /// Makes a gateway that appends to a file, which is made when it is missing, readable by this user alone.
    ///
    /// - Parameters:
    ///   - name: Its name in the settings.
    ///   - path: The file.
    ///   - files: Where writing may block.
    package init(name: String = "file", path: String, files: BlockingPool) {
        self.name = name
        self.path = path
        self.files = files
    }

    /// Appends one line.
    package func send(_ message: OutgoingSMS) async -> GatewayOutcome {
        let path = path
        do {
            return try await files.run { Self.append(message, to: path) }
        } catch {
            // Full or shut down: nothing was begun.
            return .refused(.retryable, reason: "no room to write")
        }
    }

    private static func append(_ message: OutgoingSMS, to path: String) -> GatewayOutcome {
        let bytes =
            JSONWriter.object { writer in
                writer.field("to", message.phone.e164)
                writer.field("text", message.text)
                writer.field("ref", message.reference)
            } + [UInt8(ascii: "\n")]
        // Opened for each message, so that the file can be moved away; never through a link, never a pipe.
        let flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
        let descriptor = open(path, flags, 0o600)
        guard descriptor >= 0 else { return .refused(.configuration, reason: "file cannot be opened (errno \(errno))") }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, fchmod(descriptor, 0o600) == 0 else {
            return .refused(.configuration, reason: "no regular file of our own")
        }
        // One write of one line: lines of several instances do not mix.
        let count = write(descriptor, bytes, bytes.count)
        guard count == bytes.count else {
            return count < 0 ? .refused(.retryable, reason: "errno \(errno)") : .ambiguous(reason: "written in part")
        }
        return .accepted(providerID: nil)
    }
}
