package import AuthDomain
internal import Synchronization

/// Takes places in attempt budgets and, while all are taken by guesses being verified, waits for one (R-LOCK-6).
///
/// Busy is not a refusal: the others are verifying right now, and each may well be right and leave its place free.
/// A caller asks again after a growing pause, or at once when a guess on the same budget settles on this instance.
package final class AttemptReservation: Sendable {
    private static let shortestPause: Int64 = 5
    private static let longestPause: Int64 = 50

    private let budget: any AttemptBudget
    private let clock: any MonotonicClock
    private let busyWait: Int64
    private let queue = SettlementQueue()

    /// Makes the waiting side of a budget.
    ///
    /// - Parameters:
    ///   - budget: Where places are taken.
    ///   - clock: For pauses; its `sleep` must end early when its task is cancelled.
    ///   - busyWait: How long a caller waits for a place before `busy` is the answer.
    package init(budget: any AttemptBudget, clock: any MonotonicClock, busyWait: Duration = .seconds(3)) {
        self.budget = budget
        self.clock = clock
        self.busyWait = busyWait.wholeMilliseconds
    }

    /// Takes a place, waiting while the answer is `busy`.
    ///
    /// - Returns: `granted`, whereupon the caller must settle the ticket; `locked`; or `busy` when no place came free
    ///   in time or the task was cancelled.
    /// - Throws: `CountersUnavailable` when the shared store cannot be reached.
    package func reserve(
        _ key: BudgetKey, ticket: String, durable: BudgetState, limit: Int
    ) async throws(CountersUnavailable) -> ReservationOutcome {
        let deadline = clock.milliseconds() + busyWait
        var asked = 0
        while true {
            let outcome = try await budget.reserve(key, ticket: ticket, durable: durable, limit: limit)
            switch outcome {
            case .granted: return .granted
            case .locked:
                // The rest need not wait either: every one of them will hear the same.
                queue.wakeAll(key)
                return .locked
            case .busy:
                let left = deadline - clock.milliseconds()
                guard left > 0, !Task.isCancelled else { return .busy }
                await pause(key, for: min(left, Self.pause(ticket: ticket, asked: asked)))
                asked += 1
            }
        }
    }

    /// Gives a place back and wakes the caller that has waited longest for the same budget; see the port.
    package func settle(_ key: BudgetKey, ticket: String, judged: BudgetState?) async {
        await budget.settle(key, ticket: ticket, judged: judged)
        queue.wakeFirst(key)
    }

    /// Raises the cached state after a reset and wakes all who wait; see the port.
    package func refresh(_ key: BudgetKey, state: BudgetState) async {
        await budget.refresh(key, state: state)
        queue.wakeAll(key)
    }

    /// Sleeps until the time is over or a settlement wakes the caller.
    private func pause(_ key: BudgetKey, for milliseconds: Int64) async {
        let place = queue.enter(key)
        await withTaskGroup(of: Void.self) { [clock, queue] group in
            group.addTask { await clock.sleep(for: .milliseconds(milliseconds)) }
            group.addTask { await queue.wait(place) }
            await group.next()
            group.cancelAll()
        }
        queue.leave(place)
    }

    /// The pause before asking again: doubling from 5 to 50 ms, spread by the ticket so that callers do not march.
    static func pause(ticket: String, asked: Int) -> Int64 {
        let base = min(longestPause, shortestPause << Int64(min(asked, 10)))
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in ticket.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        hash = (hash ^ UInt64(truncatingIfNeeded: asked)) &* 0x100_0000_01b3
        return base / 2 + Int64((hash >> 33) % UInt64(base / 2 + 1))
    }
}

extension AttemptReservation: AttemptBudget {}
