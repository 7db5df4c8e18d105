package import AuthDomain
internal import AuthService
internal import Synchronization

/// A clock that stands still until it is moved, as the time of day and as monotonic time.
///
/// Moving it wakes the sleepers whose time has come, in the order of their time.
package final class ManualClock: WallClock, MonotonicClock {
    private struct Sleeper {
        let wakeAt: Int64
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct Watcher {
        let count: Int
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var wall: Int64
        var monotonic: Int64 = 1_000_000
        var next = 0
        var sleepers: [Int: Sleeper] = [:]
        var cancelled: Set<Int> = []
        var watchers: [Watcher] = []

        mutating func takeSatisfiedWatchers() -> [Watcher] {
            let count = sleepers.count
            let satisfied = watchers.filter { $0.count <= count }
            watchers.removeAll { $0.count <= count }
            return satisfied
        }
    }

    private let state: Mutex<State>

    /// Makes a clock that shows an instant.
    package init(_ now: WallInstant = WallInstant(seconds: 1_800_000_000)) {
        state = Mutex(State(wall: now.milliseconds))
    }

    /// The time of day it shows.
    package func now() -> WallInstant {
        WallInstant(milliseconds: state.withLock { $0.wall })
    }

    /// The monotonic time it shows.
    package func milliseconds() -> Int64 {
        state.withLock { $0.monotonic }
    }

    /// Sleeps until the clock was moved far enough or the task is cancelled.
    package func sleep(for duration: Duration) async {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (sleeps, watchers) = state.withLock { state -> (Bool, [Watcher]) in
                    guard state.cancelled.remove(number) == nil, duration > .zero else { return (false, []) }
                    let wakeAt = state.monotonic + duration.wholeMilliseconds
                    state.sleepers[number] = Sleeper(wakeAt: wakeAt, continuation: continuation)
                    return (true, state.takeSatisfiedWatchers())
                }
                if !sleeps { continuation.resume() }
                for watcher in watchers { watcher.continuation.resume() }
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                let sleeper = state.sleepers.removeValue(forKey: number)
                if sleeper == nil { state.cancelled.insert(number) }
                return sleeper
            }
            sleeper?.continuation.resume()
        }
    }

    /// Moves both times on and wakes whose time has come.
    package func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.wall += duration.wholeMilliseconds
            state.monotonic += duration.wholeMilliseconds
            let due = state.sleepers.filter { $0.value.wakeAt <= state.monotonic }
            for number in due.keys { state.sleepers[number] = nil }
            return due.values.sorted { $0.wakeAt < $1.wakeAt }
        }
        for sleeper in due { sleeper.continuation.resume() }
    }

    /// Steps the time of day alone, as an operator or a time server would; nobody wakes.
    package func step(to now: WallInstant) {
        state.withLock { $0.wall = now.milliseconds }
    }

    /// Suspends until at least so many callers sleep, so that a test moves the clock only when they do.
    package func whenSleeping(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isSo = state.withLock { state in
                guard state.sleepers.count < count else { return true }
                state.watchers.append(Watcher(count: count, continuation: continuation))
                return false
            }
            if isSo { continuation.resume() }
        }
    }
}
