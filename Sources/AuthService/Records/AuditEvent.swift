package import AuthDomain

/// What happened, in the OWASP logging vocabulary where it has a word (R-CS-4, R-LOG-3).
package enum AuditCode: String, CaseIterable, Sendable {
    case chainOpened = "audit_chain_opened"
    case auditPurged = "audit_purged"
    case signInPasswordFailed = "authn_login_fail"
    case signInLocked = "authn_login_lock"
    case signInCompleted = "authn_login_success"
    case factorFailed = "authn_factor_fail"
    case factorAccepted = "authn_factor_success"
    case laneExhausted = "authn_device_lane_exhausted"
    case passwordChanged = "authn_password_change"
    case passwordChangeFailed = "authn_password_change_fail"
    case authenticatorEnrolled = "authn_authenticator_enrolled"
    case authenticatorRevoked = "authn_authenticator_revoked"
    case recoveryCodesIssued = "authn_recovery_codes_issued"
    case accountProvisioned = "account_provisioned"
    case accountChanged = "account_changed"
    case accountDestroyed = "account_destroyed"
    case accountLocked = "account_locked"
    case legalHoldPlaced = "account_hold_placed"
    case legalHoldReleased = "account_hold_released"
    case lifecycleChanged = "account_lifecycle_changed"
    case deadlineWarned = "account_deadline_warned"
    case exemptionRecorded = "account_exemption_recorded"
    case exemptionEnded = "account_exemption_ended"
    case restorationRequested = "account_restoration_requested"
    case restorationRequestClosed = "account_restoration_request_closed"
    case restorationReviewed = "account_restoration_reviewed"
    case holidaysImported = "holidays_imported"
    case maintenanceAnnounced = "maintenance_announced"
    case maintenanceCancelled = "maintenance_cancelled"
    case accountRestored = "account_restored"
    case passwordReset = "account_password_reset"
    case enrolmentCodeIssued = "account_enrolment_code_issued"
    case phoneProposed = "account_phone_proposed"
    case phoneChanged = "account_phone_changed"
    case messageSent = "sms_sent"
    case messageUndelivered = "sms_undelivered"
    case messageAlarm = "sms_money_alarm"
    case prefixPaused = "sms_prefix_paused"
    case clientAdded = "client_added"
    case clientRevoked = "client_revoked"
    case signingKeyMade = "signing_key_made"
    case outboxRetried = "outbox_retried"
    case outboxDropped = "outbox_dropped"
    case ringKeyExchanged = "ring_key_exchanged"
    case appPasswordIssued = "authn_app_password_issued"
    case appPasswordRevoked = "authn_app_password_revoked"
    case mailLoginsRefused = "authn_mail_login_fail"
}

/// How an audited event ended.
package enum AuditResult: String, CaseIterable, Sendable {
    case success, failure
}

/// Where a request came from and on whose behalf, for the record (R-LOG-3).
package struct Provenance: Sendable {
    /// The name of the authenticated client, or `otpd` for the service itself, or `cli`.
    package var client: String
    /// The named person behind an operator's call, if told.
    package var actor: String?
    /// The address of the person's machine, as told by an authenticated client.
    package var clientAddress: String?
    /// The browser or app.
    package var userAgent: String?
    /// The request id.
    package var requestID: String?
    /// The entry: `web`, `api`, `cli`, a mail service such as `imap` (`mail` for several), or `service` for what the
    /// service does by itself.
    package var entry: String

    /// Makes a provenance.
    package init(
        client: String, actor: String? = nil, clientAddress: String? = nil, userAgent: String? = nil,
        requestID: String? = nil, entry: String
    ) {
        self.client = client
        self.actor = actor
        self.clientAddress = clientAddress
        self.userAgent = userAgent
        self.requestID = requestID
        self.entry = entry
    }
}

/// One row for the audit log; the store adds its number, the instance and the chain (R-LOG-2, R-LOG-3).
package struct AuditEvent: Sendable {
    /// When it happened.
    package let time: WallInstant
    /// What happened.
    package let code: AuditCode
    /// How it ended.
    package let result: AuditResult
    /// The account concerned.
    package let account: AccountID?
    /// The address as used.
    package let address: String?
    /// The cause of a lock.
    package let cause: LockCause?
    /// The clause applied, such as "Điều 8.2.b".
    package let clause: String?
    /// The factor concerned: `password`, `totp`, `recovery`, `enrolment_code`.
    package let factor: String?
    /// The authenticator concerned, so that each holder of a shared mailbox can be told apart (T-6).
    package let authenticator: AuthenticatorID?
    /// Number and date of the paper.
    package let document: String?
    /// A short note; never a secret.
    package let detail: String?
    /// Where it came from.
    package let provenance: Provenance

    /// Makes an event.
    package init(
        time: WallInstant, code: AuditCode, result: AuditResult, account: AccountID? = nil, address: String? = nil,
        cause: LockCause? = nil, clause: String? = nil, factor: String? = nil, authenticator: AuthenticatorID? = nil,
        document: String? = nil, detail: String? = nil, provenance: Provenance
    ) {
        self.time = time
        self.code = code
        self.result = result
        self.account = account
        self.address = address
        self.cause = cause
        self.clause = clause
        self.factor = factor
        self.authenticator = authenticator
        self.document = document
        self.detail = detail
        self.provenance = provenance
    }
}
