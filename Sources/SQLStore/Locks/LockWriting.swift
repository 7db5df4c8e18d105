internal import AuthDomain
internal import AuthService

/// Puts a lock on an account, with all that must end with it in the same transaction.
enum LockWriting {
    /// Writes a lock; false when one of its cause stands.
    ///
    /// A cause that says the secrets may be in other hands ends the app passwords at once (R-LOCK-10, R-REST-5).
    static func put(
        _ lock: Lock, on account: AccountID, event: AuditEvent, in transaction: inout Transaction
    ) throws -> Bool {
        guard try transaction.execute(LockStatements.insert(lock, on: account)) > 0 else { return false }
        guard lock.cause.revokesAuthenticators else { return true }
        try AppPasswordRevocation.all(of: account, now: lock.lockedAt, event: event, in: &transaction)
        return true
    }
}
