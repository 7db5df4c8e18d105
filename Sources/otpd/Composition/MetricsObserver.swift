import AuthDomain
import AuthService
import Telemetry

/// Turns what the use cases tell into metrics and log lines.
struct MetricsObserver: ServiceObserver {
    let metrics: StandardMetrics
    let log: JSONLog

    func evaluating(_ kind: BudgetKind) {
        metrics.evaluations.add(kind)
    }

    func judgedFailure(_ kind: BudgetKind) {
        metrics.judgedFailures.add(kind)
    }

    func locked(_ cause: LockCause) {
        metrics.locks.add(cause)
        log.warning("account locked", ["cause": .string(cause.rawValue), "clause": .string(cause.clause)])
    }

    func signIn(_ outcome: SignInOutcome) {
        metrics.signIns.add(outcome)
    }

    func secretUnreadable(_ authenticator: AuthenticatorID) {
        log.error(
            "totp secret cannot be opened; is its ring key still in the settings?",
            ["authenticator": .string(authenticator.text)])
    }
}
