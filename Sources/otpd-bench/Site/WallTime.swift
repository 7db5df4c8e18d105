import AuthDomain
import AuthService
internal import Glibc

/// The machine's clocks.
struct WallTime: WallClock, MonotonicClock {
    func now() -> WallInstant {
        WallInstant(milliseconds: Self.nanoseconds(CLOCK_REALTIME) / 1_000_000)
    }

    func milliseconds() -> Int64 { Self.nanoseconds(CLOCK_MONOTONIC) / 1_000_000 }

    func sleep(for duration: Duration) async {
        try? await Task.sleep(for: duration)
    }

    /// Nanoseconds since an arbitrary start.
    static func monotonic() -> Int64 { nanoseconds(CLOCK_MONOTONIC) }

    private static func nanoseconds(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
