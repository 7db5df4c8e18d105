extension Migration {
    /// What was imported from forms and from other systems: a row of a file is carried out once;
    /// and the way into reports of an organisation.
    static let formTables = """
        CREATE TABLE form_rows (
            file_digest BLOB NOT NULL,
            form TEXT NOT NULL,
            sheet BIGINT NOT NULL,
            number BIGINT NOT NULL,
            address TEXT NOT NULL,
            delivery BIGINT,
            done_at BIGINT NOT NULL,
            PRIMARY KEY (file_digest, form, sheet, number)
        );
        CREATE INDEX accounts_by_organisation ON accounts (organisation, id) WHERE organisation IS NOT NULL;

        """
}
