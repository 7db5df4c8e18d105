extension Migration {
    /// Whose names have to be taken out of the record, and the mark of rows that they were taken out of.
    ///
    /// Accounts that were destroyed before are due at once; what they were called is read from their own rows.
    static let erasureTables = """
        ALTER TABLE audit ADD COLUMN erased_mac BLOB;
        CREATE INDEX audit_of_nobody ON audit (address, occurred_at)
            WHERE account_id IS NULL AND address IS NOT NULL;
        CREATE INDEX form_rows_by_address ON form_rows (address);
        CREATE TABLE erasures (
            account_id TEXT NOT NULL PRIMARY KEY REFERENCES accounts (id),
            due_at BIGINT NOT NULL,
            is_last BIGINT NOT NULL
        );
        CREATE INDEX erasures_by_due ON erasures (due_at, account_id);
        CREATE TABLE erasure_names (
            account_id TEXT NOT NULL REFERENCES accounts (id),
            name TEXT NOT NULL,
            PRIMARY KEY (account_id, name)
        );
        INSERT INTO erasures (account_id, due_at, is_last) SELECT id, 0, 0 FROM accounts WHERE destroyed_at IS NOT NULL;
        INSERT INTO erasure_names (account_id, name)
            SELECT DISTINCT e.account_id, a.address FROM erasures e JOIN audit a ON a.account_id = e.account_id
            WHERE a.address IS NOT NULL;

        """
}
