extension Migration {
    /// How far the record was forwarded to a collector, and which instance does it.
    static let auditForwarding = """
        CREATE TABLE audit_forwarding (
            chain TEXT NOT NULL PRIMARY KEY,
            number BIGINT NOT NULL
        );
        CREATE TABLE audit_forwarder (
            id BIGINT NOT NULL PRIMARY KEY,
            holder TEXT NOT NULL,
            lease_expires_at BIGINT NOT NULL
        );

        """
}
