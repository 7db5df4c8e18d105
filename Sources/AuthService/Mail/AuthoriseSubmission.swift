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
        // Both at once: neither's answer is waited for in vain, and the slower one is the time of the whole.
        async let isReached = answer(of: counters)
        let account: Account?
        do {
            account = try await accounts.account(at: address)
        } catch {
            return .unavailable(reason: error.reason)
        }
        guard await isReached else { return .unavailable(reason: "counters unreachable") }
        guard let account else { return .refused(.unknown) }
        let standing = AccountStanding(
            lifecycle: account.lifecycle, mustChange: account.password.mustChange, isLocked: !account.locks.isEmpty)
        if let refusal = SubmissionRefusal(kind: account.kind, standing: standing) { return .refused(refusal) }
        return .allowed(account.id)
    }

    private func answer(of counters: any Throttle) async -> Bool {
        do {
            try await counters.reach()
            return true
        } catch {
            return false
        }
    }
}
