/// One step of the schema; steps are never edited after a release, only added.
struct Migration: Sendable {
    /// The version that the database has afterwards.
    let version: Int
    /// Its statements.
    let script: String

    /// All steps, in order.
    static let all = [
        Migration(
            version: 1,
            script: accountTables + credentialTables + lockTables + attemptTables + auditTables + clientTables
                + signingKeyTables),
        Migration(version: 2, script: auditRetention),
        Migration(version: 3, script: outboxTables),
        Migration(version: 4, script: digestKeys),
        Migration(version: 5, script: auditForwarding),
        Migration(version: 6, script: messageTables),
        Migration(version: 7, script: deadlineTables + deskTables),
        Migration(version: 8, script: mailTables),
        Migration(version: 9, script: activityTables),
        Migration(version: 10, script: formTables),
        Migration(version: 11, script: erasureTables + legalHoldTables + pruningIndexes),
        Migration(version: 12, script: orderTables),
        Migration(version: 13, script: reminders + sealedAnswers + maintenance),
    ]

    /// The newest version that this program knows.
    static var newest: Int { all.last?.version ?? 0 }
}

// The statements use only what PostgreSQL reads as well, see `SQLiteStore`; times are milliseconds since 1970 UTC,
// truth values 0 and 1.

/// Main addresses and aliases share one table, so that one name never leads to two mailboxes.
private let accountTables = """
    CREATE TABLE accounts (
        id TEXT NOT NULL PRIMARY KEY,
        kind TEXT NOT NULL,
        display_name TEXT,
        organisation TEXT,
        lifecycle TEXT NOT NULL,
        password_record TEXT NOT NULL,
        password_version BIGINT NOT NULL,
        password_changed_at BIGINT NOT NULL,
        must_change BIGINT NOT NULL,
        password_issued BIGINT NOT NULL,
        password_expires_at BIGINT,
        password_failures BIGINT NOT NULL DEFAULT 0,
        password_epoch BIGINT NOT NULL DEFAULT 0,
        otp_failures BIGINT NOT NULL DEFAULT 0,
        otp_epoch BIGINT NOT NULL DEFAULT 0,
        recovery_failures BIGINT NOT NULL DEFAULT 0,
        recovery_epoch BIGINT NOT NULL DEFAULT 0,
        phone_sealed BLOB,
        phone_masked TEXT,
        notified_at BIGINT,
        created_at BIGINT NOT NULL,
        last_sign_in_at BIGINT,
        destroyed_at BIGINT
    );
    CREATE TABLE addresses (
        address TEXT NOT NULL PRIMARY KEY,
        account_id TEXT NOT NULL REFERENCES accounts (id),
        is_main BIGINT NOT NULL
    );
    CREATE INDEX addresses_by_account ON addresses (account_id, is_main, address);
    CREATE UNIQUE INDEX one_main_address ON addresses (account_id) WHERE is_main = 1;

    """

/// Passwords of the past and everything that stands in for a password's second factor.
private let credentialTables = """
    CREATE TABLE password_history (
        account_id TEXT NOT NULL REFERENCES accounts (id),
        version BIGINT NOT NULL,
        record TEXT NOT NULL,
        PRIMARY KEY (account_id, version)
    );
    CREATE TABLE authenticators (
        id TEXT NOT NULL PRIMARY KEY,
        account_id TEXT NOT NULL REFERENCES accounts (id),
        label TEXT NOT NULL,
        secret_sealed BLOB NOT NULL,
        algorithm TEXT NOT NULL,
        digits BIGINT NOT NULL,
        step_seconds BIGINT NOT NULL,
        last_step BIGINT,
        created_at BIGINT NOT NULL,
        confirmed_at BIGINT,
        last_used_at BIGINT,
        revoked_at BIGINT
    );
    CREATE INDEX live_authenticators ON authenticators (account_id) WHERE revoked_at IS NULL;
    CREATE TABLE recovery_codes (
        account_id TEXT NOT NULL REFERENCES accounts (id),
        slot BIGINT NOT NULL,
        record TEXT NOT NULL,
        used_at BIGINT,
        PRIMARY KEY (account_id, slot)
    );
    CREATE TABLE enrolment_codes (
        id TEXT NOT NULL PRIMARY KEY,
        account_id TEXT NOT NULL REFERENCES accounts (id),
        digest BLOB NOT NULL,
        issued_at BIGINT NOT NULL,
        expires_at BIGINT NOT NULL,
        last_used_at BIGINT,
        ended_at BIGINT
    );
    CREATE UNIQUE INDEX one_live_enrolment_code ON enrolment_codes (account_id) WHERE ended_at IS NULL;

    """

