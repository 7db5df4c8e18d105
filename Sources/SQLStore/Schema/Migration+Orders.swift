/// Messages that imports leave for the service to send.
extension Migration {
    /// An order stands in the transaction of the row that asked for it and names the message that carries it out.
    ///
    /// A password lies there sealed until its message left, and not a moment longer. What ended stays as long as the
    /// messages themselves, so that one that never arrived can be told.
    static let orderTables = """
        CREATE TABLE sms_orders (
            id TEXT NOT NULL PRIMARY KEY,
            account_id TEXT NOT NULL,
            purpose TEXT NOT NULL,
            transaction_id TEXT NOT NULL,
            password_sealed BLOB,
            password_version BIGINT,
            reference TEXT,
            repeats BIGINT NOT NULL,
            ordered_at BIGINT NOT NULL,
            due_at BIGINT NOT NULL,
            outcome TEXT,
            reason TEXT,
            ended_at BIGINT
        );
        CREATE INDEX sms_orders_by_due ON sms_orders (due_at, id) WHERE ended_at IS NULL;
        CREATE INDEX sms_orders_by_account ON sms_orders (account_id);
        CREATE INDEX sms_orders_ended ON sms_orders (ended_at) WHERE ended_at IS NOT NULL;
        CREATE INDEX sms_orders_lost ON sms_orders (ended_at, id)
            WHERE outcome IN ('undelivered', 'refused', 'unknown', 'overdue');

        """
}
