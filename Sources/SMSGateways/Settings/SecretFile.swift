internal import AuthDomain
internal import Glibc

/// Reads small files named in the settings, without ever blocking on a pipe or a device.
enum SecretFile {
    struct Fault: Error {
        let message: String
    }

    static func resolve(_ path: String, folder: String) -> String {
        path.hasPrefix("/") ? path : folder + "/" + path
    }

    static func isReadable(_ path: String) -> Bool {
        if case .success = content(path, limit: 1 << 20) { true } else { false }
    }

    /// The secret in a file, without the line break at its end.
    static func read(_ path: String, folder: String) -> Result<SecretBytes, Fault> {
        content(resolve(path, folder: folder), limit: 4096).flatMap { content in
            var bytes = content
            defer { for index in bytes.indices { bytes[index] = 0 } }
            if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
            if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
            guard !bytes.isEmpty, bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }),
                String(validating: bytes, as: UTF8.self) != nil
            else { return .failure(Fault(message: "names a file that does not hold one line of text")) }
            return .success(SecretBytes(bytes))
        }
    }

    /// The whole of a regular file of at most `limit` bytes.
    static func content(_ path: String, limit: Int) -> Result<[UInt8], Fault> {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return .failure(Fault(message: "names a file that cannot be opened")) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= limit else {
            return .failure(Fault(message: "names no regular file of at most \(limit) bytes"))
        }
        var bytes = [UInt8](repeating: 0, count: limit + 1)
        var count = 0
        while count < bytes.count {
            let got = bytes.withUnsafeMutableBytes { buffer in
                let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
                return pread(descriptor, rest.baseAddress, rest.count, count)
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { return .failure(Fault(message: "names a file that cannot be read")) }
            if got == 0 { break }
            count += got
        }
        return count > limit
            ? .failure(Fault(message: "names a file of more than \(limit) bytes")) : .success(Array(bytes[..<count]))
    }
}
