internal import Glibc

/// Where log lines go.
package protocol LogSink: Sendable {
    /// The most bytes it is handed at once, unless one line alone is longer.
    var pieceLimit: Int { get }

    /// Writes whole lines, their breaks included; false when they were lost. It may wait, but not for ever.
    func write(_ lines: ArraySlice<UInt8>) -> Bool
}

/// Lines written to a file descriptor, by one `write(2)` where the kernel takes them whole.
package struct DescriptorSink: LogSink {
    /// What a pipe takes whole; more than that might block beyond the patience.
    private static let pipeLimit = 4096
    private static let fileLimit = 64 << 10

    /// What the descriptor takes at once: files never make a writer wait for a reader.
    package let pieceLimit: Int
    private let descriptor: Int32
    private let patience: Duration

    /// Standard error.
    package static let standardError = DescriptorSink(descriptor: 2)

    /// Writes to an open descriptor, which the caller keeps open and closes.
    ///
    /// - Parameters:
    ///   - descriptor: A file, pipe or socket; the process must ignore `SIGPIPE`.
    ///   - patience: How long one write may wait for a reader that does not read.
    package init(descriptor: Int32, patience: Duration = .seconds(2)) {
        self.descriptor = descriptor
        self.patience = patience
        var status = stat()
        let isFile = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        pieceLimit = isFile ? Self.fileLimit : Self.pipeLimit
    }

    /// Writes lines; false when the descriptor takes nothing within the patience or is broken.
    package func write(_ lines: ArraySlice<UInt8>) -> Bool {
        var start = 0
        while start < lines.count {
            guard waitsForRoom() else { return false }
            let count = lines.withUnsafeBytes { buffer in
                Glibc.write(descriptor, buffer.baseAddress?.advanced(by: start), min(buffer.count - start, pieceLimit))
            }
            if count > 0 {
                start += count
            } else if errno != EINTR, errno != EAGAIN {
                return false
            }
        }
        return true
    }

    private func waitsForRoom() -> Bool {
        let (seconds, attoseconds) = patience.components
        let milliseconds = Int32(clamping: seconds * 1000 + attoseconds / 1_000_000_000_000_000)
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        while true {
            let ready = poll(&entry, 1, milliseconds)
            if ready < 0, errno == EINTR { continue }
            return ready > 0 && entry.revents & Int16(POLLOUT) != 0
        }
    }
}
