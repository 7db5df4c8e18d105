internal import AuthDomain
internal import AuthService

/// What a mail program's login is looked up by.
struct MailLoginKey: Hashable, Sendable {
    let address: MailboxAddress
    let lookups: [[UInt8]]

    /// The look-ups alone, which are keyed digests and so as good as random.
    func hash(into hasher: inout Hasher) {
        for lookup in lookups { lookup.withUnsafeBytes { hasher.combine(bytes: $0) } }
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
