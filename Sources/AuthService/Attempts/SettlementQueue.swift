internal import Synchronization

/// Who waits on this instance for a place in which budget, in order of arrival.
final class SettlementQueue: Sendable {
    /// One caller's place in the queue.
    struct Place: Hashable, Sendable {
        let key: BudgetKey
        let number: UInt64
    }

    private enum Waiter {
        case notYetWaiting
        case waiting(CheckedContinuation<Void, Never>)
        case woken
    }

    private struct State {
        var next: UInt64 = 0
        var order: [BudgetKey: [UInt64]] = [:]
        var waiters: [UInt64: Waiter] = [:]

        /// Marks a place as woken; the continuation to resume, outside the lock, if it sleeps already.
        mutating func wake(_ number: UInt64) -> CheckedContinuation<Void, Never>? {
            guard let waiter = waiters.updateValue(.woken, forKey: number) else {
                waiters[number] = nil
                return nil
            }
            if case .waiting(let continuation) = waiter { return continuation }
            return nil
        }
    }

    private let state = Mutex(State())

    /// Takes a place at the end of the queue for a budget.
    func enter(_ key: BudgetKey) -> Place {
        state.withLock { state in
            state.next += 1
            state.order[key, default: []].append(state.next)
            state.waiters[state.next] = .notYetWaiting
            return Place(key: key, number: state.next)
        }
    }

    /// Suspends until the place is woken or the task cancelled.
    func wait(_ place: Place) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mayWait = state.withLock { state in
                    guard case .notYetWaiting = state.waiters[place.number], !Task.isCancelled else { return false }
                    state.waiters[place.number] = .waiting(continuation)
                    return true
                }
                if !mayWait { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.wake(place.number) }?.resume()
        }
    }

    /// Gives a place up, woken or not.
    func leave(_ place: Place) {
        state.withLock { state in
            state.waiters[place.number] = nil
            state.order[place.key]?.removeAll { $0 == place.number }
            if state.order[place.key]?.isEmpty ?? false { state.order[place.key] = nil }
        }
    }

    /// Wakes the caller that has waited longest for a budget.
    func wakeFirst(_ key: BudgetKey) {
        let continuation = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard let first = state.order[key]?.first else { return nil }
            state.order[key]?.removeFirst()
            return state.wake(first)
        }
        continuation?.resume()
    }

    /// Wakes every caller that waits for a budget.
    func wakeAll(_ key: BudgetKey) {
        let continuations = state.withLock { state in
            (state.order.removeValue(forKey: key) ?? []).compactMap { state.wake($0) }
        }
        for continuation in continuations { continuation.resume() }
    }
}
