internal import Glibc
internal import Reactor

/// One client of a listener; touched on the loop's thread only, within the listener's isolation.
final class LineConnection {
    /// What the connection waits for.
    enum Phase {
        /// For the first byte of a request.
        case idle
        /// For the rest of a request.
        case reading
        /// For the handler.
        case answering
        /// For the client to read a refusal and close.
        case lingering
    }

    let id: Int
    let descriptor: Int32
    var phase = Phase.idle
    /// When the phase began; all its bytes share one deadline.
    var since = ContinuousClock.now
    var assembler: RequestAssembler
    var watch: DescriptorWatch?
    var task: Task<Void, Never>?
    /// Whether the client has closed its side: it still gets the answer it waits for.
    var isEnded = false
    /// Bytes dropped while lingering.
    var dropped = 0

    init(id: Int, descriptor: Int32, limits: LineLimits) {
        self.id = id
        self.descriptor = descriptor
        assembler = RequestAssembler(limits: limits)
    }

    func enter(_ phase: Phase) {
        self.phase = phase
        since = .now
    }

    /// Whether all bytes went out; a client that lets its answers pile up until they do not fit is cut off.
    func send(_ bytes: [UInt8]) -> Bool {
        let count = bytes.withUnsafeBytes {
            Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
        }
        return count == bytes.count
    }

    /// What one look at the socket found.
    enum Reading {
        case bytes(Int)
        case nothing
        case end
    }

    func receive(into buffer: UnsafeMutableRawBufferPointer) -> Reading {
        let count = recv(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
        if count > 0 { return .bytes(count) }
        if count < 0, errno == EAGAIN || errno == EINTR { return .nothing }
        return .end
    }
}
