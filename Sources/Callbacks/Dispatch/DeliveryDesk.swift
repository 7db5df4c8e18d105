internal import AuthService
internal import Synchronization

/// What one dispatcher has in hand: places for deliveries under way, and attempts that ended but are not written yet.
///
/// Everything is bounded by the window: so many messages are taken from the outbox at most.
final class DeliveryDesk: Sendable {
    /// Whether a caller that waited for a place may use it.
    enum Entry {
        case granted
        /// The target is left alone, or the dispatcher is closing.
        case turnedAway
    }

    private struct State {
        var pace: TargetPace
        var outstanding = 0
        var active = 0
        var isClosed = false
        var waiting: [CheckedContinuation<Entry, Never>] = []
        var finished: [OutboxSettlement] = []

        /// Those whose turn it is now, to be resumed outside the lock.
        mutating func admit(at now: Int64) -> [(CheckedContinuation<Entry, Never>, Entry)] {
            if isClosed || pace.isPaused(at: now) {
                defer { waiting = [] }
                return waiting.map { ($0, .turnedAway) }
            }
            let count = min(max(0, pace.limit - active), waiting.count)
            active += count
            defer { waiting.removeFirst(count) }
            return waiting.prefix(count).map { ($0, .granted) }
        }
    }

    private let window: Int
    private let state: Mutex<State>

    /// Makes a desk.
    /// - Parameters:
    ///   - parallel: Deliveries at once while all is well.
    ///   - window: Messages in hand at most.
    init(parallel: Int, window: Int) {
        self.window = window
        state = Mutex(State(pace: TargetPace(full: parallel)))
    }

    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Messages taken from the outbox and not written back.
    var outstanding: Int { state.withLock { $0.outstanding } }

    /// How many more messages may be taken.
    func room(at now: Int64) -> Int {
        state.withLock { state in
            guard !state.isClosed, !state.pace.isPaused(at: now) else { return 0 }
            return max(0, min(window, state.pace.limit * 8) - state.outstanding)
        }
    }

    /// How long the target is still left alone, in milliseconds.
    func pauseLeft(at now: Int64) -> Int64 {
        state.withLock { max(0, $0.pace.pausedUntil - now) }
    }

    /// Notes messages taken from the outbox.
    func take(_ count: Int) {
        state.withLock { $0.outstanding += count }
    }

    /// Waits for a place among the deliveries under way.
    func enter(at now: Int64) async -> Entry {
        await withCheckedContinuation { continuation in
            let due = state.withLock { state in
                state.waiting.append(continuation)
                return state.admit(at: now)
            }
            for (waiter, entry) in due { waiter.resume(returning: entry) }
        }
    }

    /// Gives a place back with what the attempt taught about the target.
    func leave(_ outcome: DeliveryOutcome?, at now: Int64) {
        let due = state.withLock { state in
            state.active -= 1
            if let outcome { state.pace.note(outcome, at: now) }
            return state.admit(at: now)
        }
        for (waiter, entry) in due { waiter.resume(returning: entry) }
    }

    /// Notes what became of a message.
    func finish(_ settlement: OutboxSettlement) {
        state.withLock { $0.finished.append(settlement) }
    }

    /// What became of messages since the last call.
    func takeFinished() -> [OutboxSettlement] {
        state.withLock { state in
            defer { state.finished = [] }
            return state.finished
        }
    }

    /// Notes that so many were written back.
    func settled(_ count: Int) {
        state.withLock { $0.outstanding -= count }
    }

    /// Turns everyone away who waits, now and later.
    func close() {
        let due = state.withLock { state in
            state.isClosed = true
            return state.admit(at: 0)
        }
        for (waiter, entry) in due { waiter.resume(returning: entry) }
    }
}
