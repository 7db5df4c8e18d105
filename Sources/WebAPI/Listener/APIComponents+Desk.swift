internal import AuthService

extension APIComponents {
    /// The routes of the restoration desk, of stages of life and exemptions, and of locks from outside.
    func deskRoutes(_ pages: AccountPages) -> [Route] {
        let desk = DeskRoutes(
            desk: RestorationDesk(ports: ports, policy: policy), breakGlass: BreakGlass(ports: ports, policy: policy),
            pages: pages, clock: ports.clock)
        let lifecycle = LifecycleRoutes(
            lifecycle: KeepLifecycle(ports: ports, policy: policy),
            exemptions: KeepExemptions(ports: ports, policy: policy), pages: pages)
        let locks = BatchLockRoutes(lock: LockAccounts(ports: ports, policy: policy))
        return desk.routes + lifecycle.routes + locks.routes
    }
}
