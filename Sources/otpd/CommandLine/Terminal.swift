internal import Glibc
import JSONText

/// Exit codes of sysexits.h that the commands use.
enum ExitCode: Int32, Error {
    case success = 0
    case failure = 1
    case usage = 64
    case badData = 65
    case unavailable = 69
    case cannotCreate = 73
    case configuration = 78
}

/// Output for the person at the terminal; logs go elsewhere.
enum Terminal {
    /// Writes a line to standard output at once.
    static func line(_ text: String) {
        print(text)
        fflush(nil)
    }

    /// Writes one of very many lines to standard output, which passes them on in larger pieces.
    static func row(_ bytes: [UInt8]) {
        print(String(decoding: bytes, as: UTF8.self))
    }

    /// Who runs the command, as far as the system tells, for the record.
    static var user: String? { getenv("USER").map { String(String(cString: $0).prefix(64)) } }

    /// Whether a program reads the output: then complaints are JSON objects, one to a line.
    static let isJSON = CommandLine.arguments.contains("--json")

    /// Writes a line to standard error; a hint is for people alone.
    static func complain(_ text: String, hint: String? = nil) {
        var bytes = Array(([text] + [hint].compactMap { $0 }).joined(separator: "\n").utf8)
        if isJSON {
            let plain = text.hasPrefix("otpd: ") ? String(text.dropFirst(6)) : text
            bytes = JSONWriter.object { $0.field("error", plain) }
        }
        bytes.append(UInt8(ascii: "\n"))
        _ = write(2, &bytes, bytes.count)
    }

    /// Everything on standard input, at most `limit` bytes; nil when there is more.
    static func input(limit: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(0, &buffer, buffer.count)
            if count <= 0 { return bytes }
            bytes += buffer[..<count]
            if bytes.count > limit { return nil }
        }
    }
}
