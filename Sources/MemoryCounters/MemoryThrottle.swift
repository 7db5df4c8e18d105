internal import AuthDomain
package import AuthService
internal import Synchronization

/// Rate buckets of one instance, in its memory; the same algorithm as the shared ones (T-3).
package final class MemoryThrottle: Throttle {
    private struct Buckets {
        /// The theoretical arrival time of each bucket that is not full, in µs.
        var arrival: [String: Int64] = [:]
        var nextSweep = Int64.min
    }

    private let clock: any MonotonicClock
    private let capacity: Int
    private let buckets = Mutex(Buckets())

    /// Makes full buckets.
    ///
    /// - Parameters:
    ///   - clock: For the refill.
    ///   - capacity: Buckets held at most that are not full; beyond, attempts on others are refused.
    package init(clock: any MonotonicClock, capacity: Int = 200_000) {
        self.clock = clock
        self.capacity = capacity
    }

    /// Takes one attempt from every bucket or from none; see the port.
    package func take(
        _ wanted: [(name: String, rate: AttemptRate)]
    ) async throws(CountersUnavailable) -> Duration? {
        let now = clock.milliseconds() * 1000
        let wait: Int64? = buckets.withLock { buckets in
            guard makeRoom(for: wanted.count, in: &buckets, now: now) else { return nil }
            let after = wanted.map { bucket in
                let full = bucket.rate.refillMicroseconds * Int64(max(1, bucket.rate.burst))
                let arrival = min(max(buckets.arrival[bucket.name] ?? now, now), now + full)
                return (next: arrival + bucket.rate.refillMicroseconds, last: now + full)
            }
            let missing = after.map { $0.next - $0.last }.max() ?? 0
            guard missing <= 0 else { return missing }
            for (bucket, times) in zip(wanted, after) { buckets.arrival[bucket.name] = times.next }
            return 0
        }
        guard let wait else { throw CountersUnavailable() }
        return wait == 0 ? nil : .microseconds(wait)
    }

    /// How long until every bucket would give an attempt; see the port.
    package func wait(
        for wanted: [(name: String, rate: AttemptRate)]
    ) async throws(CountersUnavailable) -> Duration? {
        let now = clock.milliseconds() * 1000
        let missing: Int64 = buckets.withLock { buckets in
            wanted.map { bucket in
                let full = bucket.rate.refillMicroseconds * Int64(max(1, bucket.rate.burst))
                let arrival = min(max(buckets.arrival[bucket.name] ?? now, now), now + full)
                return arrival + bucket.rate.refillMicroseconds - (now + full)
            }.max() ?? 0
        }
        return missing <= 0 ? nil : .microseconds(missing)
    }

    /// Gives one attempt back to every bucket; see the port.
    package func giveBack(_ returned: [(name: String, rate: AttemptRate)]) async {
        let now = clock.milliseconds() * 1000
        buckets.withLock { buckets in
            for bucket in returned {
                guard let arrival = buckets.arrival[bucket.name] else { continue }
                let earlier = arrival - bucket.rate.refillMicroseconds
                buckets.arrival[bucket.name] = earlier > now ? earlier : nil
            }
        }
    }

    /// Whether so many more buckets fit; forgets full ones, at most once a second.
    private func makeRoom(for count: Int, in buckets: inout Buckets, now: Int64) -> Bool {
        guard buckets.arrival.count + count > capacity else { return true }
        guard now >= buckets.nextSweep else { return false }
        buckets.nextSweep = now + 1_000_000
        buckets.arrival = buckets.arrival.filter { $0.value > now }
        return buckets.arrival.count + count <= capacity
    }
}

extension AttemptRate {
    /// The refill in µs, at least one.
    fileprivate var refillMicroseconds: Int64 {
        max(1, refill.wholeMicroseconds)
    }
}
