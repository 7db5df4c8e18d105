/// Codes by SMS: what an account's number is, every message, and what budgets and prefixes are counted from.
extension Migration {
    /// A number that waits for its confirmation stands beside the active one, at most one for each account.
    static let messageTables = """
        ALTER TABLE accounts ADD COLUMN phone_digest BLOB;
        ALTER TABLE accounts ADD COLUMN takes_sms BIGINT;
        ALTER TABLE accounts ADD COLUMN number_confirmed_at BIGINT;
        ALTER TABLE accounts ADD COLUMN pending_id TEXT;
        ALTER TABLE accounts ADD COLUMN pending_phone_sealed BLOB;
        ALTER TABLE accounts ADD COLUMN pending_phone_digest BLOB;
        ALTER TABLE accounts ADD COLUMN pending_phone_masked TEXT;
        ALTER TABLE accounts ADD COLUMN pending_document TEXT;
        ALTER TABLE accounts ADD COLUMN pending_hands_over BIGINT;
        ALTER TABLE accounts ADD COLUMN pending_since BIGINT;
        CREATE INDEX accounts_by_number ON accounts (phone_digest) WHERE phone_digest IS NOT NULL;

        CREATE TABLE sms_sends (
            reference TEXT NOT NULL PRIMARY KEY,
            issue TEXT NOT NULL,
            transaction_id TEXT NOT NULL,
            account_id TEXT NOT NULL,
            purpose TEXT NOT NULL,
            phone_digest BLOB NOT NULL,
            phone_masked TEXT NOT NULL,
            prefix TEXT NOT NULL,
            lane TEXT NOT NULL,
            client_network TEXT,
            parts BIGINT NOT NULL,
            cost BIGINT NOT NULL,
            state TEXT NOT NULL,
            gateway TEXT,
            provider_id TEXT,
            reason TEXT,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            expires_at BIGINT NOT NULL,
            verified_at BIGINT
        );
        CREATE INDEX sms_sends_by_issue ON sms_sends (issue);
        CREATE INDEX sms_sends_by_transaction ON sms_sends (transaction_id, created_at);
        CREATE INDEX sms_sends_by_number ON sms_sends (phone_digest, created_at);
        CREATE INDEX sms_sends_by_account ON sms_sends (account_id, created_at);
        CREATE INDEX sms_sends_by_prefix ON sms_sends (prefix, lane, created_at);
        CREATE INDEX sms_sends_by_return ON sms_sends (prefix, lane, verified_at) WHERE verified_at IS NOT NULL;
        CREATE INDEX sms_sends_proven ON sms_sends (phone_digest) WHERE verified_at IS NOT NULL;
        CREATE INDEX sms_sends_by_provider ON sms_sends (provider_id) WHERE provider_id IS NOT NULL;
        CREATE INDEX sms_sends_leaving ON sms_sends (updated_at) WHERE state IN ('created', 'sending');
        CREATE INDEX sms_sends_open ON sms_sends (expires_at) WHERE state IN ('unknown', 'queued', 'accepted');
        CREATE INDEX sms_sends_by_age ON sms_sends (created_at);

        CREATE TABLE sms_counts (
            scope TEXT NOT NULL,
            subject TEXT NOT NULL,
            slice BIGINT NOT NULL,
            used BIGINT NOT NULL,
            expires_at BIGINT NOT NULL,
            PRIMARY KEY (scope, subject, slice)
        );
        CREATE INDEX sms_counts_by_expiry ON sms_counts (expires_at);
        CREATE TABLE sms_days (
            prefix TEXT NOT NULL,
            lane TEXT NOT NULL,
            day BIGINT NOT NULL,
            sends BIGINT NOT NULL,
            verified BIGINT NOT NULL,
            longest_run BIGINT NOT NULL,
            is_paused BIGINT NOT NULL,
            is_learned BIGINT NOT NULL,
            PRIMARY KEY (prefix, lane, day)
        );
        CREATE INDEX sms_days_by_day ON sms_days (day, is_learned);

        """
}
