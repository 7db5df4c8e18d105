package import AuthDomain

/// The next thing a sign-in owes (api.md). The order is fixed:
///
///     factor_required ──► password_change_required ──► enrolment_required ──► complete
///
/// Nothing is remembered as done: the status is computed at each step from the account as it is then, so that an
/// operator's reset or a lock in between takes effect at once.
package enum SignInStatus: String, CaseIterable, Sendable {
    case factorRequired = "factor_required"
    case passwordChangeRequired = "password_change_required"
    case enrolmentRequired = "enrolment_required"
    case complete
}

/// How the second factor was proven.
package enum FactorProof: Hashable, Sendable {
    case totp(AuthenticatorID)
    case recoveryCode
    case enrolmentCode(id: String)
    /// A code sent to the number of this blind index, in hex.
    case sms(phone: String)

    /// The method references of RFC 8176 that the proof earns together with the password (R-JWT-2).
    package var methodReferences: [String] {
        switch self {
        case .totp, .recoveryCode, .enrolmentCode: ["pwd", "otp", "mfa"]
        case .sms: ["pwd", "otp", "sms", "mfa"]
        }
    }

    /// The factor's name in the API and the record.
    package var kind: FactorKind {
        switch self {
        case .totp: .totp
        case .recoveryCode: .recovery
        case .enrolmentCode: .enrolmentCode
        case .sms: .sms
        }
    }
}

/// The kinds of second factor a caller can name.
package enum FactorKind: String, CaseIterable, Sendable {
    case totp
    case sms
    case recovery
    case enrolmentCode = "enrolment_code"
}

/// The rule that says what a sign-in owes.
package enum SignInSteps {
    /// What is owed next.
    ///
    /// - Parameters:
    ///   - proof: The factor proven in this sign-in, if any.
    ///   - hasEnrolled: Whether this sign-in enrolled an authenticator.
    ///   - mustChangePassword: Whether the account's password must be changed (R-FIRST-1, R-REST-4, T-2).
    ///   - hasAuthenticator: Whether the account has a confirmed authenticator.
    ///   - needsAuthenticator: Whether it must have one although SMS proves it (T-8).
    package static func owed(
        proof: FactorProof?, hasEnrolled: Bool, mustChangePassword: Bool, hasAuthenticator: Bool,
        needsAuthenticator: Bool = false
    ) -> SignInStatus {
        guard let proof else { return .factorRequired }
        if mustChangePassword { return .passwordChangeRequired }
        switch proof {
        case .totp, .recoveryCode:
            return hasAuthenticator ? .complete : .enrolmentRequired
        case .sms:
            // The registered phone is a factor of its own (Đ13.2.a): an authenticator is offered, seldom owed.
            return hasAuthenticator || !needsAuthenticator ? .complete : .enrolmentRequired
        case .enrolmentCode:
            // The operator's code stands in for a lost or missing authenticator: a new one is always owed.
            return hasEnrolled ? .complete : .enrolmentRequired
        }
    }

    /// Whether the password of an account must be changed now.
    package static func mustChangePassword(_ account: Account, policy: ServicePolicy, now: WallInstant) -> Bool {
        if account.password.mustChange { return true }
        return policy.rotation == .enforce && isOld(account, policy: policy, now: now)
    }

    /// Whether a password has reached the age of `password.max_age_days`.
    ///
    /// Never where its owner may not change it, as in a recalled mailbox (A11, R-LIFE-10).
    package static func isOld(_ account: Account, policy: ServicePolicy, now: WallInstant) -> Bool {
        Capabilities(of: account).changePassword && now - account.password.changedAt >= policy.passwordMaximumAge
    }
}
