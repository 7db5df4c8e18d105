internal import Synchronization

/// What a line server counts; written on its loops, read from any thread.
final class LineCounters: Sendable {
    private let connections = Atomic<Int>(0)
    private let requests = Atomic<Int>(0)
    private let evictions = Atomic<Int>(0)
    private let refusals = Mutex<[LineRefusal: Int]>([:])

    var openConnections: Int { connections.load(ordering: .relaxed) }
    var requestsReceived: Int { requests.load(ordering: .relaxed) }
    var evicted: Int { evictions.load(ordering: .relaxed) }

    func opened() { connections.add(1, ordering: .relaxed) }
    func closed() { connections.subtract(1, ordering: .relaxed) }
    func countRequest() { requests.add(1, ordering: .relaxed) }
    func countEviction() { evictions.add(1, ordering: .relaxed) }
    func count(_ reason: LineRefusal) { refusals.withLock { $0[reason, default: 0] += 1 } }
    func refused(_ reason: LineRefusal) -> Int { refusals.withLock { $0[reason, default: 0] } }
}
