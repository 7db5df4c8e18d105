/// The short messages that warnings wait for.
extension Migration {
    /// When the message of a warning was taken care of; warnings from before had theirs, or lost it with a restart.
    static let reminders = """
        ALTER TABLE deadline_warnings ADD COLUMN reminded_at BIGINT;
        UPDATE deadline_warnings SET reminded_at = warned_at;
        CREATE INDEX waiting_reminders ON deadline_warnings (warned_at, account_id) WHERE reminded_at IS NULL;

        """
}
