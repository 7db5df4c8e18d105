package import AuthDomain

/// The shared fast store cannot be reached; nothing may be evaluated (principle 3).
package struct CountersUnavailable: Error {
    /// Makes the error.
    package init() {}
}

/// Names one budget: an account's (or an unknown address's), its kind and lane.
package struct BudgetKey: Hashable, Sendable {
    /// The account id, or `unknown:` and the hex digest of an address that has none.
    package let subject: String
    /// What is counted.
    package let kind: BudgetKind
    /// Which clients share it.
    package let lane: BudgetLane

    /// Makes a key.
    package init(subject: String, kind: BudgetKind, lane: BudgetLane) {
        self.subject = subject
        self.kind = kind
        self.lane = lane
    }
}

/// The answer to asking for a place in a budget.
package enum ReservationOutcome: Hashable, Sendable {
    /// The guess may be evaluated; settle the ticket afterwards.
    case granted
    /// All places left are taken by guesses being verified right now: wait and ask again.
    case busy
    /// As many failures as allowed were judged already.
    case locked
}

/// The volatile half of the attempt budget: a place is taken before a guess is evaluated (R-LOCK-6).
package protocol AttemptBudget: Sendable {
    /// Takes a place atomically over all instances.
    ///
    /// - Parameters:
    ///   - key: The budget.
    ///   - ticket: A name for the place, unique to this guess.
    ///   - durable: The state just read from the database: the floor below which the cached one never counts.
    ///   - limit: Failures allowed, 5 by Đ8.2.b.
    /// - Throws: `CountersUnavailable` within one second when the store cannot be reached.
    func reserve(
        _ key: BudgetKey, ticket: String, durable: BudgetState, limit: Int
    ) async throws(CountersUnavailable) -> ReservationOutcome

    /// Gives a place back, with the state that the database now holds if it changed.
    ///
    /// Never fails: a lost settlement ends when the ticket expires, and the database stays the judge.
    func settle(_ key: BudgetKey, ticket: String, judged: BudgetState?) async

    /// Raises the cached state after a reset or a judgement made without a ticket.
    func refresh(_ key: BudgetKey, state: BudgetState) async
}

/// One sign-in in progress, kept as opaque bytes under its id with an expiry.
package protocol SignInStore: Sendable {
    /// Stores a new sign-in.
    func create(id: String, record: [UInt8], lifetime: Duration) async throws(CountersUnavailable)

    /// The record and its version, or nil when there is none or it has expired.
    func find(id: String) async throws(CountersUnavailable) -> (record: [UInt8], version: Int64)?

    /// Replaces the record if its version is still the one that was read; false when another call was faster.
    func replace(
        id: String, version: Int64, record: [UInt8], lifetime: Duration
    ) async throws(CountersUnavailable) -> Bool

    /// Ends a sign-in.
    func remove(id: String) async throws(CountersUnavailable)
}

/// A rate of attempts: how many at once, and how long until one more is allowed.
package struct AttemptRate: Hashable, Sendable {
    /// Attempts allowed at once.
    package let burst: Int
    /// Time that buys one attempt back.
    package let refill: Duration

    /// Makes a rate.
    package init(burst: Int, refill: Duration) {
        self.burst = burst
        self.refill = refill
    }
}

/// Rate buckets that refuse before anything is evaluated (T-3); successes are given back.
package protocol Throttle: Sendable {
    /// Takes one attempt from every bucket, or from none and says how long to wait.
    ///
    /// The buckets follow the generic cell rate algorithm; an attempt is atomic over all instances.
    func take(_ buckets: [(name: String, rate: AttemptRate)]) async throws(CountersUnavailable) -> Duration?

    /// How long until every bucket would give an attempt; nil when it would now. Takes nothing.
    func wait(for buckets: [(name: String, rate: AttemptRate)]) async throws(CountersUnavailable) -> Duration?

    /// Gives one attempt back to every bucket.
    func giveBack(_ buckets: [(name: String, rate: AttemptRate)]) async
}

extension Throttle {
    /// Passes while the store answers: asks for a bucket that nothing is ever taken from.
    ///
    /// For decisions that need no count and yet must not go on where nothing else could be decided.
    ///
    /// - Throws: `CountersUnavailable` as `wait` does.
    package func reach() async throws(CountersUnavailable) {
        _ = try await wait(for: [(name: "reach", rate: AttemptRate(burst: 1, refill: .seconds(1)))])
    }
}
