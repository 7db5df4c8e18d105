internal import AuthDomain
internal import AuthService

/// How many deliveries one target gets at once, and whether it is left alone for a while.
///
/// A target that throttles, hangs or cannot be reached is left alone, longer each time, then asked with one event
/// alone; every success lets one more go at once. So a target that is down costs its other events no attempts.
struct TargetPace {
    private static let shortestPause: Int64 = 1_000
    private static let longestPause: Int64 = 60_000

    /// Deliveries at once while all is well.
    let full: Int
    /// Deliveries at once now.
    private(set) var limit: Int
    /// The monotonic time until which nothing is sent, in milliseconds.
    private(set) var pausedUntil: Int64 = 0
    private var pauses = 0

    init(full: Int) {
        self.full = max(1, full)
        limit = self.full
    }

    func isPaused(at now: Int64) -> Bool { now < pausedUntil }

    /// Takes note of an attempt that ended.
    mutating func note(_ outcome: DeliveryOutcome, at now: Int64) {
        guard case .failed(let result, let retryAfter) = outcome else {
            limit = min(full, limit + 1)
            pauses = 0
            return
        }
        guard result.slowsDown else { return }
        limit = 1
        // Several that were under way fail together: one pause for all of them.
        guard !isPaused(at: now) else { return }
        pauses += 1
        let own = min(Self.longestPause, Self.shortestPause << Int64(min(pauses - 1, 16)))
        let asked = min((retryAfter ?? .zero).wholeMilliseconds, 3_600_000)
        pausedUntil = now + max(own, asked)
    }
}

extension DeliveryResult {
    /// Whether it tells something about the target rather than about one event.
    var slowsDown: Bool {
        switch self {
        case .throttled, .unreachable, .timeout, .interrupted, .gone: true
        case .delivered, .partly, .released, .refused, .redirected, .malformed, .failed: false
        }
    }
}
