internal import AuthDomain

/// So many messages at once to one gateway, and as many again in so long; a pure rule over a monotonic clock.
///
/// A carrier that counts in fixed windows may see up to twice the count in one of them: set half of what it allows.
package struct RateLimit: Hashable, Sendable {
    /// How many, at least 1.
    package let count: Int
    /// How long until all places are free again.
    package let per: Duration

    // Milliseconds at which the next place would be due if places came evenly (GCRA).
    private var theoretical: Int64 = .min

    /// Makes a limit that nothing has used.
    package init(count: Int, per: Duration) {
        self.count = max(count, 1)
        self.per = per
    }

    /// Takes a place; false when none is free.
    package mutating func take(now: Int64) -> Bool {
        guard permits(now: now) else { return false }
        theoretical = max(theoretical, micros(now)) + interval
        return true
    }

    /// Whether a place is free.
    package func permits(now: Int64) -> Bool {
        max(theoretical, micros(now)) - micros(now) <= interval * Int64(count - 1)
    }

    /// Microseconds between two places, so that thousands in a second do not round to none.
    private var interval: Int64 { max(per.wholeMilliseconds * 1000 / Int64(count), 1) }

    private func micros(_ milliseconds: Int64) -> Int64 { milliseconds * 1000 }
}
