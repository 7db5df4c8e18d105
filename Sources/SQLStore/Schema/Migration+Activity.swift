/// What mail systems report of logins, sends and deliveries.
extension Migration {
    /// The counts of days, the last time of each kind, and when feeds were heard.
    ///
    /// The days are for statistics. `activity_last` is for the clock of Điều 8.2.a: one row for each kind, so that it
    /// can be read for many accounts at once. Days are counted from 1970-01-01; one without a row in `activity_feeds`
    /// is a day on which nothing was heard.
    static let activityTables = """
        CREATE TABLE activity_days (
            account_id TEXT NOT NULL REFERENCES accounts (id),
            day BIGINT NOT NULL,
            kind TEXT NOT NULL,
            count BIGINT NOT NULL,
            last_at BIGINT NOT NULL,
            PRIMARY KEY (account_id, day, kind)
        );
        CREATE TABLE activity_last (
            account_id TEXT NOT NULL REFERENCES accounts (id),
            kind TEXT NOT NULL,
            last_at BIGINT NOT NULL,
            PRIMARY KEY (account_id, kind)
        );
        CREATE TABLE activity_feeds (
            feed TEXT NOT NULL,
            day BIGINT NOT NULL,
            events BIGINT NOT NULL,
            last_heard_at BIGINT NOT NULL,
            PRIMARY KEY (feed, day)
        );

        """
}
