package import AuthDomain
package import AuthService

extension SQLiteStore: SignInLedger {
    /// Consumes a factor in one transaction with its audit rows.
    package func accept(
        _ factor: ConsumedFactor, guard step: StepGuard, now: WallInstant, resetting: Bool, event: AuditEvent,
        completion: Completion?
    ) async throws(StoreUnavailable) -> StepVerdict {
        try await write(.signInStep, changing: .account(step.account)) { transaction in
            let consumption = Self.consumption(of: factor, guard: step, now: now)
            guard try transaction.execute(consumption) > 0 else {
                return try SignInStep.verdict(afterRefusing: step, in: transaction)
            }
            return try SignInStep.conclude(
                step, now: now, resetting: resetting, events: [event], completion: completion, in: &transaction)
        }
    }

    /// Sets a chosen password and keeps the old record in the history.
    package func changePassword(
        to record: String, guard step: StepGuard, keeping history: Int, now: WallInstant, event: AuditEvent,
        completion: Completion?
    ) async throws(StoreUnavailable) -> StepVerdict {
        try await write(.signInStep, changing: .account(step.account)) { transaction in
            let condition = BudgetStatements.permits(step)
            try transaction.execute(CredentialStatements.archivePassword(of: step.account, when: condition))
            let change = CredentialStatements.setChosenPassword(
                record, of: step.account, now: now, when: condition)
            guard try transaction.execute(change) > 0 else {
                return try SignInStep.verdict(afterRefusing: step, in: transaction)
            }
            try transaction.execute(CredentialStatements.pruneHistory(of: step.account, keeping: history))
            try transaction.emit(.passwordChanged, of: step.account, at: now)
            return try SignInStep.conclude(
                step, now: now, events: [event], completion: completion, in: &transaction)
        }
    }

    /// Stores an authenticator, replaces one of the same label, and ends the enrolment code it was proven with.
    package func confirmEnrolment(
        _ enrolment: ConfirmedEnrolment, guard step: StepGuard, now: WallInstant, events: [AuditEvent],
        completion: Completion?
    ) async throws(StoreUnavailable) -> StepVerdict {
        try await write(.signInStep, changing: .account(step.account)) { transaction in
            let authenticator = enrolment.authenticator
            let insertion = CredentialStatements.insert(
                authenticator, of: step.account, maximum: enrolment.maximum,
                when: Self.condition(for: enrolment, guard: step))
            guard try transaction.execute(insertion) > 0 else {
                return try SignInStep.verdict(afterRefusing: step, in: transaction)
            }
            let replaced = try transaction.rows(
                CredentialStatements.revokeOthers(
                    labelled: authenticator.label, than: authenticator.id, account: step.account, now: now)
            ) { AuthenticatorID($0.text()) }
            for id in replaced { try transaction.emit(.factorRevoked(id), of: step.account, at: now) }
            try transaction.emit(.factorEnrolled(authenticator.id), of: step.account, at: now)
            if let codes = enrolment.recoveryCodes {
                try transaction.execute(CredentialStatements.deleteRecoveryCodes(of: step.account))
                for code in codes { try transaction.execute(CredentialStatements.insert(code, of: step.account)) }
            }
            if enrolment.spentEnrolmentCode != nil {
                try transaction.execute(CredentialStatements.endEnrolmentCodes(of: step.account, now: now))
            }
            return try SignInStep.conclude(step, now: now, events: events, completion: completion, in: &transaction)
        }
    }

    /// Replaces the record of an unchanged password.
    package func rehash(account: AccountID, version: Int64, record: String) async throws(StoreUnavailable) {
        try await write(.signInStep, changing: .account(account)) { transaction in
            _ = try transaction.execute(CredentialStatements.rehash(record, of: account, version: version))
        }
    }

    private static func consumption(
        of factor: ConsumedFactor, guard step: StepGuard, now: WallInstant
    ) -> SQLStatement {
        let condition = BudgetStatements.permits(step)
        return switch factor {
        case .totp(let id, let timeStep):
            CredentialStatements.consume(step: timeStep, of: id, account: step.account, now: now, when: condition)
        case .recoveryCode(let slot):
            CredentialStatements.consume(recoverySlot: slot, of: step.account, now: now, when: condition)
        case .enrolmentCode(let id):
            CredentialStatements.use(enrolmentCode: id, of: step.account, now: now, when: condition)
        case .smsCode(let issue):
            MessageStatements.accept(issue: issue, of: step.account, now: now, when: condition)
        }
    }

    private static func condition(for enrolment: ConfirmedEnrolment, guard step: StepGuard) -> SQLStatement {
        let condition = BudgetStatements.permits(step)
        guard let code = enrolment.spentEnrolmentCode else { return condition }
        return "\(condition) AND \(CredentialStatements.isLive(enrolmentCode: code, of: step.account))"
    }
}
