internal import AuthDomain
internal import AuthService

/// SQL about the activity of mailboxes.
enum ActivityStatements {
    /// Adds to a day; no row for an owner that is no account, nor for a login to a locked one.
    static func addDay(_ total: ActivityTotal) -> SQLStatement {
        """
        INSERT INTO activity_days (account_id, day, kind, count, last_at)
        SELECT a.id, \(total.day.daysSinceEpoch), \(total.kind), \(total.count), \(total.lastAt)
        FROM accounts AS a WHERE \(meant(total))
        ON CONFLICT (account_id, day, kind) DO UPDATE SET count = activity_days.count + excluded.count,
            last_at = CASE WHEN excluded.last_at > activity_days.last_at
                THEN excluded.last_at ELSE activity_days.last_at END
        """
    }

    /// Moves the last time forward, never back.
    static func setLast(_ total: ActivityTotal) -> SQLStatement {
        """
        INSERT INTO activity_last (account_id, kind, last_at)
        SELECT a.id, \(total.kind), \(total.lastAt) FROM accounts AS a WHERE \(meant(total))
        ON CONFLICT (account_id, kind) DO UPDATE SET last_at = excluded.last_at
            WHERE excluded.last_at > activity_last.last_at
        """
    }

    static func addFeed(_ total: FeedTotal) -> SQLStatement {
        """
        INSERT INTO activity_feeds (feed, day, events, last_heard_at)
        VALUES (\(total.feed), \(total.day.daysSinceEpoch), \(total.events), \(total.lastHeardAt))
        ON CONFLICT (feed, day) DO UPDATE SET events = activity_feeds.events + excluded.events,
            last_heard_at = CASE WHEN excluded.last_heard_at > activity_feeds.last_heard_at
                THEN excluded.last_heard_at ELSE activity_feeds.last_heard_at END
        """
    }

    static func last(of account: AccountID) -> SQLStatement {
        "SELECT kind, last_at FROM activity_last WHERE account_id = \(account)"
    }

    static func days(of account: AccountID, since day: CivilDate) -> SQLStatement {
        """
        SELECT kind, day, count, last_at FROM activity_days
        WHERE account_id = \(account) AND day >= \(day.daysSinceEpoch) ORDER BY day, kind
        """
    }

    static func feeds(since day: CivilDate) -> SQLStatement {
        """
        SELECT feed, day, events, last_heard_at FROM activity_feeds
        WHERE day >= \(day.daysSinceEpoch) ORDER BY day, feed
        """
    }

    private static func meant(_ total: ActivityTotal) -> SQLStatement {
        total.kind == .login
            ? """
            \(owner(total.owner)) AND NOT EXISTS
                (SELECT 1 FROM locks AS l WHERE l.account_id = a.id AND l.cleared_at IS NULL)
            """
            : owner(total.owner)
    }

    private static func owner(_ owner: ActivityOwner) -> SQLStatement {
        switch owner {
        case .account(let id): "a.id = \(id)"
        case .address(let address): "a.id = (SELECT n.account_id FROM addresses AS n WHERE n.address = \(address))"
        }
    }
}
