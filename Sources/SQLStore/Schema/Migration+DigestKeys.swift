extension Migration {
    /// The root keys of all keyed digests, sealed under ring keys.
    static let digestKeys = """
        CREATE TABLE digest_keys (
            id TEXT NOT NULL PRIMARY KEY,
            number BIGINT NOT NULL UNIQUE,
            key_sealed BLOB NOT NULL,
            created_at BIGINT NOT NULL
        );

        """
}
