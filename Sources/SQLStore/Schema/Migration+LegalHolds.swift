extension Migration {
    /// Accounts of which everything has to be kept, and those that had to be.
    static let legalHoldTables = """
        CREATE TABLE legal_holds (
            id TEXT NOT NULL PRIMARY KEY,
            account_id TEXT NOT NULL REFERENCES accounts (id),
            document TEXT NOT NULL,
            placed_at BIGINT NOT NULL,
            placed_by TEXT NOT NULL,
            released_at BIGINT,
            released_by TEXT,
            release_document TEXT
        );
        CREATE UNIQUE INDEX one_standing_hold ON legal_holds (account_id) WHERE released_at IS NULL;

        """
}
