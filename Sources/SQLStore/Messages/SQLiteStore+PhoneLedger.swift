package import AuthDomain
package import AuthService

extension SQLiteStore: PhoneLedger {
    /// Puts a number beside the active one until it is confirmed.
    package func propose(_ change: PendingPhone, event: AuditEvent) async throws(OperatorRefusal) {
        try await writeForOperator(.operatorWrite) { transaction in
            try Self.propose(change, in: transaction)
            try transaction.append(event)
        }
    }

    /// Notes a number; forms do it in batches.
    static func propose(_ change: PendingPhone, in transaction: borrowing Transaction) throws {
        try requireLiving(change.account, in: transaction)
        let assignment: SQLStatement = """
            pending_id = \(change.id), pending_phone_sealed = \(change.sealed),
            pending_phone_digest = \(change.index), pending_phone_masked = \(change.masked),
            pending_document = \(change.document), pending_hands_over = \(change.handsOver),
            pending_since = \(change.proposedAt)
            """
        try transaction.execute(AccountStatements.set(assignment, of: change.account))
    }

    /// The number that waits.
    package func pendingPhone(of account: AccountID) async throws(StoreUnavailable) -> PendingPhone? {
        try await read(.readAccount) { connection in
            let found = try connection.first(
                """
                SELECT pending_id, pending_phone_sealed, pending_phone_digest, pending_phone_masked, pending_document,
                    pending_hands_over, pending_since
                FROM accounts WHERE id = \(account) AND pending_id IS NOT NULL
                """
            ) { row in
                PendingPhone(
                    id: row.text(), account: account, sealed: row.blob(), index: row.blob(), masked: row.text(),
                    document: row.text(), handsOver: row.flag(), proposedAt: row.instant())
            }
            return found
        }
    }

    /// Consumes the code and makes the number the account's.
    package func confirm(_ confirmation: PhoneConfirmation) async throws(StoreUnavailable) -> StepVerdict {
        try await write(.signInStep) { transaction in
            let account = confirmation.change.account
            guard
                try transaction.exists(
                    "SELECT 1 FROM accounts WHERE id = \(account) AND pending_id = \(confirmation.change.id)")
            else { return .outdated }
            let acceptance = MessageStatements.accept(
                confirming: confirmation, when: BudgetStatements.permits(confirmation.guarding))
            guard try transaction.execute(acceptance) > 0 else {
                return try SignInStep.verdict(afterRefusing: confirmation.guarding, in: transaction)
            }
            let assignment: SQLStatement = """
                phone_sealed = pending_phone_sealed, phone_digest = pending_phone_digest,
                phone_masked = pending_phone_masked, takes_sms = 1, number_confirmed_at = \(confirmation.now),
                \(AccountStatements.noPendingPhone)
                """
            try transaction.execute(AccountStatements.set(assignment, of: account))
            try transaction.emit(.phoneChanged, of: account, at: confirmation.now)
            if let password = confirmation.password {
                try Self.issuePassword(
                    password.record, to: account, expiresAt: password.expiresAt, now: confirmation.now,
                    in: transaction)
                try transaction.execute(CredentialStatements.revokeAll(of: account, now: confirmation.now))
                try transaction.execute(CredentialStatements.deleteRecoveryCodes(of: account))
                try transaction.execute(CredentialStatements.endEnrolmentCodes(of: account, now: confirmation.now))
                try transaction.emit(
                    .passwordMustChange(expiresAt: password.expiresAt), of: account, at: confirmation.now)
                try transaction.emit(.sessionsRevoke(.lifecycle), of: account, at: confirmation.now)
            }
            return try SignInStep.conclude(
                confirmation.guarding, now: confirmation.now, resetting: true, events: confirmation.events,
                completion: nil, in: &transaction)
        }
    }
}
