internal import AuthDomain
internal import AuthService

/// SQL of the journal of forms.
enum FormStatements {
    static func journal(of file: FormFileIdentity) -> SQLStatement {
        """
        SELECT sheet, number, address, delivery FROM form_rows
        WHERE file_digest = \(file.digest) AND form = \(source(file)) ORDER BY sheet, number
        """
    }

    /// No row is written when the journal has it.
    static func insert(_ entry: FormJournalEntry, of file: FormFileIdentity, now: WallInstant) -> SQLStatement {
        """
        INSERT INTO form_rows (file_digest, form, sheet, number, address, delivery, done_at)
        VALUES (\(file.digest), \(source(file)), \(entry.position.sheet), \(entry.position.row), \(entry.address),
            \(entry.delivery.map { Int64($0) }), \(now))
        ON CONFLICT (file_digest, form, sheet, number) DO NOTHING
        """
    }

    private static func source(_ file: FormFileIdentity) -> String { file.form?.rawValue ?? "accounts" }

    /// Only a mailbox in use can be recalled.
    static func recall(_ account: AccountID, _ recall: Recall) -> SQLStatement {
        """
        UPDATE accounts SET lifecycle = \(Lifecycle.recalled), lifecycle_ends_at = \(recall.endsAt),
            lifecycle_decided_on = \(recall.decidedOn.description), lifecycle_document = \(recall.document), look_at = 0
        WHERE id = \(account) AND lifecycle IN (\(Lifecycle.active), \(Lifecycle.transferred))
        """
    }
}
