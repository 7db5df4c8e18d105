/// Whether mail programs may log in with the mailbox password itself (T-4).
package enum MainPasswordRule: String, CaseIterable, Sendable {
    case refuse, allow
}

/// What the operator settled about mail servers and their hooks.
package struct MailPolicy: Sendable {
    /// Whether the mailbox password is evaluated on mail protocols.
    package var mainPassword = MainPasswordRule.refuse
    /// App passwords that an account may have.
    package var maximumAppPasswords = 20
    /// How long an access token is valid.
    package var accessTokenLifetime = Duration.seconds(3_600)
    /// New wrong values that one client address may send.
    package var wrongValues = AttemptRate(burst: 60, refill: .seconds(10))
    /// Whether reports of failures by servers that verify passwords themselves count (R-MAIL-1).
    package var countsReports = false
    /// Whether a refusal by the policy hook says why; only where it is asked after authentication alone.
    package var policyTellsReason = false

    /// The defaults.
    package init() {}
}
