internal import AuthDomain
internal import AuthService

extension Transaction {
    /// Adds a lock and the event that tells of it: every way to lock a mailbox goes through here.
    ///
    /// A cause that says the secrets may be in other hands ends the app passwords with it (R-LOCK-10, R-REST-5).
    ///
    /// - Returns: False when a lock of the cause stands already; nothing was written then.
    @discardableResult
    mutating func add(_ lock: Lock, to account: AccountID) throws -> Bool {
        guard try execute(LockStatements.insert(lock, on: account)) > 0 else { return false }
        if lock.cause.revokesAuthenticators {
            try endAppPasswords(
                of: account, now: lock.lockedAt, cause: lock.cause,
                provenance: Provenance(client: lock.actor, entry: "service"))
        }
        try emit(.mailboxLocked(lock), of: account, at: lock.lockedAt)
        return true
    }
}
