package import AuthDomain
package import AuthService
internal import Synchronization

/// Attempt budgets of one instance, in its memory: the twin of the shared ones, on the same rule (R-LOCK-6).
package final class MemoryAttemptBudget: AttemptBudget {
    fileprivate struct Entry {
        var ledger = ReservationLedger()
        var forgetAt: Int64
    }

    private struct Entries {
        var byKey: [BudgetKey: Entry] = [:]
        var nextSweep = Int64.min
    }

    private let clock: any MonotonicClock
    private let ticketLifetime: Int64
    private let stateLifetime: Int64
    private let capacity: Int
    private let entries = Mutex(Entries())

    /// Makes empty budgets.
    ///
    /// - Parameters:
    ///   - clock: For the expiry of tickets and cached counts.
    ///   - capacity: Budgets held at most; beyond, those without a live ticket are forgotten, for the database knows
    ///     their count, and a call that still finds no room is refused.
    ///   - ticketLifetime: After it the place of a caller that died is free again.
    ///   - stateLifetime: After it a cached count is forgotten.
    package init(
        clock: any MonotonicClock, capacity: Int = 100_000, ticketLifetime: Duration = .seconds(10),
        stateLifetime: Duration = .seconds(86_400)
    ) {
        self.clock = clock
        self.capacity = capacity
        self.ticketLifetime = ticketLifetime.wholeMilliseconds
        self.stateLifetime = max(stateLifetime, ticketLifetime).wholeMilliseconds
    }

    /// Takes a place; see the port.
    package func reserve(
        _ key: BudgetKey, ticket: String, durable: BudgetState, limit: Int
    ) async throws(CountersUnavailable) -> ReservationOutcome {
        let now = clock.milliseconds()
        let reservation: Reservation? = entries.withLock { entries in
            guard makeRoom(for: key, in: &entries, now: now) else { return nil }
            return entries.byKey[key, default: Entry(forgetAt: 0)].update(until: now + stateLifetime) {
                $0.reserve(ticket: ticket, durable: durable, limit: limit, now: now, lifetime: ticketLifetime)
            }
        }
        switch reservation {
        case .granted: return .granted
        case .busy: return .busy
        case .locked: return .locked
        case nil: throw CountersUnavailable()
        }
    }

    /// Gives a place back; see the port.
    package func settle(_ key: BudgetKey, ticket: String, judged: BudgetState?) async {
        let now = clock.milliseconds()
        entries.withLock { entries in
            // Without an entry there is no ticket to take back, and the database is the floor of the next call.
            guard entries.byKey[key] != nil else { return }
            let isEmpty = entries.byKey[key, default: Entry(forgetAt: 0)].update(until: now + stateLifetime) {
                $0.settle(ticket: ticket, newer: judged)
                return $0.isIdle(now: now) && ($0.cached ?? .fresh) == .fresh
            }
            if isEmpty { entries.byKey[key] = nil }
        }
    }

    /// Raises the cached state; see the port.
    package func refresh(_ key: BudgetKey, state: BudgetState) async {
        let now = clock.milliseconds()
        entries.withLock { entries in
            guard makeRoom(for: key, in: &entries, now: now) else { return }
            entries.byKey[key, default: Entry(forgetAt: 0)].update(until: now + stateLifetime) {
                $0.settle(ticket: "", newer: state)
            }
        }
    }

    /// Whether the key has or may have an entry; forgets what may be forgotten, at most once a second.
    private func makeRoom(for key: BudgetKey, in entries: inout Entries, now: Int64) -> Bool {
        guard entries.byKey[key] == nil, entries.byKey.count >= capacity else { return true }
        guard now >= entries.nextSweep else { return false }
        entries.nextSweep = now + 1000
        entries.byKey = entries.byKey.filter { $0.value.forgetAt > now }
        if entries.byKey.count >= capacity {
            entries.byKey = entries.byKey.filter { !$0.value.ledger.isIdle(now: now) }
        }
        return entries.byKey.count < capacity
    }
}

extension MemoryAttemptBudget.Entry {
    fileprivate mutating func update<Result>(
        until forgetAt: Int64, _ body: (inout ReservationLedger) -> Result
    ) -> Result {
        self.forgetAt = forgetAt
        return body(&ledger)
    }
}