private let lockTables = """
    CREATE TABLE restorations (
        id TEXT NOT NULL PRIMARY KEY,
        account_id TEXT NOT NULL REFERENCES accounts (id),
        document TEXT NOT NULL,
        requested_by TEXT NOT NULL,
        remediation TEXT,
        restored_at BIGINT NOT NULL
    );
    CREATE INDEX restorations_by_account ON restorations (account_id);
    CREATE TABLE locks (
        id TEXT NOT NULL PRIMARY KEY,
        account_id TEXT NOT NULL REFERENCES accounts (id),
        cause TEXT NOT NULL,
        source TEXT NOT NULL,
        locked_at BIGINT NOT NULL,
        actor TEXT NOT NULL,
        note TEXT,
        document TEXT,
        cleared_at BIGINT,
        restoration_id TEXT REFERENCES restorations (id)
    );
    CREATE UNIQUE INDEX one_standing_lock_for_each_cause ON locks (account_id, cause) WHERE cleared_at IS NULL;
    CREATE INDEX locks_by_restoration ON locks (restoration_id) WHERE restoration_id IS NOT NULL;

    """

/// Budgets outside the account row: device lanes, which never expire, and unknown addresses, which do.
private let attemptTables = """
    CREATE TABLE attempt_lanes (
        subject TEXT NOT NULL,
        kind TEXT NOT NULL,
        lane TEXT NOT NULL,
        failures BIGINT NOT NULL,
        epoch BIGINT NOT NULL,
        expires_at BIGINT,
        PRIMARY KEY (subject, kind, lane)
    );
    CREATE INDEX attempt_lanes_by_expiry ON attempt_lanes (expires_at) WHERE expires_at IS NOT NULL;

    """

/// The audit log; no foreign key, because the record outlives what it tells of.
///
/// Nothing here forbids to change rows: whoever can write the file could take that away as well, and the chain tells.
private let auditTables = """
    CREATE TABLE audit_chains (
        chain TEXT NOT NULL PRIMARY KEY,
        opened_at BIGINT NOT NULL,
        head_number BIGINT NOT NULL,
        head_mac BLOB NOT NULL,
        mac BLOB NOT NULL
    );
    CREATE INDEX audit_chains_by_opening ON audit_chains (opened_at, chain);
    CREATE TABLE audit (
        chain TEXT NOT NULL,
        number BIGINT NOT NULL,
        occurred_at BIGINT NOT NULL,
        instance TEXT NOT NULL,
        code TEXT NOT NULL,
        result TEXT NOT NULL,
        account_id TEXT,
        address TEXT,
        cause TEXT,
        clause TEXT,
        factor TEXT,
        authenticator_id TEXT,
        document TEXT,
        detail TEXT,
        client TEXT NOT NULL,
        actor TEXT,
        client_address TEXT,
        user_agent TEXT,
        request_id TEXT,
        entry TEXT NOT NULL,
        previous BLOB NOT NULL,
        mac BLOB NOT NULL,
        PRIMARY KEY (chain, number)
    );
    CREATE INDEX audit_by_time ON audit (occurred_at, chain, number);
    CREATE INDEX audit_by_account ON audit (account_id, occurred_at, chain, number) WHERE account_id IS NOT NULL;
    """

private let clientTables = """
    CREATE TABLE clients (
        prefix TEXT NOT NULL PRIMARY KEY,
        name TEXT NOT NULL,
        digest BLOB NOT NULL,
        scopes TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        revoked_at BIGINT
    );
    CREATE UNIQUE INDEX one_live_client_of_a_name ON clients (name) WHERE revoked_at IS NULL;

    """

private let signingKeyTables = """
    CREATE TABLE signing_keys (
        id TEXT NOT NULL PRIMARY KEY,
        number BIGINT NOT NULL UNIQUE,
        key_sealed BLOB NOT NULL,
        created_at BIGINT NOT NULL,
        signs_from BIGINT NOT NULL
    );

    """
