/// Short messages that warnings wait for, answers that are kept for repeated calls, and announced maintenance.
extension Migration {
    /// When the message of a warning was taken care of; warnings from before had theirs, or lost it with a restart.
    static let reminders = """
        ALTER TABLE deadline_warnings ADD COLUMN reminded_at BIGINT;
        UPDATE deadline_warnings SET reminded_at = warned_at;
        CREATE INDEX waiting_reminders ON deadline_warnings (warned_at, account_id) WHERE reminded_at IS NULL;

        """

    /// Answers of repeated calls, sealed, since some hold secrets (R-API-4).
    ///
    /// What was kept before were answers about locks, which may be repeated without harm.
    static let sealedAnswers = """
        DROP TABLE idempotent_calls;
        CREATE TABLE idempotent_calls (
            id TEXT NOT NULL PRIMARY KEY,
            client TEXT NOT NULL,
            call_name TEXT NOT NULL,
            request_digest BLOB NOT NULL,
            begun_at BIGINT NOT NULL,
            answer_sealed BLOB,
            UNIQUE (client, call_name)
        );
        CREATE INDEX idempotent_calls_by_age ON idempotent_calls (begun_at);

        """

    /// Stops of the service that were announced (Đ10.1.d); one that is called off stays on record.
    static let maintenance = """
        CREATE TABLE maintenance_notices (
            id TEXT NOT NULL PRIMARY KEY,
            from_at BIGINT NOT NULL,
            until_at BIGINT NOT NULL,
            message_vi TEXT NOT NULL,
            message_en TEXT,
            urgent BIGINT NOT NULL,
            announced_at BIGINT NOT NULL,
            announced_by TEXT NOT NULL,
            cancelled_at BIGINT
        );
        CREATE INDEX standing_maintenance_notices ON maintenance_notices (until_at) WHERE cancelled_at IS NULL;

        """
}
