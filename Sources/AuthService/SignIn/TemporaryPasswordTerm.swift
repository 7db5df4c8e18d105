import AuthDomain

/// The end of a temporary password: its use afterwards locks the mailbox (R-FIRST-8).
///
/// Looked at by every step and once more right before a new password is committed, so that the instant of the
/// commit decides (R-FIRST-6), and not only when a sign-in begins.
struct TemporaryPasswordTerm: Sendable {
    let ports: ServicePorts

    /// Locks the mailbox and refuses if the password of an owner who has just proven it was not changed in time.
    func enforce(
        _ account: Account, addressAsUsed: String?, provenance: Provenance
    ) async throws(SignInFailure) {
        let now = ports.clock.now()
        guard let expiry = account.password.expiresAt, expiry <= now else { return }
        let cause = LockCause.temporaryPasswordExpired
        let lock = Lock(
            id: ports.random.identifier(prefix: "lck_"), cause: cause, source: .automatic, lockedAt: now,
            actor: "otpd", note: nil, document: nil)
        let event = AuditEvent(
            time: now, code: .signInLocked, result: .success, account: account.id, address: addressAsUsed,
            cause: cause, clause: cause.clause, factor: "password", provenance: provenance)
        do {
            try await ports.operators.lock(account.id, lock, event: event)
            ports.observer.locked(cause)
        } catch {
            switch error {
            case .conflict: break
            case .unavailable(let reason): throw SignInFailure.unavailable(reason: reason)
            case .addressTaken, .notFound: throw SignInFailure.invalidCredentials
            }
        }
        throw SignInFailure.accountLocked(cause)
    }
}
