internal import AuthDomain
internal import AuthService

/// SQL that reads accounts and writes their master data.
enum AccountStatements {
    private static let columns: SQLStatement = """
        c.id, c.kind, c.display_name, c.organisation, c.lifecycle,
        c.password_record, c.password_version, c.password_changed_at, c.must_change, c.password_issued,
        c.password_expires_at, c.password_failures, c.password_epoch, c.otp_failures, c.otp_epoch,
        c.recovery_failures, c.recovery_epoch, c.phone_sealed, c.phone_masked, c.notified_at, c.created_at,
        c.last_sign_in_at, c.look_at,
        (SELECT count(*) FROM recovery_codes r WHERE r.account_id = c.id AND r.used_at IS NULL),
        e.id, e.digest, e.expires_at, c.phone_digest, c.takes_sms, c.number_confirmed_at, c.pending_phone_masked
        """

    private static let liveCode: SQLStatement = """
        LEFT JOIN enrolment_codes e ON e.account_id = c.id AND e.ended_at IS NULL
        """

    static func account(at address: MailboxAddress) -> SQLStatement {
        """
        SELECT \(columns) FROM addresses a JOIN accounts c ON c.id = a.account_id \(liveCode)
        WHERE a.address = \(address)
        """
    }

    static func account(id: AccountID) -> SQLStatement {
        "SELECT \(columns) FROM accounts c \(liveCode) WHERE c.id = \(id)"
    }

    /// The main address first.
    static func addresses(of account: AccountID) -> SQLStatement {
        "SELECT address, is_main FROM addresses WHERE account_id = \(account) ORDER BY is_main DESC, address"
    }

    static func lifecycle(of account: AccountID) -> SQLStatement {
        "SELECT lifecycle FROM accounts WHERE id = \(account)"
    }

    static func insert(_ account: Account) -> SQLStatement {
        let password = account.password
        return """
            INSERT INTO accounts (id, kind, display_name, organisation, lifecycle, password_record, password_version,
                password_changed_at, must_change, password_issued, password_expires_at, phone_sealed, phone_masked,
                notified_at, created_at, phone_digest, takes_sms, number_confirmed_at)
            VALUES (\(account.id), \(account.kind), \(account.displayName), \(account.organisation),
                \(account.lifecycle), \(password.record), \(password.version), \(password.changedAt),
                \(password.mustChange), \(password.isIssued), \(password.expiresAt), \(account.sealedPhone),
                \(account.maskedPhone), \(account.notifiedAt), \(account.createdAt), \(account.phone?.index),
                \(account.phone.map { SQLValue.integer($0.takesSMS ? 1 : 0) } ?? .null),
                \(account.phone?.confirmedAt))
            ON CONFLICT (id) DO NOTHING
            """
    }

    /// No row is written when the address leads to a mailbox already.
    static func insert(address: MailboxAddress, of account: AccountID, isMain: Bool) -> SQLStatement {
        """
        INSERT INTO addresses (address, account_id, is_main) VALUES (\(address), \(account), \(isMain))
        ON CONFLICT (address) DO NOTHING
        """
    }

    static func owner(of address: MailboxAddress) -> SQLStatement {
        "SELECT account_id FROM addresses WHERE address = \(address)"
    }

    static func deleteAliases(of account: AccountID) -> SQLStatement {
        "DELETE FROM addresses WHERE account_id = \(account) AND is_main = 0"
    }

    /// Sets one column of the master data.
    static func set(_ assignment: SQLStatement, of account: AccountID) -> SQLStatement {
        "UPDATE accounts SET \(assignment) WHERE id = \(account)"
    }

    /// No number waits for its confirmation.
    static let noPendingPhone: SQLStatement = """
        pending_id = NULL, pending_phone_sealed = NULL, pending_phone_digest = NULL, pending_phone_masked = NULL,
        pending_document = NULL, pending_hands_over = NULL, pending_since = NULL
        """

    /// What is left of a destroyed account is its identity and its dates (R-LIFE-9).
    static func destroy(_ account: AccountID, now: WallInstant) -> SQLStatement {
        """
        UPDATE accounts SET lifecycle = \(Lifecycle.destroyed), destroyed_at = \(now), display_name = NULL,
            organisation = NULL, password_record = '', password_version = password_version + 1,
            password_expires_at = NULL, must_change = 0, phone_sealed = NULL, phone_masked = NULL,
            phone_digest = NULL, takes_sms = NULL, number_confirmed_at = NULL, \(noPendingPhone),
            look_at = \(DeadlineDecision.never)
        WHERE id = \(account) AND lifecycle <> \(Lifecycle.destroyed)
        """
    }

    /// Everything that hangs on an account and goes with it.
    static func removals(of account: AccountID) -> [SQLStatement] {
        [
            "DELETE FROM addresses WHERE account_id = \(account)",
            "DELETE FROM password_history WHERE account_id = \(account)",
            "DELETE FROM authenticators WHERE account_id = \(account)",
            "DELETE FROM recovery_codes WHERE account_id = \(account)",
            "DELETE FROM enrolment_codes WHERE account_id = \(account)",
            "DELETE FROM attempt_lanes WHERE subject = \(account)",
            // That messages were sent stays on record; whom they reached goes with the number (R-PDP-3).
            "UPDATE sms_sends SET phone_digest = \([UInt8]()), phone_masked = '' WHERE account_id = \(account)",
            "DELETE FROM sms_orders WHERE account_id = \(account)",
            "DELETE FROM app_passwords WHERE account_id = \(account)",
            "DELETE FROM wrong_values WHERE account_id = \(account)",
            "DELETE FROM activity_days WHERE account_id = \(account)",
            "DELETE FROM activity_last WHERE account_id = \(account)",
            "DELETE FROM deadline_warnings WHERE account_id = \(account)",
            // Given up before the account was: no receiver has any use for them.
            "DELETE FROM outbox_dead WHERE account_id = \(account) AND type <> \(AccountEventType.accountDestroyed)",
        ]
    }
}
