internal import AuthDomain
internal import AuthService

/// SQL that counts wrong entries, and the conditions under which a sign-in step may be written.
enum BudgetStatements {
    // MARK: Conditions

    /// No lock of any cause stands.
    static func isUnlocked(_ account: AccountID) -> SQLStatement {
        "NOT EXISTS (SELECT 1 FROM locks l WHERE l.account_id = \(account) AND l.cleared_at IS NULL)"
    }

    /// The stage of life is one in which somebody signs in; written after the row's name and a dot.
    private static let isLiving: SQLStatement = "lifecycle NOT IN ('destroyed', 'transfer_ended')"

    /// The account is there, unlocked, below the limit and still has the password that was proven.
    static func permits(_ step: StepGuard) -> SQLStatement {
        // All that the account's own row tells is asked in one look at it.
        var row: SQLStatement = "p.id = \(step.account) AND p.\(isLiving)"
        if let version = step.passwordVersion { row = "\(row) AND p.password_version = \(version)" }
        switch step.lane {
        case .shared: row = "\(row) AND p.\(failures(step.kind)) < \(step.limit)"
        case .device: row = "\(row) AND \(isBelowLimit(step))"
        }
        return "\(isUnlocked(step.account)) AND EXISTS (SELECT 1 FROM accounts p WHERE \(row))"
    }

    private static func isBelowLimit(_ step: StepGuard) -> SQLStatement {
        switch step.lane {
        case .shared:
            """
            EXISTS (SELECT 1 FROM accounts b WHERE b.id = \(step.account)
                AND b.\(failures(step.kind)) < \(step.limit))
            """
        case .device(let lane):
            """
            NOT EXISTS (SELECT 1 FROM attempt_lanes b WHERE b.subject = \(step.account) AND b.kind = \(step.kind)
                AND b.lane = \(lane) AND b.failures >= \(step.limit))
            """
        }
    }

    /// What a refused step is told: whether the account is alive, locked or exhausted, and its password version.
    static func diagnosis(_ step: StepGuard) -> SQLStatement {
        """
        SELECT c.lifecycle, c.password_version, \(isUnlocked(step.account)), \(isBelowLimit(step))
        FROM accounts c WHERE c.id = \(step.account)
        """
    }

    // MARK: Counting

    /// Counts in the account row; no row when a lock stands or enough were judged.
    static func countFailure(_ kind: BudgetKind, of account: AccountID, limit: Int) -> SQLStatement {
        """
        UPDATE accounts SET \(failures(kind)) = \(failures(kind)) + 1
        WHERE id = \(account) AND \(failures(kind)) < \(limit) AND \(isLiving)
            AND \(isUnlocked(account))
        RETURNING \(epoch(kind)), \(failures(kind))
        """
    }

    /// Counts in a device lane, which never expires.
    static func countLaneFailure(
        _ kind: BudgetKind, lane: String, of account: AccountID, limit: Int
    ) -> SQLStatement {
        """
        INSERT INTO attempt_lanes (subject, kind, lane, failures, epoch, expires_at)
        SELECT c.id, \(kind), \(lane), 1, 0, NULL FROM accounts c
        WHERE c.id = \(account) AND c.\(isLiving) AND \(isUnlocked(account))
        ON CONFLICT (subject, kind, lane) DO UPDATE SET failures = attempt_lanes.failures + 1
        WHERE attempt_lanes.failures < \(limit)
        RETURNING epoch, failures
        """
    }

    /// Counts for an address without account; an expired count starts a new epoch.
    static func countUnknownFailure(
        _ key: BudgetKey, limit: Int, now: WallInstant, expiresAt: WallInstant
    ) -> SQLStatement {
        """
        INSERT INTO attempt_lanes (subject, kind, lane, failures, epoch, expires_at)
        VALUES (\(key.subject), \(key.kind), \(key.lane.text), 1, 0, \(expiresAt))
        ON CONFLICT (subject, kind, lane) DO UPDATE SET
            failures = CASE WHEN attempt_lanes.expires_at <= \(now) THEN 1 ELSE attempt_lanes.failures + 1 END,
            epoch = CASE WHEN attempt_lanes.expires_at <= \(now) THEN attempt_lanes.epoch + 1
                ELSE attempt_lanes.epoch END,
            expires_at = excluded.expires_at
        WHERE attempt_lanes.failures < \(limit) OR attempt_lanes.expires_at <= \(now)
        RETURNING epoch, failures
        """
    }

    static func lane(_ key: BudgetKey) -> SQLStatement {
        """
        SELECT epoch, failures, expires_at FROM attempt_lanes
        WHERE subject = \(key.subject) AND kind = \(key.kind) AND lane = \(key.lane.text)
        """
    }

    /// Forgets a few counts that expired before an instant.
    static func purge(expiredBefore instant: WallInstant, limit: Int) -> SQLStatement {
        """
        DELETE FROM attempt_lanes WHERE (subject, kind, lane) IN
            (SELECT subject, kind, lane FROM attempt_lanes WHERE expires_at < \(instant)
            ORDER BY expires_at LIMIT \(limit))
        """
    }

    // MARK: Resetting

    /// Begins a new epoch; no row when nothing was counted.
    static func reset(_ kind: BudgetKind, lane: BudgetLane, of account: AccountID) -> SQLStatement {
        switch lane {
        case .shared:
            """
            UPDATE accounts SET \(failures(kind)) = 0, \(epoch(kind)) = \(epoch(kind)) + 1
            WHERE id = \(account) AND \(failures(kind)) > 0
            RETURNING \(epoch(kind)), \(failures(kind))
            """
        case .device(let lane):
            """
            UPDATE attempt_lanes SET failures = 0, epoch = epoch + 1
            WHERE subject = \(account) AND kind = \(kind) AND lane = \(lane) AND failures > 0
            RETURNING epoch, failures
            """
        }
    }

    /// Whether there is anything to reset.
    static func isCounted(_ kind: BudgetKind, lane: BudgetLane, of account: AccountID) -> SQLStatement {
        switch lane {
        case .shared: "SELECT 1 FROM accounts WHERE id = \(account) AND \(failures(kind)) > 0"
        case .device(let lane):
            """
            SELECT 1 FROM attempt_lanes
            WHERE subject = \(account) AND kind = \(kind) AND lane = \(lane) AND failures > 0
            """
        }
    }

    static func resetDeviceLanes(of account: AccountID) -> SQLStatement {
        "UPDATE attempt_lanes SET failures = 0, epoch = epoch + 1 WHERE subject = \(account) AND failures > 0"
    }

    static func sharedStates(of account: AccountID) -> SQLStatement {
        """
        SELECT password_epoch, password_failures, otp_epoch, otp_failures, recovery_epoch, recovery_failures
        FROM accounts WHERE id = \(account)
        """
    }

    static func noteSignIn(_ account: AccountID, now: WallInstant) -> SQLStatement {
        "UPDATE accounts SET last_sign_in_at = \(now) WHERE id = \(account)"
    }

    // MARK: Columns

    private static func failures(_ kind: BudgetKind) -> SQLStatement {
        switch kind {
        case .password: "password_failures"
        case .oneTimeCode: "otp_failures"
        case .recoveryCode: "recovery_failures"
        }
    }

    private static func epoch(_ kind: BudgetKind) -> SQLStatement {
        switch kind {
        case .password: "password_epoch"
        case .oneTimeCode: "otp_epoch"
        case .recoveryCode: "recovery_epoch"
        }
    }
}
