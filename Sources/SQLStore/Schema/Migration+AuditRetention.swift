extension Migration {
    /// Where purged chains begin now: one row for each chain whose oldest rows were removed after their retention.
    static let auditRetention = """
        CREATE TABLE audit_anchors (
            chain TEXT NOT NULL PRIMARY KEY,
            number BIGINT NOT NULL,
            row_mac BLOB NOT NULL,
            purged_at BIGINT NOT NULL,
            mac BLOB NOT NULL
        );

        """
}
