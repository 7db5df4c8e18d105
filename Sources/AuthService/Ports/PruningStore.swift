package import AuthDomain

/// What the database keeps for a time only, beside the record.
package enum Prunable: String, CaseIterable, Sendable {
    /// Days on which mail feeds were heard.
    case feedDays = "feed_days"
    /// Answers kept for repeated calls (R-API-4).
    case namedCalls = "named_calls"
    /// Rows of forms that were carried out.
    case formRows = "form_rows"
    /// Sent messages.
    case messages
    /// Counts of messages whose window is over.
    case messageCounts = "message_counts"
    /// Failures of unknown addresses whose memory is over.
    case attemptLanes = "attempt_lanes"
    /// Enrolment codes that were used, replaced or ran out.
    case enrolmentCodes = "enrolment_codes"
    /// Authenticators that were revoked.
    case authenticators
    /// App passwords that were revoked.
    case appPasswords = "app_passwords"
    /// Events that were given up.
    case deadEvents = "dead_events"
    /// The same of destroyed accounts: they are the last that names one, and kept for the operator's month alone.
    case deadFarewells = "dead_farewells"

    /// How long the answer of a named call is kept (R-API-4: at least 24 h).
    package static let namedCallsAge = Duration.seconds(2 * 86_400)

    /// How long after its end such a thing is kept.
    func age(_ retention: Duration) -> Duration {
        switch self {
        case .namedCalls: Self.namedCallsAge
        case .deadFarewells: .seconds(31 * 86_400)
        // A day late, so that no cached copy of a count is alive any more.
        case .messageCounts, .attemptLanes: .seconds(86_400)
        case .feedDays, .formRows, .messages, .enrolmentCodes, .authenticators, .appPasswords, .deadEvents: retention
        }
    }
}

/// One step through the days of activity.
package struct ActivityPruning: Hashable, Sendable {
    /// Days removed.
    package let days: Int
    /// The account that the next step begins after; nil when there is none.
    package let next: String?

    /// Makes a step.
    package init(days: Int, next: String?) {
        self.days = days
        self.next = next
    }
}

/// Removes what is kept for a time only, except what belongs to an account under a legal hold.
package protocol PruningStore: Sendable {
    /// Removes the oldest of a kind that ended before an instant, in one transaction; returns how many it removed.
    func prune(_ kind: Prunable, before instant: WallInstant, limit: Int) async throws(StoreUnavailable) -> Int

    /// Removes days of activity before one, walking through the accounts by their ids.
    func pruneActivity(
        before day: CivilDate, after account: String, limit: Int
    ) async throws(StoreUnavailable) -> ActivityPruning
}
