import AuthDomain
import AuthService
import JSONText

/// Shows accounts to operators: state, capabilities, locks, deadlines, authenticators; no secret.
struct AccountPages: Sendable {
    let policy: ServicePolicy

    /// Writes an account.
    ///
    /// - Parameter isRestorationPending: Whether a receiver has yet to confirm its restoration (R-REST-6).
    func write(
        _ account: Account, isRestorationPending: Bool = false, to writer: inout JSONWriter, _ language: Language
    ) {
        writer.object { writer in
            writeIdentity(account, to: &writer)
            writeState(account, to: &writer)
            writer.array("locks", account.locks) { writer, lock in write(lock, to: &writer, language) }
            writeCredentials(account, to: &writer)
            writer.nullable("notified_at", account.notifiedAt.map(RFC3339.format))
            writer.field("created_at", RFC3339.format(account.createdAt))
            writer.nullable("last_sign_in_at", account.lastSignInAt.map(RFC3339.format))
            writeFailures(account, to: &writer)
            if isRestorationPending { writer.field("restore_pending", true) }
        }
    }

    /// What a restoration brings, as fields of the object that is being written.
    func write(_ restored: RestoredAccount, to writer: inout JSONWriter, _ language: Language) {
        writer.name("account")
        write(restored.account, to: &writer, language)
        writer.optional("temporary_password", restored.temporaryPassword)
        writer.optional("enrolment_code", restored.enrolmentCode)
        writer.strings("cleared", restored.cleared.map(\.rawValue))
    }

    func write(_ lock: Lock, to writer: inout JSONWriter, _ language: Language) {
        writer.object { writer in
            writer.field("cause", lock.cause.rawValue)
            writer.field("clause", lock.cause.clause)
            writer.field("wording", lock.cause.wording(language))
            writer.field("since", RFC3339.format(lock.lockedAt))
            writer.field("source", lock.source.rawValue)
            writer.field("actor", lock.actor)
            writer.nullable("note", lock.note)
            writer.nullable("document", lock.document)
        }
    }

    private func writeIdentity(_ account: Account, to writer: inout JSONWriter) {
        writer.field("id", account.id.text)
        writer.field("address", account.address.text)
        writer.strings("aliases", account.aliases.map(\.text))
        writer.field("kind", account.kind.rawValue)
        writer.nullable("display_name", account.displayName)
        writer.nullable("organisation", account.organisation)
        writer.nullable("phone", account.maskedPhone)
        writer.optional("phone_state", account.maskedPhone.map { _ in Self.phoneState(account) })
        writer.optional("phone_pending", account.pendingPhone)
    }

    private static func phoneState(_ account: Account) -> String {
        guard let phone = account.phone, phone.takesSMS else { return "unusable" }
        return phone.confirmedAt == nil ? "registered" : "confirmed"
    }

    private func writeState(_ account: Account, to writer: inout JSONWriter) {
        let standing = AccountStanding(
            lifecycle: account.lifecycle, mustChange: account.password.mustChange, isLocked: !account.locks.isEmpty)
        let capabilities = Capabilities(of: account)
        writer.field("lifecycle", account.lifecycle.rawValue)
        writer.field("state", standing.rawValue)
        writer.object("capabilities") { writer in
            writer.field("login", capabilities.mayLogIn)
            writer.field("send", capabilities.maySend)
            writer.field("receive", capabilities.mayReceive)
            writer.object("detail") { writer in
                writer.field("login", capabilities.login.rawValue)
                writer.field("change_password", capabilities.changePassword)
                writer.field("imap_pop", capabilities.imapPop.rawValue)
                writer.field("submission", capabilities.submission.rawValue)
                writer.field("receive", capabilities.receive.rawValue)
            }
        }
    }

    private func writeCredentials(_ account: Account, to writer: inout JSONWriter) {
        let password = account.password
        let ageEnds = policy.rotation == .off ? nil : password.changedAt + policy.passwordMaximumAge
        writer.field("must_change", password.mustChange)
        writer.field("password_changed_at", RFC3339.format(password.changedAt))
        writer.object("deadlines") { writer in
            writer.optional("temporary_password_expires_at", password.expiresAt.map(RFC3339.format))
            writer.optional("enrolment_code_expires_at", account.enrolmentCode.map { RFC3339.format($0.expiresAt) })
            writer.optional("password_change_due_at", ageEnds.map(RFC3339.format))
            for deadline in account.deadlines { write(deadline, to: &writer) }
        }
        writer.array("authenticators", account.authenticators) { writer, authenticator in
            writer.object { writer in
                writer.field("id", authenticator.id.text)
                writer.field("label", authenticator.label)
                writer.field("kind", FactorKind.totp.rawValue)
                writer.field("created_at", RFC3339.format(authenticator.createdAt))
                writer.nullable("confirmed_at", authenticator.confirmedAt.map(RFC3339.format))
                writer.nullable("last_used_at", authenticator.lastUsedAt.map(RFC3339.format))
            }
        }
        writer.field("recovery_codes_left", account.recoveryCodesLeft)
        writer.nullable("enrolment_code_expires_at", account.enrolmentCode.map { RFC3339.format($0.expiresAt) })
    }

    private func write(_ deadline: Deadline, to writer: inout JSONWriter) {
        let due = RFC3339.format(deadline.dueAt)
        switch deadline.kind {
        case .defaultPassword: writer.field("default_password_locks_at", due)
        case .inactivity:
            writer.field("inactivity_locks_at", due)
            writer.field("inactivity_held", deadline.isHeld)
        case .transferEnd, .recallEnd: writer.field("lifecycle_ends_at", due)
        case .temporaryPassword, .passwordAge: break
        }
    }

    private func writeFailures(_ account: Account, to writer: inout JSONWriter) {
        writer.object("failures") { writer in
            writer.field("password", account.budgets[.password]?.failures ?? 0)
            writer.field("otp", account.budgets[.oneTimeCode]?.failures ?? 0)
            writer.field("recovery", account.budgets[.recoveryCode]?.failures ?? 0)
        }
    }
}

extension Answer {
    /// An account alone.
    static func json(
        _ pages: AccountPages, _ account: Account, isRestorationPending: Bool = false, _ language: Language
    ) -> Answer {
        var writer = JSONWriter(capacity: 1_024)
        pages.write(account, isRestorationPending: isRestorationPending, to: &writer, language)
        return Answer(status: 200, contentType: "application/json", body: writer.bytes)
    }
}
