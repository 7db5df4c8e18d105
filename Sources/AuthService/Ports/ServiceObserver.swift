package import AuthDomain

/// How a call for sign-in ended, for counting.
package enum SignInOutcome: String, CaseIterable, Sendable {
    case passwordAccepted = "password_accepted"
    case wrongPassword = "wrong_password"
    case unknownAddress = "unknown_address"
    case wrongCode = "wrong_code"
    case replayedCode = "replayed_code"
    case factorAccepted = "factor_accepted"
    case completed
    case locked
    case throttled
    case busy
    case unavailable
}

/// Hears what the use cases do, for metrics; must not wait.
package protocol ServiceObserver: Sendable {
    /// A guess is about to be evaluated: its reservation was granted (R-LOCK-6).
    func evaluating(_ kind: BudgetKind)

    /// A wrong entry was judged by the database.
    func judgedFailure(_ kind: BudgetKind)

    /// An account was locked.
    func locked(_ cause: LockCause)

    /// A sign-in step ended.
    func signIn(_ outcome: SignInOutcome)

    /// An authenticator's secret could not be opened: its ring key is gone, or the row was changed.
    func secretUnreadable(_ authenticator: AuthenticatorID)
}
