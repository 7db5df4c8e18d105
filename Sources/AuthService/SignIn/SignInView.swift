package import AuthDomain

/// A factor that the account's owner may use now.
package struct FactorOffer: Hashable, Sendable {
    /// Its kind.
    package let kind: FactorKind
    /// Whose authenticator it is.
    package let label: String?
    /// Something that helps to find it, such as how many recovery codes are left.
    package let hint: String?
}

/// Something the owner should be told; the text is in the language of the caller.
package enum SignInNotice: Hashable, Sendable {
    /// The account has no factor it could use: the operator must issue an enrolment code.
    case noUsableFactor
    /// The password has reached the age at which it should be changed (Đ12.1).
    case passwordIsOld(days: Int)
    /// Few recovery codes are left.
    case fewRecoveryCodes(left: Int)
    /// Codes by SMS are all there is; an authenticator app would be safer (T-8).
    case authenticatorAdvised
    /// The sign-in was proven with a recovery code (R-NIST-4).
    case recoveryCodeUsed
}

/// A sign-in as its caller sees it.
package struct SignInView: Sendable {
    /// Its id.
    package let id: String
    /// What is owed next.
    package let status: SignInStatus
    /// The account's main address.
    package let account: String
    /// What can prove the second factor while that is owed.
    package let factors: [FactorOffer]
    /// When the sign-in ends.
    package let expiresAt: WallInstant
    /// The signed assertion; only when complete.
    package let assertion: String?
    /// A token that lets this device have counts of its own; only when complete and lanes are `device`.
    package let device: String?
    /// What the owner should be told.
    package let notices: [SignInNotice]
    /// New recovery codes, shown this once.
    package let recoveryCodes: [String]?
}
