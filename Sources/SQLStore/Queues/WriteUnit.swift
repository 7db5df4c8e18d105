internal import Synchronization

/// Why the queue did not take or did not run a unit of work; nothing was written.
enum WriteRefusal: Error {
    /// As many units as allowed are waiting.
    case full
    /// The store was closed.
    case closed
    /// The unit waited longer than its caller would.
    case waitedTooLong

    var reason: String {
        switch self {
        case .full: "the write queue is full"
        case .closed: "the store is closed"
        case .waitedTooLong: "the write queue is too slow"
        }
    }
}

/// A unit of work on its way through the writer.
final class WriteUnit: Sendable {
    /// What to do; its value is kept by the closure itself.
    let body: @Sendable (inout Transaction) throws -> Void
    /// What it may change.
    let scope: ChangeScope
    /// When it was handed in.
    let enqueued = ContinuousClock.now
    private let answered: @Sendable (Result<Void, any Error>) -> Void
    private let outcome = Mutex<Outcome>(.waiting)

    private enum Outcome {
        case waiting
        case failed(any Error)
        case committed
    }

    /// Makes a unit.
    ///
    /// - Parameters:
    ///   - scope: What it may change.
    ///   - body: What to do.
    ///   - answered: Hears once, on the writer's thread, what became of it.
    init(
        scope: ChangeScope = .anything, body: @escaping @Sendable (inout Transaction) throws -> Void,
        answered: @escaping @Sendable (Result<Void, any Error>) -> Void = { _ in }
    ) {
        self.scope = scope
        self.body = body
        self.answered = answered
    }

    /// Tells its caller what became of it; to be called once.
    func answer() {
        answered(Result { try check() })
    }

    /// Notes that it failed, unless it is settled.
    func fail(_ error: any Error) {
        outcome.withLock { outcome in
            if case .waiting = outcome { outcome = .failed(error) }
        }
    }

    /// Notes that its transaction was committed, unless it failed on its own.
    func commit() {
        outcome.withLock { outcome in
            if case .waiting = outcome { outcome = .committed }
        }
    }

    /// Throws what it failed with.
    func check() throws {
        try outcome.withLock { outcome in
            switch outcome {
            case .committed: return
            case .failed(let error): throw error
            case .waiting: throw WriteRefusal.closed
            }
        }
    }
}

/// Units that wait for the writer, oldest first; bounded.
struct WriteBacklog {
    /// What became of a unit that was handed in.
    enum Acceptance {
        /// The writer is idle and must be woken.
        case first
        /// The writer is at work and will come to it.
        case joined
        case refused(WriteRefusal)
    }

    let limit: Int
    var isClosed = false
    private var isWriterAwake = false
    private var units: [WriteUnit] = []
    // Units before it are gone; the array is compacted when the front part is the larger one.
    private var front = 0

    init(limit: Int) {
        self.limit = limit
    }

    /// How many wait.
    var count: Int { units.count - front }

    /// Takes a unit, or says why not.
    mutating func accept(_ unit: WriteUnit) -> Acceptance {
        guard !isClosed else { return .refused(.closed) }
        guard count < limit else { return .refused(.full) }
        units.append(unit)
        defer { isWriterAwake = true }
        return isWriterAwake ? .joined : .first
    }

    /// Takes the oldest units out; nil when there are none, whereupon the next one has to wake the writer.
    mutating func drain(upTo maximum: Int) -> [WriteUnit]? {
        guard count > 0 else {
            isWriterAwake = false
            return nil
        }
        let batch = Array(units[front...].prefix(maximum))
        front += batch.count
        if front * 2 > units.count {
            units.removeFirst(front)
            front = 0
        }
        return batch
    }
}
