internal import AuthDomain
internal import Synchronization

/// What a unit of work may change of what the store remembers.
enum ChangeScope: Sendable {
    /// Anything; what nobody has looked into counts as this.
    case anything
    /// Nothing outside one account.
    case account(AccountID)
    /// Nothing that is remembered.
    case nothing
}

/// Tells whether what was read of an account is still what the database holds.
///
/// This process's own changes count before their callers hear of them. Those of another process show in the
/// database's version, which the writer looks at with every transaction; what was not looked at within the patience
/// counts as unknown, and then the database is read.
final class ChangeWatch: Sendable {
    /// How long a change by another process may go unnoticed; about as long as a login under way takes anyway.
    static let patience = Duration.milliseconds(10)
    /// Accounts whose last change is known; beyond, everything counts as changed.
    private static let accountLimit = 8192

    private struct State {
        /// Rises with every change noted.
        var count: UInt64 = 0
        /// The last change that may have concerned any account.
        var anything: UInt64 = 0
        var accounts: [AccountID: UInt64] = [:]
        var version: Int64?
        var lookedAt: ContinuousClock.Instant?
        var isLooking = false

        mutating func noteAnything() {
            count += 1
            anything = count
            accounts.removeAll(keepingCapacity: true)
        }
    }

    private let state = Mutex(State())

    /// The place in the order of changes, to be taken before a read begins.
    func mark() -> UInt64 { state.withLock { $0.count } }

    /// Whether nothing of an account has changed since a mark was taken; false also when that is not known.
    func isUnchanged(_ account: AccountID, since mark: UInt64, now: ContinuousClock.Instant) -> Bool {
        state.withLock { state in
            guard let lookedAt = state.lookedAt, lookedAt.duration(to: now) <= Self.patience else { return false }
            guard state.anything <= mark else { return false }
            return state.accounts.isEmpty || state.accounts[account, default: 0] <= mark
        }
    }

    /// Whether somebody should look at the database's version now; true for one caller, who then has to.
    func claimLook(now: ContinuousClock.Instant) -> Bool {
        state.withLock { state in
            guard !state.isLooking else { return false }
            if let lookedAt = state.lookedAt, lookedAt.duration(to: now) < Self.patience / 2 { return false }
            state.isLooking = true
            return true
        }
    }

    /// Gives a claim up that came to nothing.
    func endLook() { state.withLock { $0.isLooking = false } }

    /// Notes what the writer's connection saw: its version stays the same for commits of its own.
    ///
    /// - Parameters:
    ///   - version: What `PRAGMA data_version` told.
    ///   - instant: A moment before it was asked.
    func saw(version: Int64, at instant: ContinuousClock.Instant) {
        state.withLock { state in
            if version != state.version { state.noteAnything() }
            state.version = version
            state.lookedAt = instant
            state.isLooking = false
        }
    }

    /// Notes what a committed transaction may have changed.
    func changed(_ scopes: some Sequence<ChangeScope>) {
        state.withLock { state in
            for scope in scopes {
                switch scope {
                case .nothing: break
                case .anything: state.noteAnything()
                case .account(let account):
                    state.count += 1
                    state.accounts[account] = state.count
                    if state.accounts.count > Self.accountLimit { state.noteAnything() }
                }
            }
        }
    }
}
