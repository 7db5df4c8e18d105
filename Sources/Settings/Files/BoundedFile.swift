internal import Glibc

/// Reading of small files that can neither block nor fill the memory.
package enum BoundedFile {
    /// Why a file was not read.
    package struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        /// The words that follow the path: `does not exist`.
        package let description: String
    }

    /// The content of a regular file of at most `limit` bytes.
    ///
    /// Devices, pipes and folders are refused before anything is read.
    /// - Throws: `Failure` when it is missing, unreadable, no regular file or too large.
    package static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
        let descriptor = try open(path)
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        while true {
            let room = min(limit + 1 - bytes.count, 65536)
            guard room > 0 else { throw Failure(description: "is larger than \(limit) bytes") }
            var count = 0
            let chunk = [UInt8](unsafeUninitializedCapacity: room) { buffer, initialised in
                count = Glibc.read(descriptor, buffer.baseAddress, room)
                initialised = max(count, 0)
            }
            if count == 0 { return bytes }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Failure(description: "cannot be read (errno \(errno))") }
            bytes += chunk
        }
    }

    /// Checks that a path names a regular file that can be opened for reading.
    /// - Throws: `Failure` as `read` does.
    package static func check(_ path: String) throws(Failure) {
        close(try open(path))
    }

    /// Whether users outside the file's group may read it; false when that cannot be told.
    static func isReadableByAll(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IROTH != 0
    }

    /// Whether a path names a folder.
    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private static func open(_ path: String) throws(Failure) -> Int32 {
        // Not blocking: opening a pipe would otherwise wait for its writer.
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            switch errno {
            case ENOENT, ENOTDIR: throw Failure(description: "does not exist")
            case EACCES, EPERM: throw Failure(description: "cannot be read: permission denied")
            default: throw Failure(description: "cannot be opened (errno \(errno))")
            }
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw Failure(description: "is not a regular file")
        }
        return descriptor
    }
}

extension [UInt8] {
    /// Overwrites a secret that was read, before its memory is given back.
    ///
    /// Not inlined, so that the stores are not seen as dead and dropped.
    @inline(never)
    mutating func wipe() {
        for index in indices { self[index] = 0 }
    }
}
