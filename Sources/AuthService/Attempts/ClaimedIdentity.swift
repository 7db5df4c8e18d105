import AuthDomain

/// Who a caller claims to be: an account, or an address that has none and gets a bucket of its own.
struct ClaimedIdentity: Sendable {
    /// The account; nil for unknown, foreign and malformed addresses and for accounts without a login.
    var account: Account?
    /// The address as used; nil where what was typed is none, for it may well be a password in the wrong field.
    let addressAsUsed: String?
    private let digest: @Sendable () -> String

    /// Makes a claim.
    ///
    /// - Parameters:
    ///   - account: The account, if there is one.
    ///   - unknownSubject: The digest of the address, made only when it is asked for.
    ///   - addressAsUsed: The address as used.
    init(account: Account?, unknownSubject: @autoclosure @escaping @Sendable () -> String, addressAsUsed: String?) {
        self.account = account
        self.addressAsUsed = addressAsUsed
        digest = unknownSubject
    }

    /// The digest of the address: the subject of its budget while it has no account.
    var unknownSubject: String { digest() }

    /// What failures are counted on.
    var subject: String { account?.id.text ?? unknownSubject }
}

/// Finds out who is meant without letting the caller notice whether anybody is (R-LOCK-8, R-LOCK-17).
struct ClaimResolver: Sendable {
    let ports: ServicePorts
    let policy: ServicePolicy

    /// Resolves an address as typed.
    func resolve(_ typed: String) async throws(SignInFailure) -> ClaimedIdentity {
        let parsed = try? MailboxAddress(parsing: typed, domains: policy.domains)
        let used = parsed != nil || Self.isForeignAddress(typed) ? Self.cut(typed) : nil
        let name = parsed?.text ?? typed.lowercased()
        let keyed = ports.digest
        var claim = ClaimedIdentity(
            account: nil,
            unknownSubject: "unknown:" + Hex.encode(keyed.digest(Array(name.utf8), purpose: .unknownAddress)),
            addressAsUsed: used)
        guard let parsed else { return claim }
        let found = try await reaching(SignInFailure.init(_:)) { () async throws(StoreUnavailable) in
            try await ports.accounts.account(at: parsed)
        }
        if let found, found.kind.canSignIn, !found.lifecycle.hasEnded { claim.account = found }
        return claim
    }

    private static func cut(_ typed: String) -> String {
        typed.utf8.count <= 254 ? typed : String(typed.prefix(254))
    }

    /// Whether text is an address elsewhere: ASCII, and its domain ends like one.
    private static func isForeignAddress(_ typed: String) -> Bool {
        guard typed.utf8.count <= 254, let at = typed.firstIndex(of: "@") else { return false }
        let domain = String(typed[typed.index(after: at)...]).lowercased()
        let labels = domain.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count >= 2, labels.last.map({ $0.utf8.count >= 2 && $0.allSatisfy(\.isLetter) }) ?? false else {
            return false
        }
        return (try? MailboxAddress(parsing: typed.lowercased(), domains: [domain])) != nil
    }

    /// Reads the account behind a claim again; a destroyed account leaves an unknown address.
    func refreshed(_ claim: ClaimedIdentity) async throws(SignInFailure) -> ClaimedIdentity {
        guard let account = claim.account else { return claim }
        var fresh = claim
        fresh.account = try await reaching(SignInFailure.init(_:)) { () async throws(StoreUnavailable) in
            try await ports.accounts.account(id: account.id)
        }
        if fresh.account?.lifecycle.hasEnded ?? false { fresh.account = nil }
        return fresh
    }

    /// The durable state of a budget, or the refusal that a standing lock or an exhausted budget means.
    ///
    /// A known and an unknown address take the same reads to be refused.
    func openState(_ claim: ClaimedIdentity, _ key: BudgetKey) async throws(SignInFailure) -> BudgetState {
        let apart: BudgetKey? =
            claim.account == nil || key.lane != .shared
            ? key : BudgetKey(subject: claim.unknownSubject, kind: key.kind, lane: .shared)
        let own = key.lane == .shared ? claim.account?.budgets[key.kind] : nil
        let isLocked = claim.account.map { !$0.locks.isEmpty } ?? false
        let isExhausted = own.map { $0.failures >= policy.limit } ?? false
        if let own, !isLocked, !isExhausted { return own }
        let read = try await reaching(SignInFailure.init(_:)) { () async throws(StoreUnavailable) in
            try await ports.accounts.budget(apart ?? key, now: ports.clock.now())
        }
        guard !isLocked, !isExhausted, read.failures < policy.limit else {
            ports.observer.signIn(.locked)
            throw SignInFailure.accountLocked(nil)
        }
        return read
    }
}
