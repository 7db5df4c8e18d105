package import AuthDomain
internal import Synchronization

/// Adds up activity in memory until it is flushed, so that a login or delivery costs no write of its own.
///
/// What is in memory when the process dies is lost: a few seconds of a record that is read in months. Its size is
/// bounded; what does not fit is dropped and counted.
package final class ActivityTally: Sendable {
    private struct Key: Hashable {
        let owner: ActivityOwner
        let kind: ActivityKind
        let day: CivilDate

        /// The owner alone: one has few kinds and days.
        func hash(into hasher: inout Hasher) { hasher.combine(owner) }
    }

    private struct HeardKey: Hashable {
        let feed: ActivityFeed
        let day: CivilDate
    }

    private struct State {
        var totals: [Key: ActivityTotal] = [:]
        var heard: [HeardKey: FeedTotal] = [:]
        var dropped = 0
    }

    private let limit: Int
    private let day: @Sendable (WallInstant) -> CivilDate
    private let state = Mutex(State())

    /// Makes an empty tally.
    ///
    /// - Parameters:
    ///   - limit: Entries kept: mailboxes times kinds times days, at most.
    ///   - day: The day on which an instant falls.
    package init(limit: Int = 100_000, day: @escaping @Sendable (WallInstant) -> CivilDate) {
        self.limit = limit
        self.day = day
    }

    /// Entries dropped because the tally was full.
    package var dropped: Int { state.withLock { $0.dropped } }

    /// Notes that something happened.
    package func note(_ kind: ActivityKind, of owner: ActivityOwner, at instant: WallInstant, count: Int = 1) {
        let total = ActivityTotal(owner: owner, kind: kind, day: day(instant), count: count, lastAt: instant)
        state.withLock { Self.add(total, to: &$0, limit: limit) }
    }

    /// Notes that a feed was heard, whatever it told.
    package func hear(_ feed: ActivityFeed, at instant: WallInstant, events: Int = 1) {
        let total = FeedTotal(feed: feed, day: day(instant), events: events, lastHeardAt: instant)
        state.withLock { Self.add(total, to: &$0) }
    }

    /// Writes what has gathered; what could not be written stays for the next time.
    package func flush(into store: any ActivityStore) async throws(StoreUnavailable) {
        let (totals, heard) = state.withLock { state in
            defer { (state.totals, state.heard) = ([:], [:]) }
            return (Array(state.totals.values), Array(state.heard.values))
        }
        guard !totals.isEmpty || !heard.isEmpty else { return }
        var (rest, unwritten) = (totals[...], heard)
        do throws(StoreUnavailable) {
            repeat {
                try await store.add(Array(rest.prefix(Self.chunk)), heard: unwritten)
                rest = rest.dropFirst(Self.chunk)
                unwritten = []
            } while !rest.isEmpty
        } catch {
            state.withLock { state in
                for total in rest { Self.add(total, to: &state, limit: limit) }
                for total in unwritten { Self.add(total, to: &state) }
            }
            throw error
        }
    }

    /// Rows in one transaction: enough to be cheap, few enough to let other writes through.
    private static let chunk = 500

    private static func add(_ total: ActivityTotal, to state: inout State, limit: Int) {
        let key = Key(owner: total.owner, kind: total.kind, day: total.day)
        if let place = state.totals.index(forKey: key) {
            state.totals.values[place].count += total.count
            state.totals.values[place].lastAt = max(state.totals.values[place].lastAt, total.lastAt)
        } else if state.totals.count < limit {
            state.totals[key] = total
        } else {
            state.dropped += 1
        }
    }

    /// Bounded by itself: the feeds are three, and a day is forgotten with the next flush.
    private static func add(_ total: FeedTotal, to state: inout State) {
        let key = HeardKey(feed: total.feed, day: total.day)
        guard var known = state.heard[key] else {
            state.heard[key] = total
            return
        }
        known.events += total.events
        known.lastHeardAt = max(known.lastHeardAt, total.lastHeardAt)
        state.heard[key] = known
    }
}
