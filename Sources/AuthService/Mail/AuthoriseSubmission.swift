package import AuthDomain

/// What becomes of a wish to hand in mail.
package enum SubmissionDecision: Hashable, Sendable {
    /// The mailbox may send.
    case allowed(AccountID)
    /// It may not.
    case refused(SubmissionRefusal)
    /// Nobody can tell now: the client is to come again.
    case unavailable(reason: String)
}

/// Decides at every recipient whether a mailbox may send, so that a session opened before a lock is stopped by it.
///
/// Changes nothing: no budget, no count. Beside the account it asks only whether the counters can be reached: while
/// they are away no login is decided, and a session that is open already waits with the others (R-AVAIL-2). A name that no mailbox answers to is refused, because a mailbox
/// destroyed while its session is open has just such a name.
package struct AuthoriseSubmission: Sendable {
    private let accounts: any AccountReader
    private let counters: any Throttle
    private let domains: [String]

    /// Makes the use case over the accounts of the served domains and the counters that logins need.
    package init(accounts: any AccountReader, counters: any Throttle, domains: [String]) {
        self.accounts = accounts
        self.counters = counters
        self.domains = domains
    }

    /// Decides for the name a mail session signed in with, as typed.
    package func callAsFunction(login: String) async -> SubmissionDecision {
        guard let address = try? MailboxAddress(parsing: login, domains: domains) else { return .refused(.unknown) }
        let account: Account?
        do throws(MailUnavailable) {
            account = try await reachingMail { () async throws(StoreUnavailable) in
                try await accounts.account(at: address)
            }
            try await reachingMail { () async throws(CountersUnavailable) in try await counters.reach() }
        } catch {
            return .unavailable(reason: error.reason)
        }
        guard let account else { return .refused(.unknown) }
        let standing = AccountStanding(
            lifecycle: account.lifecycle, mustChange: account.password.mustChange, isLocked: !account.locks.isEmpty)
        if let refusal = SubmissionRefusal(kind: account.kind, standing: standing) { return .refused(refusal) }
        return .allowed(account.id)
    }
}
