package import AuthDomain

/// Checks a candidate against the rules that need no stored password (R-PW-1…5, 10).
package struct PasswordChoice: Sendable {
    private let policy: ServicePolicy

    /// Makes a checker.
    package init(policy: ServicePolicy) {
        self.policy = policy
    }

    /// The broken rules, and the prepared password unless it holds characters that no password may.
    func check(
        _ candidate: String, context: PasswordContext
    ) -> (violations: [PolicyViolation], prepared: PreparedPassword?) {
        guard let prepared = try? PreparedPassword(preparing: candidate) else {
            guard case .rejected(let violations) = policy.password.judge(candidate, context: context) else {
                return ([.badCharacter], nil)
            }
            return (violations, nil)
        }
        return (policy.password.violations(of: prepared, context: context), prepared)
    }

    /// The broken rules of a candidate for an address, if one is told; nothing about the account is looked up.
    package func violations(of candidate: String, address: String?, now: WallInstant) -> [PolicyViolation] {
        let parsed = address.flatMap { try? MailboxAddress(parsing: $0, domains: policy.domains) }
        let context = PasswordContext(
            addresses: parsed.map { [$0] } ?? [], year: CivilDate(inHanoiAt: now).year)
        return check(candidate, context: context).violations
    }
}

extension PasswordContext {
    /// The words that a password of this account must not be built from.
    init(account: Account, now: WallInstant) {
        self.init(
            addresses: [account.address] + account.aliases, displayName: account.displayName,
            organisation: account.organisation, year: CivilDate(inHanoiAt: now).year)
    }
}

extension Capabilities {
    /// What the owner of an account may do now.
    package init(of account: Account) {
        self.init(
            kind: account.kind, lifecycle: account.lifecycle, mustChange: account.password.mustChange,
            isLocked: !account.locks.isEmpty)
    }
}
