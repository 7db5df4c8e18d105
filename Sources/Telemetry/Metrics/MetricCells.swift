internal import Synchronization

/// A count that only rises; recording is one atomic addition.
package final class Counter: Sendable {
    private let cell = Atomic<UInt64>(0)

    /// Makes a counter at 0.
    package init() {}

    /// Adds to the count.
    package func add(_ amount: UInt64 = 1) {
        cell.wrappingAdd(amount, ordering: .relaxed)
    }

    /// The count so far.
    package var value: UInt64 { cell.load(ordering: .relaxed) }
}

/// A value that rises and falls.
package final class Gauge: Sendable {
    private let cell = AtomicDouble()

    /// Makes a gauge at 0.
    package init() {}

    /// Replaces the value.
    package func set(_ value: Double) {
        cell.set(value)
    }

    /// Adds to the value; a negative amount lowers it.
    package func add(_ amount: Double) {
        cell.add(amount)
    }

    /// The value at this moment.
    package var value: Double { cell.value }
}

/// How observed values spread over fixed buckets.
package final class Histogram: Sendable {
    /// The upper bounds of the buckets, rising; the bucket beyond the last is implied.
    package let bounds: [Double]
    private let buckets: [Counter]
    private let total = AtomicDouble()

    /// Makes an empty histogram.
    ///
    /// - Parameter bounds: Upper bounds, rising and finite.
    package init(bounds: [Double]) {
        precondition(zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 }, "bucket bounds must rise")
        self.bounds = bounds
        buckets = (0...bounds.count).map { _ in Counter() }
    }

    /// Records one value; a value that is no number is ignored, for it would spoil the sum for ever.
    package func observe(_ value: Double) {
        guard value.isFinite else { return }
        var index = 0
        while index < bounds.count, value > bounds[index] { index += 1 }
        buckets[index].add()
        total.add(value)
    }

    /// Records a duration in seconds.
    package func observe(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        observe(Double(seconds) + Double(attoseconds) / 1e18)
    }

    /// The count in each bucket (not cumulative, the last is the one beyond all bounds) and the sum of the values.
    package var snapshot: (counts: [UInt64], sum: Double) {
        (buckets.map(\.value), total.value)
    }
}

/// Bounds for times in seconds, from half a millisecond to ten seconds.
package enum Buckets {
    /// For requests, SQL and Redis: 0.5 ms … 10 s.
    package static let seconds: [Double] = [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ]
    /// For counts of things handled at once: 1 … 1024.
    package static let sizes: [Double] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]
}

/// A floating-point number that many threads may change.
private final class AtomicDouble: Sendable {
    private let bits = Atomic<UInt64>(0)

    func set(_ value: Double) {
        bits.store(value.bitPattern, ordering: .relaxed)
    }

    func add(_ amount: Double) {
        var current = bits.load(ordering: .relaxed)
        while true {
            let sum = (Double(bitPattern: current) + amount).bitPattern
            let (exchanged, original) = bits.weakCompareExchange(
                expected: current, desired: sum, ordering: .relaxed)
            if exchanged { return }
            current = original
        }
    }

    var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }
}
