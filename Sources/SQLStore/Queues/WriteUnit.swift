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
    /// When it was handed in.
    let enqueued = ContinuousClock.now
    private let outcome = Mutex<Outcome>(.waiting)

    private enum Outcome {
        case waiting
        case failed(any Error)
        case committed
    }

    init(body: @escaping @Sendable (inout Transaction) throws -> Void) {
        self.body = body
    }

    /// Whether the writer is done with it.
    var isSettled: Bool {
        outcome.withLock { outcome in
            if case .waiting = outcome { false } else { true }
        }
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
    let limit: Int
    var isClosed = false
    private var units: [WriteUnit] = []
    // Units before it are gone; the array is compacted when the front part is the larger one.
    private var front = 0

    init(limit: Int) {
        self.limit = limit
    }

    /// How many wait.
    var count: Int { units.count - front }

    /// Takes a unit, or says why not.
    mutating func accept(_ unit: WriteUnit) -> WriteRefusal? {
        guard !isClosed else { return .closed }
        guard count < limit else { return .full }
        units.append(unit)
        return nil
    }

    /// Takes the oldest units out.
    mutating func drain(upTo maximum: Int) -> [WriteUnit] {
        let batch = Array(units[front...].prefix(maximum))
        front += batch.count
        if front * 2 > units.count {
            units.removeFirst(front)
            front = 0
        }
        return batch
    }
}
