internal import AuthDomain
internal import AuthService

/// SQL about passwords, authenticators, recovery codes and enrolment codes.
enum CredentialStatements {
    // MARK: Passwords

    static func history(of account: AccountID, limit: Int) -> SQLStatement {
        """
        SELECT record FROM password_history WHERE account_id = \(account) ORDER BY version DESC LIMIT \(limit)
        """
    }

    /// Keeps the current record before it is replaced; a destroyed account has none.
    static func archivePassword(of account: AccountID, when condition: SQLStatement) -> SQLStatement {
        """
        INSERT INTO password_history (account_id, version, record)
        SELECT c.id, c.password_version, c.password_record FROM accounts c
        WHERE c.id = \(account) AND c.password_record <> '' AND \(condition)
        ON CONFLICT (account_id, version) DO NOTHING
        """
    }

    static func pruneHistory(of account: AccountID, keeping count: Int) -> SQLStatement {
        """
        DELETE FROM password_history WHERE account_id = \(account) AND version <=
            (SELECT password_version FROM accounts WHERE id = \(account)) - 1 - \(count)
        """
    }

    static func setChosenPassword(
        _ record: String, of account: AccountID, now: WallInstant, when condition: SQLStatement
    ) -> SQLStatement {
        """
        UPDATE accounts AS c SET password_record = \(record), password_version = password_version + 1,
            password_changed_at = \(now), must_change = 0, password_issued = 0, password_expires_at = NULL,
            look_at = 0
        WHERE c.id = \(account) AND \(condition)
        """
    }

    static func setIssuedPassword(
        _ record: String, of account: AccountID, expiresAt: WallInstant, now: WallInstant
    ) -> SQLStatement {
        """
        UPDATE accounts SET password_record = \(record), password_version = password_version + 1,
            password_changed_at = \(now), must_change = 1, password_issued = 1, password_expires_at = \(expiresAt),
            look_at = 0
        WHERE id = \(account)
        """
    }

    static func rehash(_ record: String, of account: AccountID, version: Int64) -> SQLStatement {
        """
        UPDATE accounts SET password_record = \(record) WHERE id = \(account) AND password_version = \(version)
            AND lifecycle <> \(Lifecycle.destroyed)
        """
    }

    // MARK: Authenticators

    static func authenticators(of account: AccountID) -> SQLStatement {
        """
        SELECT id, label, secret_sealed, algorithm, digits, step_seconds, last_step, created_at, confirmed_at,
            last_used_at
        FROM authenticators
        WHERE account_id = \(account) AND revoked_at IS NULL AND confirmed_at IS NOT NULL
        ORDER BY created_at, id
        """
    }

    /// Every step up to the accepted one is used with it (R-TOTP-5); no row is changed by a step that is.
    static func consume(
        step: TimeStep, of id: AuthenticatorID, account: AccountID, now: WallInstant, when condition: SQLStatement
    ) -> SQLStatement {
        """
        UPDATE authenticators SET last_step = \(step.number), last_used_at = \(now)
        WHERE id = \(id) AND account_id = \(account) AND revoked_at IS NULL AND confirmed_at IS NOT NULL
            AND (last_step IS NULL OR last_step < \(step.number)) AND \(condition)
        """
    }

    /// An authenticator with the same label does not count, for it is replaced (R-URI-4).
    static func insert(
        _ authenticator: Authenticator, of account: AccountID, maximum: Int, when condition: SQLStatement
    ) -> SQLStatement {
        """
        INSERT INTO authenticators (id, account_id, label, secret_sealed, algorithm, digits, step_seconds, last_step,
            created_at, confirmed_at, last_used_at)
        SELECT \(list: values(of: authenticator, account: account))
        WHERE (SELECT count(*) FROM authenticators o
                WHERE o.account_id = \(account) AND o.revoked_at IS NULL AND o.label <> \(authenticator.label))
            < \(maximum) AND \(condition)
        ON CONFLICT (id) DO NOTHING
        """
    }

