import AuthDomain
import AuthService
internal import Glibc
import Settings
import Synchronization

/// The machine's wall clock.
struct SystemWallClock: WallClock {
    func now() -> WallInstant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return WallInstant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}

/// The instant that stands in a file, read at each use: for acceptance checks on loopback alone.
///
/// While the file cannot be read or holds no instant, the last good one stands: a test that replaces the file must
/// not see the machine's time in between.
final class FileWallClock: WallClock {
    private let path: String
    private let last: Mutex<WallInstant>

    init(path: String) {
        self.path = path
        last = Mutex(SystemWallClock().now())
    }

    func now() -> WallInstant {
        let read = (try? BoundedFile.read(path, limit: 64)).flatMap { bytes in
            RFC3339.parse(String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace })
        }
        return last.withLock { last in
            if let read { last = read }
            return last
        }
    }
}

/// Time since the machine started; waits without a thread.
struct SystemMonotonicClock: MonotonicClock {
    func milliseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    func sleep(for duration: Duration) async {
        try? await Task.sleep(for: duration)
    }
}
