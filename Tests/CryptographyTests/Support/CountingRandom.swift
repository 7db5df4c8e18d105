import AuthService
import Synchronization

/// Bytes that count up across calls, so that no two calls give the same.
final class CountingRandom: RandomSource {
    private let next = Mutex<UInt8>(0)

    func bytes(count: Int) -> [UInt8] {
        next.withLock { next in
            (0..<count).map { _ in
                next &+= 1
                return next
            }
        }
    }
}
