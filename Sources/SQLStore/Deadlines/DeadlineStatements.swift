internal import AuthDomain
internal import AuthService

/// SQL about the regulation's clocks.
enum DeadlineStatements {
    // MARK: What is due

    /// The accounts that are due longest, by the index on `look_at`.
    static func due(now: WallInstant, limit: Int) -> SQLStatement {
        "SELECT id FROM accounts WHERE look_at <= \(now) ORDER BY look_at, id LIMIT \(limit)"
    }

    static func facts(of account: AccountID, now: WallInstant) -> SQLStatement {
        """
        SELECT c.kind, c.lifecycle, c.lifecycle_ends_at, c.must_change, c.password_issued, c.password_expires_at,
            c.password_changed_at, c.created_at, c.notified_at, c.last_sign_in_at,
            (SELECT max(r.restored_at) FROM restorations r WHERE r.account_id = c.id),
            (SELECT max(e.until_at) FROM exemptions e WHERE e.account_id = c.id AND e.from_at <= \(now)),
            (SELECT a.address FROM addresses a WHERE a.account_id = c.id AND a.is_main = 1)
        FROM accounts c WHERE c.id = \(account)
        """
    }

    static func standingCauses(of account: AccountID) -> SQLStatement {
        "SELECT cause FROM locks WHERE account_id = \(account) AND cleared_at IS NULL"
    }

    static func look(at instant: WallInstant, at account: AccountID) -> SQLStatement {
        "UPDATE accounts SET look_at = \(instant) WHERE id = \(account)"
    }

    /// No row is written when the warning was given before; one at the deadline itself has no message to wait for.
    static func insert(_ warning: DeadlineWarning, for account: AccountID, now: WallInstant) -> SQLStatement {
        let settled = warning.daysAhead > 0 ? nil : now
        return """
            INSERT INTO deadline_warnings (account_id, kind, due_at, days_ahead, warned_at, reminded_at)
            VALUES (\(account), \(warning.deadline.kind), \(warning.deadline.dueAt), \(warning.daysAhead), \(now),
                \(settled))
            ON CONFLICT (account_id, kind, due_at, days_ahead) DO NOTHING
            """
    }

    // MARK: Reminders

    static func waitingReminders(limit: Int) -> SQLStatement {
        """
        SELECT account_id, kind, due_at, days_ahead FROM deadline_warnings WHERE reminded_at IS NULL
        ORDER BY warned_at, account_id LIMIT \(limit)
        """
    }

    /// No row is changed when the reminder was taken before.
    static func take(_ reminder: WaitingReminder, now: WallInstant) -> SQLStatement {
        """
        UPDATE deadline_warnings SET reminded_at = \(now) WHERE account_id = \(reminder.account)
            AND kind = \(reminder.kind) AND due_at = \(reminder.dueAt) AND days_ahead = \(reminder.daysAhead)
            AND reminded_at IS NULL
        """
    }

    static func putBack(_ reminder: WaitingReminder) -> SQLStatement {
        """
        UPDATE deadline_warnings SET reminded_at = NULL WHERE account_id = \(reminder.account)
            AND kind = \(reminder.kind) AND due_at = \(reminder.dueAt) AND days_ahead = \(reminder.daysAhead)
        """
    }

    /// The old mailbox goes out of use: open sign-ins are overtaken, credentials stay (Đ7.4.c).
    static func endTransfer(of account: AccountID) -> SQLStatement {
        """
        UPDATE accounts SET lifecycle = \(Lifecycle.transferEnded), password_version = password_version + 1
        WHERE id = \(account)
        """
    }

    // MARK: One sweep at a time

    /// No row is changed while another holder's lease runs.
    static func takeLease(_ name: String, holder: String, now: WallInstant, until end: WallInstant) -> SQLStatement {
        """
        INSERT INTO leases (name, holder, expires_at) VALUES (\(name), \(holder), \(end))
        ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
        WHERE leases.holder = excluded.holder OR leases.expires_at <= \(now)
            OR leases.expires_at > \(now + .seconds(86_400))
        """
    }

    // MARK: Changed rules

    static let rules: SQLStatement = "SELECT fingerprint, reset_after FROM deadline_rules WHERE name = 'all'"

    static func setRules(_ fingerprint: String, resetAfter cursor: String?) -> SQLStatement {
        """
        INSERT INTO deadline_rules (name, fingerprint, reset_after) VALUES ('all', \(fingerprint), \(cursor))
        ON CONFLICT (name) DO UPDATE SET fingerprint = excluded.fingerprint, reset_after = excluded.reset_after
        """
    }

    /// The last account of the next few, by id.
    static func boundary(after cursor: String, count: Int) -> SQLStatement {
        """
        SELECT max(id) FROM (SELECT id FROM accounts WHERE id > \(cursor) ORDER BY id LIMIT \(count)) AS few
        """
    }

    static func lookAnew(after cursor: String, upTo last: String) -> SQLStatement {
        """
        UPDATE accounts SET look_at = 0 WHERE id > \(cursor) AND id <= \(last) AND look_at > 0
            AND lifecycle NOT IN ('destroyed', 'transfer_ended')
        """
    }

    // MARK: The mail system's reports

    /// When the feed that was silent longest was last heard, of those heard within some months.
    static func feedsHeard(since day: CivilDate) -> SQLStatement {
        """
        SELECT min(f.heard_at) FROM (SELECT max(last_heard_at) AS heard_at FROM activity_feeds
            WHERE day >= \(day.daysSinceEpoch) GROUP BY feed) AS f
        """
    }

    static let coverage: SQLStatement = "SELECT heard_at, unbroken_since FROM feed_coverage WHERE kind = 'mail'"

    static func setCoverage(heardAt: WallInstant, since: WallInstant) -> SQLStatement {
        """
        INSERT INTO feed_coverage (kind, unbroken_since, heard_at) VALUES ('mail', \(since), \(heardAt))
        ON CONFLICT (kind) DO UPDATE SET unbroken_since = excluded.unbroken_since, heard_at = excluded.heard_at
        """
    }

    // MARK: Holidays

    static let holidays: SQLStatement = "SELECT day, kind, name FROM holidays ORDER BY day"

    static func deleteHolidays(ofYear year: Int) -> SQLStatement {
        let digits = String(10_000 + year).dropFirst()
        return "DELETE FROM holidays WHERE day >= \("\(digits)-01-01") AND day <= \("\(digits)-12-31")"
    }

    static func insert(_ holiday: Holiday) -> SQLStatement {
        """
        INSERT INTO holidays (day, kind, name) VALUES (\(holiday.date.description), \(holiday.kind), \(holiday.name))
        ON CONFLICT (day) DO UPDATE SET kind = excluded.kind, name = excluded.name
        """
    }

    // MARK: Counts

    static func overdueRequests(now: WallInstant) -> SQLStatement {
        "SELECT count(*) FROM restoration_requests WHERE closed_at IS NULL AND due_at <= \(now)"
    }

    static func overdueReviews(now: WallInstant) -> SQLStatement {
        "SELECT count(*) FROM restoration_reviews WHERE reviewed_at IS NULL AND due_at <= \(now)"
    }

    static func locks(before instant: WallInstant) -> SQLStatement {
        "SELECT count(*) FROM locks WHERE cleared_at IS NULL AND locked_at < \(instant)"
    }

    static func unannounced(before instant: WallInstant) -> SQLStatement {
        """
        SELECT count(*) FROM accounts WHERE notified_at IS NULL AND password_issued = 1 AND must_change = 1
            AND password_expires_at IS NULL AND created_at < \(instant)
        """
    }
}
