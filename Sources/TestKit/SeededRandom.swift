internal import AuthService
internal import Synchronization

/// Randomness that repeats: the same seed gives the same bytes (SplitMix64).
///
/// Never for anything but tests.
package final class SeededRandom: RandomSource {
    private let state: Mutex<UInt64>

    /// Makes a source.
    package init(seed: UInt64 = 1) {
        state = Mutex(seed)
    }

    /// The next bytes of the sequence.
    package func bytes(count: Int) -> [UInt8] {
        state.withLock { state in
            (0..<count).map { _ in
                state &+= 0x9e37_79b9_7f4a_7c15
                var mixed = state
                mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
                mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
                return UInt8(truncatingIfNeeded: mixed ^ (mixed >> 31))
            }
        }
    }
}
