package import AuthDomain

/// Checks a candidate against the rules that need no stored password (R-PW-1…5, 10).
package struct PasswordChoice: Sendable {
    private let policy: ServicePolicy

    /// Makes a checker.
    package init(policy: ServicePolicy) {
        self.policy = policy
    }

    /// The broken rules, and the prepared password unless it holds characters that no password may.
    package func check(
        _ candidate: String, context: PasswordContext, now: WallInstant
    ) -> (violations: [PolicyViolation], prepared: PreparedPassword?) {
        do {
            let prepared = try PreparedPassword(candidate)
            return (
                policy.password.violations(of: prepared, context: context, blocklist: policy.blocklist, now: now),
                prepared
            )
        } catch {
            switch error {
            case .empty: return ([.tooShort], nil)
            case .tooLong: return ([.tooLong], nil)
            case .disallowedCharacter: return ([.badCharacter], nil)
            }
        }
    }

    /// The broken rules of a candidate for an address, if one is told; nothing about the account is looked up.
    package func violations(of candidate: String, address: String?, now: WallInstant) -> [PolicyViolation] {
        let localPart = address.map { String($0.prefix(254).prefix { $0 != "@" }) }
        let context = PasswordContext(localPart: localPart, displayName: nil, organisation: nil, phoneDigits: nil)
        return check(candidate, context: context, now: now).violations
    }
}

extension PasswordContext {
    /// The words that a password of this account must not be built from.
    init(account: Account) {
        self.init(
            localPart: account.address.localPart, displayName: account.displayName,
            organisation: account.organisation, phoneDigits: nil)
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
