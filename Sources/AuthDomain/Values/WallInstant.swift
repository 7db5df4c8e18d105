/// A point of wall-clock time, in milliseconds since 1970-01-01T00:00:00Z.
///
/// Rules take one as an argument and never read a clock (R-TIME-1).
package struct WallInstant: Hashable, Comparable, Sendable {
    /// Milliseconds since the Unix epoch; negative before it.
    package let milliseconds: Int64

    /// Makes an instant from milliseconds since the Unix epoch.
    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// Makes an instant from whole seconds since the Unix epoch.
    package init(seconds: Int64) {
        self.milliseconds = seconds * 1000
    }

    /// Whole seconds since the Unix epoch, rounded down.
    package var seconds: Int64 {
        milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000
    }

    /// The earlier of two instants compares as less.
    package static func < (left: WallInstant, right: WallInstant) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// The instant that lies a duration later.
    package static func + (instant: WallInstant, duration: Duration) -> WallInstant {
        WallInstant(milliseconds: instant.milliseconds + duration.wholeMilliseconds)
    }

    /// The instant that lies a duration earlier.
    package static func - (instant: WallInstant, duration: Duration) -> WallInstant {
        WallInstant(milliseconds: instant.milliseconds - duration.wholeMilliseconds)
    }

    /// The time from one instant to another; negative when `right` is later.
    package static func - (left: WallInstant, right: WallInstant) -> Duration {
        .milliseconds(left.milliseconds - right.milliseconds)
    }
}

extension Duration {
    /// The duration in milliseconds, the rest cut off.
    package var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }

    /// The duration in microseconds, the rest cut off.
    package var wholeMicroseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }
}
