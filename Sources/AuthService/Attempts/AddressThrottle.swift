import AuthDomain

/// Slows one client address or network down before anything is evaluated (T-3, R-LOCK-8).
///
/// A refused request is no wrong entry: it is neither evaluated nor counted. Successes are given back, so that only
/// failures and abandoned tries use the rate up.
struct AddressThrottle: Sendable {
    let ports: ServicePorts
    let policy: ServicePolicy

    /// Takes one attempt, or throws how long to wait.
    func take(_ address: NetworkAddress) async throws(SignInFailure) {
        guard let buckets = buckets(of: address) else { return }
        let wait = try await reaching(SignInFailure.init(_:)) { () async throws(CountersUnavailable) in
            try await ports.throttle.take(buckets)
        }
        if let wait {
            ports.observer.signIn(.throttled)
            throw SignInFailure.throttled(retryAfter: wait)
        }
    }

    /// Gives an attempt back that turned out right.
    func giveBack(_ address: NetworkAddress) async {
        guard let buckets = buckets(of: address) else { return }
        await ports.throttle.giveBack(buckets)
    }

    private func buckets(of address: NetworkAddress) -> [(name: String, rate: AttemptRate)]? {
        guard let throttle = policy.throttle, !throttle.exempt.contains(where: { $0.contains(address) }) else {
            return nil
        }
        return [
            (name: "a:" + address.text, rate: throttle.address),
            (name: "n:" + address.network.text, rate: throttle.network),
        ]
    }
}
