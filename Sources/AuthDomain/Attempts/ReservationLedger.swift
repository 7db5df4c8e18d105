/// How a request for a place in the budget ended.
package enum Reservation: Hashable, Sendable {
    /// The guess may be evaluated.
    case granted
    /// Others are verifying right now and may use up the rest; ask again when they have settled.
    case busy
    /// The limit is reached: nothing is evaluated any more.
    case locked
}

/// The volatile half of one attempt budget: who is verifying now, and the newest count seen (R-LOCK-6).
///
/// The script on the shared server mirrors this rule; the in-process counters run on it. Times are milliseconds of a
/// monotonic clock, all from the same one.
package struct ReservationLedger: Hashable, Sendable {
    /// The newest durable state that anyone brought along.
    package private(set) var cached: BudgetState?
    /// Live and expired tickets with the time at which each expires.
    package private(set) var tickets: [String: Int64] = [:]

    /// A ledger that knows nothing yet.
    package init() {}

    /// Asks for a place in the budget.
    ///
    /// A ticket that is still live is granted again and its expiry renewed.
    /// - Parameters:
    ///   - ticket: An identifier of this evaluation, unique among all instances.
    ///   - durable: The state as the caller read it from the database; the floor of the decision.
    ///   - limit: The failures at which the budget is spent.
    ///   - now: Milliseconds of the monotonic clock.
    ///   - lifetime: Milliseconds after which the ticket of a caller that died no longer counts.
    package mutating func reserve(
        ticket: String, durable: BudgetState, limit: Int, now: Int64, lifetime: Int64
    ) -> Reservation {
        dropExpired(now: now)
        let state = advance(to: durable)
        guard state.failures < limit else { return .locked }
        let others = tickets.count - (tickets[ticket] == nil ? 0 : 1)
        guard state.failures + others < limit else { return .busy }
        tickets[ticket] = now + lifetime
        return .granted
    }

    /// Gives a place back after the evaluation was judged.
    /// - Parameter newer: The durable state after the judgement; nil when nothing was written.
    package mutating func settle(ticket: String, newer: BudgetState?) {
        tickets[ticket] = nil
        if let newer { _ = advance(to: newer) }
    }

    /// Whether nothing is being verified, so that the ledger may be forgotten: the database still knows the count.
    package func isIdle(now: Int64) -> Bool {
        tickets.values.allSatisfy { $0 <= now }
    }

    private mutating func dropExpired(now: Int64) {
        tickets = tickets.filter { $0.value > now }
    }

    private mutating func advance(to state: BudgetState) -> BudgetState {
        let newest = max(cached ?? state, state)
        cached = newest
        return newest
    }
}
