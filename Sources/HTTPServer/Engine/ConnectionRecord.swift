/// What the engine knows of one connection and of the request on it; belongs to the engine's loop.
final class ConnectionRecord {
    /// Where the connection stands.
    ///
    ///     header ──► body ──► handling ──► ready ──► sending ──► waiting ──► header …
    ///        │         └────────(answer at once)───────▲
    ///        └─ any ──► closing
    enum Phase {
        /// The header is being read.
        case header
        /// The header is complete; the body is being read.
        case body
        /// The handler's task runs; the connection is parked or suspended.
        case handling
        /// The answer is there; the library has to ask for it.
        case ready
        /// The library sends the answer.
        case sending
        /// Kept alive; nothing of the next request is known.
        case waiting
        /// To be closed without a further word.
        case closing
    }

    let id: Int
    let connection: OpaquePointer
    let descriptor: Int32
    let peer: SocketAddress?
    var phase = Phase.header
    /// When the phase ends at the latest.
    var deadline: ContinuousClock.Instant
    var target: RequestTarget?
    var method = ""
    var headers = HTTPHeaders()
    var body: [UInt8] = []
    var bodyLimit = 0
    var response: HTTPResponse?
    var mustClose = false
    var isCounted = false
    /// Left to the library unanswered, which looks in with each run.
    var isParked = false
    /// Taken from the library until it is resumed.
    var isSuspended = false
    var task: Task<Void, Never>?
    /// The request's number in the engine: tells its answer from a late one to an earlier request.
    var serial = 0

    init(
        id: Int, connection: OpaquePointer, descriptor: Int32, peer: SocketAddress?,
        deadline: ContinuousClock.Instant
    ) {
        self.id = id
        self.connection = connection
        self.descriptor = descriptor
        self.peer = peer
        self.deadline = deadline
    }

    func enter(_ phase: Phase, until deadline: ContinuousClock.Instant) {
        self.phase = phase
        self.deadline = deadline
    }

    /// Whether the next step is the client's.
    var awaitsClient: Bool {
        switch phase {
        case .header, .body, .waiting: true
        case .handling, .ready, .sending, .closing: false
        }
    }

    /// Forgets the request, keeps the connection.
    func reset() {
        target = nil
        method = ""
        headers = HTTPHeaders()
        body = []
        response = nil
        task = nil
        mustClose = false
    }
}
