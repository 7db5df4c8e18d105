package import AuthDomain

/// Whose activity it was: the account, where the service itself knew it, or an address that a mail server told.
package enum ActivityOwner: Hashable, Sendable {
    case account(AccountID)
    case address(MailboxAddress)
}

/// Where activity was heard of, each with a health of its own.
package enum ActivityFeed: String, CaseIterable, Sendable {
    /// Dovecot's event exporter.
    case dovecot
    /// Postfix' questions at the end of a message.
    case postfix
    /// Batches of another mailbox store.
    case batch
}

/// How often something happened to a mailbox on one day.
package struct ActivityTotal: Hashable, Sendable {
    /// Whose it was.
    package let owner: ActivityOwner
    /// What happened.
    package let kind: ActivityKind
    /// The day, in the zone in which deadlines are counted.
    package let day: CivilDate
    /// How often.
    package var count: Int
    /// The last time.
    package var lastAt: WallInstant

    /// Makes a total.
    package init(owner: ActivityOwner, kind: ActivityKind, day: CivilDate, count: Int, lastAt: WallInstant) {
        self.owner = owner
        self.kind = kind
        self.day = day
        self.count = count
        self.lastAt = lastAt
    }
}

/// What a feed told on one day.
package struct FeedTotal: Hashable, Sendable {
    /// The feed.
    package let feed: ActivityFeed
    /// The day on which it was heard.
    package let day: CivilDate
    /// Events, also those of unknown mailboxes.
    package var events: Int
    /// When it was last heard.
    package var lastHeardAt: WallInstant

    /// Makes a total.
    package init(feed: ActivityFeed, day: CivilDate, events: Int, lastHeardAt: WallInstant) {
        self.feed = feed
        self.day = day
        self.events = events
        self.lastHeardAt = lastHeardAt
    }
}

/// Keeps the activity of mailboxes: counts by day, the last time of each kind, and when the feeds were heard.
package protocol ActivityStore: Sendable {
    /// Adds totals in one transaction; those of addresses that no account answers to are passed over.
    ///
    /// A login of an account that is locked or destroyed is passed over too: Dovecot reports every right secret as a
    /// success, also one that was answered with `nologin`.
    func add(_ totals: [ActivityTotal], heard: [FeedTotal]) async throws(StoreUnavailable)

    /// When each kind last happened.
    func lastActivity(of account: AccountID) async throws(StoreUnavailable) -> [ActivityKind: WallInstant]

    /// The days of an account since one, oldest first.
    func activity(of account: AccountID, since day: CivilDate) async throws(StoreUnavailable) -> [ActivityTotal]

    /// The days on which feeds were heard since one, oldest first: a day that is missing was silent.
    func feedDays(since day: CivilDate) async throws(StoreUnavailable) -> [FeedTotal]
}
