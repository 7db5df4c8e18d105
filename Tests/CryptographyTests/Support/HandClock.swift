import AuthDomain
import AuthService
import Synchronization

/// A wall clock that stands still until it is moved.
final class HandClock: WallClock {
    private let instant: Mutex<WallInstant>

    init(_ instant: WallInstant) {
        self.instant = Mutex(instant)
    }

    func now() -> WallInstant { instant.withLock { $0 } }

    func advance(by duration: Duration) {
        instant.withLock { $0 = $0 + duration }
    }
}