    static func revokeOthers(
        labelled label: String, than id: AuthenticatorID, account: AccountID, now: WallInstant
    ) -> SQLStatement {
        """
        \(revocation(now)) WHERE account_id = \(account) AND revoked_at IS NULL AND label = \(label)
            AND id <> \(id)
        RETURNING id
        """
    }

    static func revoke(_ id: AuthenticatorID, account: AccountID, now: WallInstant) -> SQLStatement {
        "\(revocation(now)) WHERE account_id = \(account) AND revoked_at IS NULL AND id = \(id)"
    }

    static func revokeAll(of account: AccountID, now: WallInstant) -> SQLStatement {
        "\(revocation(now)) WHERE account_id = \(account) AND revoked_at IS NULL"
    }

    /// The secret goes at once; the row stays, so that the record can name the holder.
    private static func revocation(_ now: WallInstant) -> SQLStatement {
        "UPDATE authenticators SET revoked_at = \(now), secret_sealed = \([UInt8]())"
    }

    private static func values(of authenticator: Authenticator, account: AccountID) -> [SQLValue] {
        let parameters = StoredParameters(authenticator.parameters)
        return [
            .text(authenticator.id.text), .text(account.text), .text(authenticator.label),
            .blob(authenticator.sealedSecret), .text(parameters.algorithm), .integer(parameters.digits),
            .integer(parameters.stepSeconds), authenticator.lastAcceptedStep.map { .integer($0.number) } ?? .null,
            .integer(authenticator.createdAt.milliseconds), optional(authenticator.confirmedAt),
            optional(authenticator.lastUsedAt),
        ]
    }

    private static func optional(_ instant: WallInstant?) -> SQLValue {
        instant.map { .integer($0.milliseconds) } ?? .null
    }

    // MARK: Recovery codes

    static func recoveryCode(of account: AccountID, slot: Int) -> SQLStatement {
        """
        SELECT slot, record FROM recovery_codes
        WHERE account_id = \(account) AND slot = \(slot) AND used_at IS NULL
        """
    }

    static func consume(
        recoverySlot slot: Int, of account: AccountID, now: WallInstant, when condition: SQLStatement
    ) -> SQLStatement {
        """
        UPDATE recovery_codes SET used_at = \(now)
        WHERE account_id = \(account) AND slot = \(slot) AND used_at IS NULL AND \(condition)
        """
    }

    static func deleteRecoveryCodes(of account: AccountID) -> SQLStatement {
        "DELETE FROM recovery_codes WHERE account_id = \(account)"
    }

    static func insert(_ code: RecoveryCodeRecord, of account: AccountID) -> SQLStatement {
        "INSERT INTO recovery_codes (account_id, slot, record) VALUES (\(account), \(code.slot), \(code.record))"
    }

    // MARK: Enrolment codes

    /// The code stays live: an enrolment ends it, not a sign-in (R-FIRST-5).
    static func use(
        enrolmentCode id: String, of account: AccountID, now: WallInstant, when condition: SQLStatement
    ) -> SQLStatement {
        """
        UPDATE enrolment_codes SET last_used_at = \(now)
        WHERE id = \(id) AND account_id = \(account) AND ended_at IS NULL AND expires_at > \(now) AND \(condition)
        """
    }

    static func isLive(enrolmentCode id: String, of account: AccountID) -> SQLStatement {
        """
        EXISTS (SELECT 1 FROM enrolment_codes e WHERE e.id = \(id) AND e.account_id = \(account)
            AND e.ended_at IS NULL)
        """
    }

    static func endEnrolmentCodes(of account: AccountID, now: WallInstant) -> SQLStatement {
        "UPDATE enrolment_codes SET ended_at = \(now) WHERE account_id = \(account) AND ended_at IS NULL"
    }

    static func insert(_ code: EnrolmentCodeRecord, of account: AccountID, now: WallInstant) -> SQLStatement {
        """
        INSERT INTO enrolment_codes (id, account_id, digest, issued_at, expires_at)
        VALUES (\(code.id), \(account), \(code.digest), \(now), \(code.expiresAt))
        """
    }
}
