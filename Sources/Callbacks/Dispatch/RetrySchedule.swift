/// When a failed delivery is tried again, and when it is given up.
package struct RetrySchedule: Hashable, Sendable {
    /// The pauses after the first, second … failed attempt; one more failure and the message is dead.
    package let pauses: [Duration]

    /// Standard Webhooks 1.0.0: ten attempts over more than three days (R-HOOK-1).
    package static let webhook = RetrySchedule(
        pauses: [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400].map { .seconds($0) })

    /// For a server next door whose open sessions have to end: soon, and not after they are long gone.
    package static let session = RetrySchedule(
        pauses: [1, 2, 5, 15, 30, 60, 300, 900, 3_600].map { .seconds($0) })

    /// Makes a schedule.
    package init(pauses: [Duration]) {
        self.pauses = pauses
    }

    /// The pause after so many failed attempts, a tenth longer at most; nil when that was the last.
    ///
    /// - Parameters:
    ///   - failures: Failed attempts, this one included.
    ///   - retryAfter: What the receiver asked for; honoured up to a day.
    ///   - jitter: 0…1, drawn anew for each attempt.
    package func pause(afterFailures failures: Int, retryAfter: Duration?, jitter: Double) -> Duration? {
        guard failures >= 1, failures <= pauses.count else { return nil }
        let own = pauses[failures - 1]
        let spread = own + own * min(max(jitter, 0), 1) / 10
        return max(spread, min(retryAfter ?? .zero, .seconds(86_400)))
    }
}
