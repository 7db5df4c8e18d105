import AuthDomain
import Synchronization

/// Verifies a password within its budget: reserve, verify, let the database judge (architecture, attempt budget).
///
/// Identical passwords tried for one account at the same moment share one verification when it is right, so that
/// fifty devices waking up together pass although four failures stand. A wrong one is never shared: each is counted.
package final class PasswordVerifier: Sendable {
    private enum Part {
        case lead
        case followed(Verdict)
    }

    private enum Verdict {
        case right
        case wrong
        case failed(SignInFailure)
    }

    private struct Flight {
        let password: SecretBytes
        let version: Int64
        var followers: [CheckedContinuation<Part, Never>] = []
    }

    private let ports: ServicePorts
    private let policy: ServicePolicy
    private let claims: ClaimResolver
    private let failures: FailureRecord
    private let flights = Mutex<[BudgetKey: [Flight]]>([:])

    /// Makes a verifier; one for the process, since it is what brings identical passwords together.
    package init(ports: ServicePorts, policy: ServicePolicy) {
        self.ports = ports
        self.policy = policy
        claims = ClaimResolver(ports: ports, policy: policy)
        failures = FailureRecord(ports: ports, policy: policy)
    }

    /// Verifies a password.
    ///
    /// - Parameters:
    ///   - first: Who is claimed to sign in.
    ///   - lane: Whose count a failure is.
    ///   - password: The prepared password.
    ///   - code: What a failure is recorded as.
    ///   - distinct: For mail programs, which repeat themselves: the value counts once, the previous password never.
    ///   - provenance: For the record.
    /// - Returns: The account as it stands after the verification: unlocked, below the limit, its password unchanged.
    func verify(
        _ first: ClaimedIdentity, lane: BudgetLane, password: SecretBytes,
        failing code: AuditCode = .signInPasswordFailed, distinct: DistinctCounting? = nil, provenance: Provenance
    ) async throws(SignInFailure) -> Account {
        var claim = first
        while true {
            let key = BudgetKey(subject: claim.subject, kind: .password, lane: lane)
            let durable = try await claims.openState(claim, key)
            let version = claim.account?.password.version ?? 0
            switch await join(key, password: password, version: version) {
            case .lead:
                return try await lead(
                    claim, key, durable: durable, password: password, failing: code, distinct: distinct,
                    provenance: provenance)
            case .followed(.right):
                return try await standing(claim, lane: lane, version: version)
            case .followed(.failed(let failure)):
                throw failure
            case .followed(.wrong):
                // To a mail program's value that was just judged there is nothing to add: it counts once.
                if distinct != nil { throw SignInFailure.invalidCredentials }
                claim = try await claims.refreshed(claim)
            }
        }
    }

    private func lead(
        _ claim: ClaimedIdentity, _ key: BudgetKey, durable: BudgetState, password: SecretBytes,
        failing code: AuditCode, distinct: DistinctCounting?, provenance: Provenance
    ) async throws(SignInFailure) -> Account {
        let version = claim.account?.password.version ?? 0
        do {
            let account = try await evaluate(
                claim, key, durable: durable, password: password, failing: code, distinct: distinct,
                provenance: provenance)
            land(key, password: password, version: version, .right)
            return account
        } catch {
            switch error {
            case .invalidCredentials: land(key, password: password, version: version, .wrong)
            default: land(key, password: password, version: version, .failed(error))
            }
            throw error
        }
    }

    private func evaluate(
        _ claim: ClaimedIdentity, _ key: BudgetKey, durable: BudgetState, password: SecretBytes,
        failing code: AuditCode, distinct: DistinctCounting?, provenance: Provenance
    ) async throws(SignInFailure) -> Account {
        let ticket = ports.random.identifier(prefix: "")
        try await ports.place(in: key, ticket: ticket, durable: durable, limit: policy.limit)
        ports.observer.evaluating(.password)
        let isRight: Bool
        do {
            let record = claim.account?.password.record ?? ports.hasher.unfittingRecord
            isRight = try await ports.hasher.verify(password, record: record)
        } catch {
            await ports.budget.settle(key, ticket: ticket, judged: nil)
            throw SignInFailure(error)
        }
        if !isRight, let distinct, let account = claim.account {
            try await forgivePrevious(password, of: account, distinct, key, ticket: ticket)
        }
        guard isRight, let account = claim.account else {
            throw await failures.refusal(
                of: claim, key, ticket: ticket, code: code, factor: "password", distinct: distinct?.value,
                provenance: provenance)
        }
        do {
            let current = try await standing(claim, lane: key.lane, version: account.password.version)
            await ports.budget.settle(key, ticket: ticket, judged: nil)
            return current
        } catch {
            await ports.budget.settle(key, ticket: ticket, judged: nil)
            throw error
        }
    }

    /// Refuses the password before the present one without counting it, for a mail program that was not told yet.
    private func forgivePrevious(
        _ password: SecretBytes, of account: Account, _ distinct: DistinctCounting, _ key: BudgetKey, ticket: String
    ) async throws(SignInFailure) {
        do throws(SignInFailure) {
            let previous = try await reaching(SignInFailure.init(_:)) { () async throws(StoreUnavailable) in
                try await ports.accounts.passwordHistory(of: account.id, limit: 1)
            }
            guard let record = previous.first else { return }
            let fits = try await reaching(SignInFailure.init(_:)) { () async throws(Overloaded) in
                try await ports.hasher.verify(password, record: record)
            }
            guard fits else { return }
            let now = ports.clock.now()
            try await reaching(SignInFailure.init(_:)) { () async throws(StoreUnavailable) in
                try await distinct.store.noteWrongValue(distinct.value, of: account.id, now: now)
            }
        } catch {
            await ports.budget.settle(key, ticket: ticket, judged: nil)
            throw error
        }
        await ports.budget.settle(key, ticket: ticket, judged: nil)
        throw SignInFailure.invalidCredentials
    }

    /// The account read again: a right password passes only if nothing was judged against it meanwhile.
    private func standing(
        _ claim: ClaimedIdentity, lane: BudgetLane, version: Int64
    ) async throws(SignInFailure) -> Account {
        let fresh = try await claims.refreshed(claim)
        _ = try await claims.openState(fresh, BudgetKey(subject: fresh.subject, kind: .password, lane: lane))
        guard let account = fresh.account, account.password.version == version else {
            throw SignInFailure.invalidCredentials
        }
        return account
    }

    private func join(_ key: BudgetKey, password: SecretBytes, version: Int64) async -> Part {
        await withCheckedContinuation { continuation in
            let leads = flights.withLock { flights in
                let index = flights[key]?.firstIndex { $0.version == version && $0.password == password }
                guard let index else {
                    flights[key, default: []].append(Flight(password: password, version: version))
                    return true
                }
                flights[key]?[index].followers.append(continuation)
                return false
            }
            if leads { continuation.resume(returning: .lead) }
        }
    }

    private func land(_ key: BudgetKey, password: SecretBytes, version: Int64, _ verdict: Verdict) {
        let followers = flights.withLock { flights in
            guard var standing = flights[key],
                let index = standing.firstIndex(where: { $0.version == version && $0.password == password })
            else { return [CheckedContinuation<Part, Never>]() }
            let flight = standing.remove(at: index)
            flights[key] = standing.isEmpty ? nil : standing
            return flight.followers
        }
        for follower in followers { follower.resume(returning: .followed(verdict)) }
    }
}

extension ServicePorts {
    /// Takes a place in a budget or throws the refusal that its absence means.
    func place(in key: BudgetKey, ticket: String, durable: BudgetState, limit: Int) async throws(SignInFailure) {
        let outcome = try await reaching(SignInFailure.init(_:)) { () async throws(CountersUnavailable) in
            try await budget.reserve(key, ticket: ticket, durable: durable, limit: limit)
        }
        switch outcome {
        case .granted:
            return
        case .locked:
            observer.signIn(.locked)
            throw SignInFailure.accountLocked(nil)
        case .busy:
            observer.signIn(.busy)
            throw SignInFailure.unavailable(reason: "all places of the budget stayed taken")
        }
    }
}
