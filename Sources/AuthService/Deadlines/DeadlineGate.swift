import AuthDomain

/// Looks at the deadlines once more right before a commit: the instant of the commit decides (R-FIRST-6), not that
/// of the call, and slow hashing lies between the two.
struct DeadlineGate: Sendable {
    let ports: ServicePorts

    /// Refuses if anything fell due since an account was read that keeps its owner out.
    func enforce(_ account: Account) async throws(SignInFailure) {
        guard account.nextLookAt <= ports.clock.now() else { return }
        let fresh = try await reaching(SignInFailure.init(_:)) { () async throws(StoreUnavailable) in
            try await ports.accounts.account(id: account.id)
        }
        guard let fresh, !fresh.lifecycle.hasEnded else { throw SignInFailure.overtaken }
        if let lock = fresh.locks.first { throw SignInFailure.accountLocked(lock.cause) }
    }
}
