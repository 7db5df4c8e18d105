extension Migration {
    /// Ways to what is over, by its age.
    static let pruningIndexes = """
        CREATE INDEX form_rows_by_age ON form_rows (done_at);
        CREATE INDEX ended_enrolment_codes ON enrolment_codes (ended_at) WHERE ended_at IS NOT NULL;
        CREATE INDEX revoked_authenticators ON authenticators (revoked_at) WHERE revoked_at IS NOT NULL;
        CREATE INDEX revoked_app_passwords ON app_passwords (revoked_at) WHERE revoked_at IS NOT NULL;
        CREATE INDEX outbox_dead_by_age ON outbox_dead (died_at);

        """
}
