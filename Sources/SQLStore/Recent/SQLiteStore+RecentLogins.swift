internal import AuthDomain
internal import AuthService

/// What a mail program's login is looked up by, in 128 bits.
///
/// One half is the end of a digest under the service's key, the other a hash under a key of this process; nobody can
/// find two logins that share both. To compare two texts and several arrays instead would have every loop count
/// references on memory that all loops share.
struct MailLoginKey: Hashable, Sendable {
    private let lookup: UInt64
    private let rest: Int

    /// Sums up an address and the look-ups of what was presented, each the start of a keyed digest.
    init(address: MailboxAddress, lookups: [[UInt8]]) {
        lookup = lookups.first?.suffix(8).reduce(0) { $0 << 8 | UInt64($1) } ?? 0
        var hasher = Hasher()
        hasher.combine(address.text)
        for digest in lookups { digest.withUnsafeBytes { hasher.combine(bytes: $0) } }
        rest = hasher.finalize()
    }
}

/// Mail programs ask with the same address and password again and again, every few minutes for each device.
extension SQLiteStore {
    /// What was read for a login, if nothing has changed since; else it is read, and kept when there is a candidate.
    func recentLogin(
        _ key: MailLoginKey, reading: () async throws(StoreUnavailable) -> MailLoginSnapshot?
    ) async throws(StoreUnavailable) -> MailLoginSnapshot? {
        let now = ContinuousClock.now
        if changes.claimLook(now: now) { writes.look { [changes] in changes.endLook() } }
        if let known = recentLogins.find(key),
            changes.isUnchanged(known.value.account.id, since: known.mark, now: now)
        {
            return known.value
        }
        let mark = changes.mark()
        let snapshot = try await reading()
        if let snapshot, !snapshot.candidates.isEmpty { recentLogins.keep(snapshot, for: key, mark: mark) }
        return snapshot
    }
}
