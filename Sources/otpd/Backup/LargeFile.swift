import AuthDomain
import Cryptography
internal import Glibc

/// Files too large for memory.
enum LargeFile {
    /// A file that cannot be read or written, in the system's words.
    struct Failure: Error {
        let path: String
        let reason: String

        fileprivate init(_ path: String) {
            self.path = path
            reason = String(cString: strerror(errno))
        }
    }

    private static let pieceByteCount = 1 << 20

    /// SHA-256 of a file in hexadecimal digits; copies the file on the way if a target is named.
    ///
    /// The target must not exist, is readable by its owner alone, and is on the disk when the call returns.
    static func digest(_ path: String, copyingTo target: String? = nil) throws(Failure) -> String {
        let source = open(path, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { throw Failure(path) }
        defer { close(source) }
        var copy: Int32 = -1
        if let target {
            copy = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard copy >= 0 else { throw Failure(target) }
        }
        defer { if copy >= 0 { close(copy) } }
        let digest = FileDigest()
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceByteCount, alignment: 16)
        defer { piece.deallocate() }
        while true {
            let count = read(source, piece.baseAddress, piece.count)
            guard count >= 0 else { throw Failure(path) }
            guard count > 0 else { break }
            let content = UnsafeRawBufferPointer(rebasing: piece[..<count])
            digest.update(content)
            if let target { try write(content, to: copy, target) }
        }
        if let target, fsync(copy) != 0 { throw Failure(target) }
        return Hex.encode(digest.finish())
    }

    /// Writes a new small file, readable by its owner alone.
    static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure(path) }
        defer { close(descriptor) }
        let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        guard count == bytes.count, fsync(descriptor) == 0 else { throw Failure(path) }
    }

    /// Makes a folder for its owner alone; it must not exist.
    static func makeFolder(_ path: String) throws(Failure) {
        guard mkdir(path, 0o700) == 0 else { throw Failure(path) }
    }

    /// Gives a file its final name; nothing may have that name.
    static func rename(_ path: String, to target: String) throws(Failure) {
        guard link(path, target) == 0 else { throw Failure(target) }
        unlink(path)
    }

    /// Removes a file, if it is there.
    static func remove(_ path: String) {
        unlink(path)
    }

    /// Whether anything has a name.
    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    private static func write(_ content: UnsafeRawBufferPointer, to descriptor: Int32, _ path: String) throws(Failure) {
        var rest = content
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
            guard count > 0 else { throw Failure(path) }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }
}
