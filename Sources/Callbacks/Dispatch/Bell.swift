package import AuthService
internal import Synchronization

/// Wakes one waiting task; a ring that finds nobody waiting is kept for the next who comes.
package final class Bell: Sendable {
    private struct State {
        var isRung = false
        var next: UInt64 = 0
        var waiter: (number: UInt64, continuation: CheckedContinuation<Void, Never>)?
        var cancelled: Set<UInt64> = []

        mutating func takeWaiter() -> CheckedContinuation<Void, Never>? {
            defer { waiter = nil }
            return waiter?.continuation
        }
    }

    private let state = Mutex(State())

    /// Makes a bell.
    package init() {}

    /// Wakes the task that waits, or the next that will; callable from any thread, never waits.
    package func ring() {
        let continuation = state.withLock { state in
            let waiting = state.takeWaiter()
            if waiting == nil { state.isRung = true }
            return waiting
        }
        continuation?.resume()
    }

    /// Waits for a ring, but no longer than a time.
    package func wait(for duration: Duration, on clock: any MonotonicClock) async {
        guard duration > .zero, !takeRing() else { return }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await clock.sleep(for: duration) }
            group.addTask { await self.waitForRing() }
            await group.next()
            group.cancelAll()
        }
    }

    private func takeRing() -> Bool {
        state.withLock { state in
            defer { state.isRung = false }
            return state.isRung
        }
    }

    private func waitForRing() async {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mayWait = state.withLock { state in
                    guard !state.isRung, state.cancelled.remove(number) == nil else {
                        state.isRung = false
                        return false
                    }
                    state.waiter = (number, continuation)
                    return true
                }
                if !mayWait { continuation.resume() }
            }
        } onCancel: {
            let continuation = state.withLock { state in
                if state.waiter?.number == number { return state.takeWaiter() }
                state.cancelled.insert(number)
                return nil
            }
            continuation?.resume()
        }
        // A cancellation that came after the ring leaves its number behind.
        state.withLock { _ = $0.cancelled.remove(number) }
    }
}
