internal import Synchronization

/// How many connections of a client are ready, and whether it was shut down; readable from any thread.
final class RedisReadiness: Sendable {
    private let ready = Atomic<Int>(0)
    private let made = Atomic<Int>(0)
    private let closed = Atomic<Bool>(false)

    var isUp: Bool { ready.load(ordering: .relaxed) > 0 }
    var isClosed: Bool { closed.load(ordering: .acquiring) }

    /// How often a connection became ready: one that rises tells the others that the server is there again.
    var timesReady: Int { made.load(ordering: .relaxed) }

    func noteReady() {
        ready.wrappingAdd(1, ordering: .relaxed)
        made.wrappingAdd(1, ordering: .relaxed)
    }

    func noteLost() {
        ready.wrappingSubtract(1, ordering: .relaxed)
    }

    /// Marks the end; false when it was marked before.
    func close() -> Bool {
        !closed.exchange(true, ordering: .acquiringAndReleasing)
    }
}
