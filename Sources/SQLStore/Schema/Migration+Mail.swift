extension Migration {
    /// App passwords, and the wrong values that mail programs sent for the present password (R-LOCK-9).
    static let mailTables = """
        CREATE TABLE app_passwords (
            id TEXT NOT NULL PRIMARY KEY,
            account_id TEXT NOT NULL REFERENCES accounts (id),
            label TEXT NOT NULL,
            lookup BLOB NOT NULL,
            digest BLOB NOT NULL,
            services TEXT NOT NULL,
            networks TEXT NOT NULL,
            expires_at BIGINT,
            document TEXT,
            created_at BIGINT NOT NULL,
            last_used_at BIGINT,
            last_used_address TEXT,
            last_used_service TEXT,
            revoked_at BIGINT
        );
        CREATE INDEX live_app_passwords ON app_passwords (account_id, lookup) WHERE revoked_at IS NULL;
        CREATE TABLE wrong_values (
            account_id TEXT NOT NULL REFERENCES accounts (id),
            version BIGINT NOT NULL,
            digest BLOB NOT NULL,
            judged_at BIGINT NOT NULL,
            PRIMARY KEY (account_id, version, digest)
        );

        """
}
