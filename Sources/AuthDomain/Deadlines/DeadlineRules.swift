/// The periods of the regulation and how they are counted here.
package struct DeadlineRules: Hashable, Sendable {
    /// Counts days, months and working days.
    package var calendar = OfficialCalendar()
    /// From the notice of issue to the lock of a default password (Đ8.2.d).
    package var defaultPassword = Term.days(5)
    /// From the last sign of life to the lock (Đ8.2.a).
    package var inactivity = Term.months(3)
    /// What counts as a sign of life; the text names all three (T-10).
    package var signsOfLife = Set(ActivityKind.allCases)
    /// How long the mail system's reports may stay away before nothing is concluded from them.
    package var feedSilence = Duration.seconds(86_400)
    /// The age at which a password is reminded of; nil when it is not.
    package var passwordAge: Duration? = .seconds(180 * 86_400)
    /// From an organisation's request to the restoration (Đ8.3.b).
    package var restorationWorkingDays = 2
    /// Days ahead of which owners are warned that the default password must be changed (R-FIRST-10).
    package var defaultPasswordWarnings = [2, 1]
    /// Days ahead of which owners are warned of the lock for inactivity (R-LOCK-15).
    package var inactivityWarnings = [14, 3]
    /// Days ahead of which owners are warned that a temporary password stops working (R-FIRST-8).
    package var temporaryPasswordWarnings = [2, 1]
    /// Days ahead of which owners are warned that their old or recalled mailbox ends (Đ7.4.c, d).
    package var stageEndWarnings = [3]

    /// The regulation's own figures.
    package init() {}

    /// Whether the lock for inactivity rests on what the mail system reports.
    package var needsFeed: Bool { signsOfLife.contains(.send) || signsOfLife.contains(.receive) }

    /// How long after a decision a mailbox is kept (Đ7.4.c, d).
    package static func keeping(of stage: Lifecycle, isHead: Bool) -> Term? {
        switch stage {
        case .transferred: .days(15)
        case .recalled: .days(isHead ? 60 : 30)
        case .active, .transferEnded, .destroyed: nil
        }
    }
}

/// What the mail system's reports about sending and receiving are worth now.
package struct FeedHealth: Hashable, Sendable {
    /// When it was last heard of.
    package let heardAt: WallInstant
    /// Since when it has been heard without a gap: before that a sign of life may have gone unseen.
    package let unbrokenSince: WallInstant

    /// Makes a state.
    package init(heardAt: WallInstant, unbrokenSince: WallInstant) {
        self.heardAt = heardAt
        self.unbrokenSince = unbrokenSince
    }
}

/// Everything about an account that its deadlines hang on.
package struct DeadlineFacts: Hashable, Sendable {
    /// The type of the mailbox.
    package var kind = AccountKind.personal
    /// Where it stands in its life.
    package var lifecycle = Lifecycle.active
    /// When the present stage of life ends; nil for an active one.
    package var lifecycleEndsAt: WallInstant?
    /// Whether a change of password is owed.
    package var mustChange = false
    /// Whether the service issued the password.
    package var isIssued = false
    /// When a temporary password stops working.
    package var temporaryUntil: WallInstant?
    /// When the password was set.
    package var passwordChangedAt: WallInstant
    /// When the account was provisioned.
    package var createdAt: WallInstant
    /// When the owner was told of it.
    package var notifiedAt: WallInstant?
    /// The last sign of life of each kind.
    package var lastSigns: [ActivityKind: WallInstant] = [:]
    /// When it was last restored.
    package var restoredAt: WallInstant?
    /// The end of the last exemption that has begun; it may have passed.
    package var exemptUntil: WallInstant?
    /// The causes that stand.
    package var standing: Set<LockCause> = []
    /// The mail system's reports; nil when none was ever heard.
    package var feed: FeedHealth?

    /// Makes the facts of a fresh account.
    package init(createdAt: WallInstant) {
        self.createdAt = createdAt
        passwordChangedAt = createdAt
    }
}
