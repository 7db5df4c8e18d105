internal import Glibc
internal import Reactor

/// The few things done to a connection's socket past the library.
enum ConnectionSocket {
    /// Writes what fits into the socket's buffer; a refusal always does, since nothing was sent before it.
    static func write(_ bytes: [UInt8], to descriptor: Int32) {
        _ = bytes.withUnsafeBytes {
            send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
        }
    }

    /// Whether the client has ended the stream and nothing before that end is unread.
    static func isEnded(_ descriptor: Int32) -> Bool {
        var byte: UInt8 = 0
        return recv(descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)) == 0
    }

    /// Ends both directions, so that the library reads the end of the stream.
    static func shutDown(_ descriptor: Int32) {
        shutdown(descriptor, Int32(SHUT_RDWR))
    }
}

/// Keeps a refused connection's socket until the client has read the refusal.
///
/// A socket that is closed with unread bytes resets the connection, and the reset may overtake the answer; so what
/// the client still sends is read and dropped, within bounds of time and volume.
final class LingeringClose: Sendable {
    private static let patience = Duration.seconds(2)
    private static let maxLingering = 256
    private static let maxBytesPerTurn = 256 * 1024

    private let descriptor: Int32
    // Unowned: the engine closes what lingers before it ends.
    private unowned let engine: Engine

    private init(descriptor: Int32, engine: Engine) {
        self.descriptor = descriptor
        self.engine = engine
    }

    /// Sends the end of the stream and keeps a duplicate of the socket open; on the loop.
    static func begin(_ original: Int32, engine: Engine) {
        guard engine.lingering.count < maxLingering else { return }
        let descriptor = fcntl(original, F_DUPFD_CLOEXEC, 0)
        guard descriptor >= 0 else { return }
        shutdown(descriptor, Int32(SHUT_WR))
        let linger = LingeringClose(descriptor: descriptor, engine: engine)
        let watch = engine.loop.watchReadable(descriptor: descriptor) { linger.discard() }
        let timer = engine.loop.schedule(after: patience) { linger.close() }
        engine.lingering[ObjectIdentifier(linger)] = Entry(linger: linger, watch: watch, timer: timer)
    }

    /// What the engine holds for one socket.
    struct Entry {
        let linger: LingeringClose
        let watch: DescriptorWatch
        let timer: LoopTimer
    }

    /// Gives the socket up; a second call does nothing.
    func close() {
        guard let entry = engine.lingering.removeValue(forKey: ObjectIdentifier(self)) else { return }
        entry.timer.cancel()
        entry.watch.close()
        Glibc.close(descriptor)
    }

    private func discard() {
        withUnsafeTemporaryAllocation(byteCount: 16 * 1024, alignment: 1) { buffer in
            for _ in 0..<(Self.maxBytesPerTurn / buffer.count) {
                let count = recv(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
                if count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR) { return close() }
                if count < 0 { return }
            }
        }
    }
}
