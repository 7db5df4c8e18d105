/// What the regulation's clocks and the restoration desk keep.
extension Migration {
    /// Holidays, leases, warnings, exemptions, and for each account when to look at its deadlines again.
    ///
    /// `look_at` is the next instant at which anything can fall due for an account: whoever decides about it looks at
    /// this one number first, and the sweeper finds what is due by it without walking through the accounts. Whatever
    /// may bring a deadline nearer sets it to 0; 0 also makes every account that is there already due for a first look.
    static let deadlineTables = """
        ALTER TABLE accounts ADD COLUMN look_at BIGINT NOT NULL DEFAULT 0;
        ALTER TABLE accounts ADD COLUMN lifecycle_ends_at BIGINT;
        ALTER TABLE accounts ADD COLUMN lifecycle_decided_on TEXT;
        ALTER TABLE accounts ADD COLUMN lifecycle_document TEXT;
        CREATE INDEX accounts_by_look ON accounts (look_at, id);
        CREATE INDEX unannounced_accounts ON accounts (created_at)
            WHERE notified_at IS NULL AND password_issued = 1 AND must_change = 1 AND password_expires_at IS NULL;
        CREATE INDEX standing_locks_by_time ON locks (locked_at) WHERE cleared_at IS NULL;
        CREATE TABLE holidays (
            day TEXT NOT NULL PRIMARY KEY,
            kind TEXT NOT NULL,
            name TEXT NOT NULL
        );
        CREATE TABLE leases (
            name TEXT NOT NULL PRIMARY KEY,
            holder TEXT NOT NULL,
            expires_at BIGINT NOT NULL
        );
        CREATE TABLE deadline_rules (
            name TEXT NOT NULL PRIMARY KEY,
            fingerprint TEXT NOT NULL,
            reset_after TEXT
        );
        CREATE TABLE deadline_warnings (
            account_id TEXT NOT NULL REFERENCES accounts (id),
            kind TEXT NOT NULL,
            due_at BIGINT NOT NULL,
            days_ahead BIGINT NOT NULL,
            warned_at BIGINT NOT NULL,
            PRIMARY KEY (account_id, kind, due_at, days_ahead)
        );
        CREATE TABLE feed_coverage (
            kind TEXT NOT NULL PRIMARY KEY,
            unbroken_since BIGINT NOT NULL,
            heard_at BIGINT NOT NULL
        );
        CREATE TABLE exemptions (
            id TEXT NOT NULL PRIMARY KEY,
            account_id TEXT NOT NULL REFERENCES accounts (id),
            reason TEXT NOT NULL,
            document TEXT NOT NULL,
            from_at BIGINT NOT NULL,
            until_at BIGINT NOT NULL,
            actor TEXT NOT NULL,
            recorded_at BIGINT NOT NULL
        );
        CREATE INDEX exemptions_by_account ON exemptions (account_id, from_at);

        """

    /// The desk's requests, the acts that wait for a review, and the answers kept for repeated calls (R-API-4).
    static let deskTables = """
        CREATE TABLE restoration_requests (
            id TEXT NOT NULL PRIMARY KEY,
            account_id TEXT NOT NULL REFERENCES accounts (id),
            organisation TEXT NOT NULL,
            document TEXT NOT NULL,
            requested_by TEXT NOT NULL,
            channel TEXT NOT NULL,
            received_at BIGINT NOT NULL,
            due_at BIGINT NOT NULL,
            recorded_at BIGINT NOT NULL,
            recorded_by TEXT NOT NULL,
            closed_at BIGINT,
            closed_by TEXT,
            outcome TEXT,
            note TEXT,
            restoration_id TEXT REFERENCES restorations (id)
        );
        CREATE UNIQUE INDEX one_open_request ON restoration_requests (account_id) WHERE closed_at IS NULL;
        CREATE INDEX open_requests_by_due ON restoration_requests (due_at, id) WHERE closed_at IS NULL;
        CREATE INDEX requests_by_due ON restoration_requests (due_at, id);
        CREATE TABLE restoration_reviews (
            restoration_id TEXT NOT NULL PRIMARY KEY REFERENCES restorations (id),
            account_id TEXT NOT NULL REFERENCES accounts (id),
            reason TEXT NOT NULL,
            acted_by TEXT NOT NULL,
            acted_at BIGINT NOT NULL,
            due_at BIGINT NOT NULL,
            reviewed_at BIGINT,
            reviewed_by TEXT,
            document TEXT,
            finding TEXT
        );
        CREATE INDEX open_reviews_by_due ON restoration_reviews (due_at, restoration_id) WHERE reviewed_at IS NULL;
        CREATE TABLE idempotent_calls (
            client TEXT NOT NULL,
            call_name TEXT NOT NULL,
            request_digest BLOB NOT NULL,
            begun_at BIGINT NOT NULL,
            status BIGINT,
            answer TEXT,
            PRIMARY KEY (client, call_name)
        );
        CREATE INDEX idempotent_calls_by_age ON idempotent_calls (begun_at);
        CREATE TABLE client_causes (
            client_prefix TEXT NOT NULL PRIMARY KEY REFERENCES clients (prefix),
            causes TEXT NOT NULL
        );

        """
}
