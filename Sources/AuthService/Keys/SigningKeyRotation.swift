package import AuthDomain

/// When signing keys come and go (R-JWT-1).
///
/// ```
/// made ──publishAhead──▶ signs ──interval──▶ successor signs ──retention──▶ removed
///   └──────────────────────── published in the key set ───────────────────────┘
/// ```
/// A key is published before it signs, so that no verifier meets a signature of a key it cannot know, and stays
/// published until every assertion that it signed has expired long ago.
package struct SigningKeyRotation: Hashable, Sendable {
    /// How long a key signs.
    package let interval: Duration
    /// How long a key is published before it signs.
    package let publishAhead: Duration
    /// How long a key is kept after its successor began to sign.
    package let retention: Duration

    /// Makes a rule.
    /// - Parameters:
    ///   - interval: How long a key signs; 90 days unless set.
    ///   - publishAhead: Longer than verifiers cache the key set; kept to half the interval at most.
    ///   - retention: Longer than any assertion lives.
    package init(
        interval: Duration = .seconds(90 * 86_400), publishAhead: Duration = .seconds(86_400),
        retention: Duration = .seconds(86_400)
    ) {
        self.interval = interval
        self.publishAhead = min(publishAhead, interval / 2)
        self.retention = retention
    }

    /// What is to be done now.
    package struct Plan: Hashable, Sendable {
        /// When a key that must be made now begins to sign; nil when none is needed.
        package let newKeySignsFrom: WallInstant?
        /// The ids of keys to remove.
        package let removals: [String]

        /// Makes a plan.
        package init(newKeySignsFrom: WallInstant?, removals: [String]) {
            self.newKeySignsFrom = newKeySignsFrom
            self.removals = removals
        }
    }

    /// Looks at the keys.
    /// - Parameter keys: Those that can be opened; ones that cannot sign are as good as absent.
    package func plan(keys: [SigningKeyRecord], now: WallInstant) -> Plan {
        let ordered = Self.ordered(keys)
        guard let newest = ordered.last else { return Plan(newKeySignsFrom: now, removals: []) }
        let removals = zip(ordered, ordered.dropFirst()).filter { _, successor in
            successor.signsFrom + retention < now
        }
        let isDue = newest.signsFrom + (interval - publishAhead) <= now
        let signsFrom = max(newest.signsFrom + interval, now + publishAhead)
        return Plan(newKeySignsFrom: isDue ? signsFrom : nil, removals: removals.map(\.0.id))
    }

    /// The key that signs now: the newest that has begun, or before any has (a clock stepped back), the first to come.
    package static func current(_ keys: [SigningKeyRecord], now: WallInstant) -> SigningKeyRecord? {
        let ordered = ordered(keys)
        return ordered.last { $0.signsFrom <= now } ?? ordered.first
    }

    private static func ordered(_ keys: [SigningKeyRecord]) -> [SigningKeyRecord] {
        keys.sorted { ($0.signsFrom, $0.id) < ($1.signsFrom, $1.id) }
    }
}
