internal import AuthDomain
internal import AuthService

extension Transaction {
    /// Adds a lock and the event that tells of it: every way to lock a mailbox goes through here.
    ///
    /// - Returns: False when a lock of the cause stands already; nothing was written then.
    @discardableResult
    mutating func add(_ lock: Lock, to account: AccountID) throws -> Bool {
        guard try execute(LockStatements.insert(lock, on: account)) > 0 else { return false }
        try emit(.mailboxLocked(lock), of: account, at: lock.lockedAt)
        return true
    }
}
