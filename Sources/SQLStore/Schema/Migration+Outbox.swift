extension Migration {
    /// Changes numbered for reconciliation, and the events that wait for their receivers (R-HOOK-2).
    ///
    /// Accounts that are there already are numbered in the order of their making.
    static let outboxTables = """
        ALTER TABLE accounts ADD COLUMN change_sequence BIGINT NOT NULL DEFAULT 0;
        ALTER TABLE accounts ADD COLUMN change_number BIGINT NOT NULL DEFAULT 0;
        ALTER TABLE accounts ADD COLUMN updated_at BIGINT NOT NULL DEFAULT 0;
        UPDATE accounts SET change_number = o.number, updated_at = accounts.created_at FROM (
            SELECT id, row_number() OVER (ORDER BY created_at, id) AS number FROM accounts
        ) o WHERE o.id = accounts.id;
        CREATE INDEX accounts_by_change ON accounts (change_number, id);
        CREATE INDEX accounts_by_update ON accounts (updated_at, change_number);
        CREATE TABLE change_counter (
            id BIGINT NOT NULL PRIMARY KEY,
            last_number BIGINT NOT NULL
        );
        INSERT INTO change_counter (id, last_number) SELECT 1, count(*) FROM accounts;

        CREATE TABLE outbox (
            target TEXT NOT NULL,
            account_id TEXT NOT NULL,
            sequence BIGINT NOT NULL,
            type TEXT NOT NULL,
            occurred_at BIGINT NOT NULL,
            address TEXT NOT NULL,
            data TEXT NOT NULL,
            PRIMARY KEY (target, account_id, sequence)
        );
        CREATE TABLE outbox_lines (
            target TEXT NOT NULL,
            account_id TEXT NOT NULL,
            due_at BIGINT NOT NULL,
            attempts BIGINT NOT NULL,
            stage BIGINT NOT NULL,
            lease TEXT,
            last_result TEXT,
            PRIMARY KEY (target, account_id)
        );
        CREATE INDEX outbox_lines_by_due ON outbox_lines (target, due_at);
        CREATE TABLE outbox_dead (
            target TEXT NOT NULL,
            account_id TEXT NOT NULL,
            sequence BIGINT NOT NULL,
            type TEXT NOT NULL,
            occurred_at BIGINT NOT NULL,
            address TEXT NOT NULL,
            data TEXT NOT NULL,
            attempts BIGINT NOT NULL,
            result TEXT NOT NULL,
            died_at BIGINT NOT NULL,
            PRIMARY KEY (target, account_id, sequence)
        );
        CREATE TABLE outbox_stops (
            target TEXT NOT NULL PRIMARY KEY,
            reason TEXT NOT NULL,
            stopped_at BIGINT NOT NULL
        );

        """
}
