package import AuthDomain

/// An account as its deadlines see it.
package struct DeadlineSubject: Sendable {
    /// The account.
    package let account: AccountID
    /// Its main address; empty for a destroyed one.
    package let address: String
    /// What its deadlines hang on.
    package let facts: DeadlineFacts

    /// Makes a subject.
    package init(account: AccountID, address: String, facts: DeadlineFacts) {
        self.account = account
        self.address = address
        self.facts = facts
    }
}

/// What a judgement writes for one account: all of it, or nothing, in the transaction that read the facts.
package struct DeadlineWrites: Sendable {
    /// Locks that fell due, each with its audit row.
    package var locks: [(lock: Lock, event: AuditEvent)] = []
    /// The stage of life that begins, with its audit row.
    package var ending: (stage: Lifecycle, event: AuditEvent)?
    /// Warnings that fell due, each with the audit row for when it was not given before.
    package var warnings: [(warning: DeadlineWarning, event: AuditEvent)] = []
    /// Whether a lock for inactivity is held back.
    package var isInactivityHeld = false
    /// When to look again.
    package var lookAgainAt: WallInstant

    /// Makes writes that only say when to look again.
    package init(lookAgainAt: WallInstant) {
        self.lookAgainAt = lookAgainAt
    }
}

/// Judges an account; called inside a transaction, perhaps twice, so it changes nothing by itself.
package typealias DeadlineJudge = @Sendable (DeadlineSubject) -> DeadlineWrites

/// What a judgement changed; what stood or was given already is not in it.
package struct SettledAccount: Sendable {
    /// The account.
    package let account: AccountID
    /// The locks that were written.
    package var locks: [LockCause] = []
    /// The stage of life that began.
    package var ended: Lifecycle?
    /// The warnings that were given.
    package var warnings: [DeadlineWarning] = []
    /// Whether a lock for inactivity is held back.
    package var isInactivityHeld = false

    /// Makes the result of a judgement that changed nothing.
    package init(account: AccountID) {
        self.account = account
    }
}

/// One sweeper's turn: who sweeps, how long the others keep away, how many accounts at a time.
package struct SweepTurn: Sendable {
    /// Names the sweeper among all instances.
    package let holder: String
    /// How long the lease holds from each batch on.
    package let lease: Duration
    /// Accounts in one transaction.
    package let batch: Int

    /// Makes a turn.
    package init(holder: String, lease: Duration, batch: Int) {
        self.holder = holder
        self.lease = lease
        self.batch = batch
    }
}

/// What one batch of a sweep did.
package enum SweepBatch: Sendable {
    /// Another instance sweeps.
    case leaseTaken
    /// The accounts that were due; fewer than asked for means that no more are.
    case settled([SettledAccount])
}

/// How the present state of the table compares to what the clocks should know; all counts of the whole city.
package struct DeadlineCounts: Sendable {
    /// Open requests for restoration whose time is over (R-REST-2).
    package let overdueRestorations: Int
    /// Break-glass restorations that nobody reviewed in time (R-REST-7).
    package let overdueReviews: Int
    /// Locks that have stood for more than 30 days (T-15).
    package let longLocks: Int
    /// Mailboxes with a default password whose owner was not told within 24 h (R-FIRST-4).
    package let unannounced: Int

    /// Makes counts.
    package init(overdueRestorations: Int, overdueReviews: Int, longLocks: Int, unannounced: Int) {
        self.overdueRestorations = overdueRestorations
        self.overdueReviews = overdueReviews
        self.longLocks = longLocks
        self.unannounced = unannounced
    }
}

/// Keeps the regulation's clocks: finds what is due by an index, judges and writes in one transaction.
package protocol DeadlineStore: Sendable {
    /// Judges one account now; nil when there is none.
    func settle(
        _ account: AccountID, now: WallInstant, judge: @escaping DeadlineJudge
    ) async throws(StoreUnavailable) -> SettledAccount?

    /// Judges the accounts that are due longest, if the lease can be had.
    func settleDue(
        _ turn: SweepTurn, now: WallInstant, judge: @escaping DeadlineJudge
    ) async throws(StoreUnavailable) -> SweepBatch

    /// The facts of one account, for showing.
    func deadlineSubject(
        _ account: AccountID, now: WallInstant
    ) async throws(StoreUnavailable) -> DeadlineSubject?

    /// Has every account looked at anew when the rules are not those of the last call; some accounts at a time.
    ///
    /// - Returns: Whether it is done.
    func adopt(rules fingerprint: String, batch: Int) async throws(StoreUnavailable) -> Bool

    /// Notes when the mail system's reports were heard last, and whether they were heard without a gap.
    func noteFeed(silence: Duration, now: WallInstant) async throws(StoreUnavailable) -> FeedHealth?

    /// The holiday table, by date.
    func holidays() async throws(StoreUnavailable) -> [Holiday]

    /// Replaces the lines of every year that the new ones name.
    func replaceHolidays(with holidays: [Holiday], event: AuditEvent) async throws(StoreUnavailable)

    /// The counts for the metrics.
    func deadlineCounts(now: WallInstant) async throws(StoreUnavailable) -> DeadlineCounts
}
