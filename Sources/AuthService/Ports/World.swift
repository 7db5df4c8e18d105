package import AuthDomain

/// The time of day, for everything a person or a paper could date (R-TIME-1, R-TOTP-8).
package protocol WallClock: Sendable {
    /// The instant now.
    func now() -> WallInstant
}

/// Time that never steps, for waiting and for the expiry of reservations.
package protocol MonotonicClock: Sendable {
    /// Milliseconds since an arbitrary start.
    func milliseconds() -> Int64

    /// Suspends the caller without blocking a thread.
    func sleep(for duration: Duration) async
}

/// Cryptographically secure randomness.
package protocol RandomSource: Sendable {
    /// Fresh random bytes.
    func bytes(count: Int) -> [UInt8]
}

/// How far the machine's clock can be trusted (R-TOTP-8).
package protocol ClockHealth: Sendable {
    /// False when the clock is known to be more than 30 s off; one-time codes are refused meanwhile.
    var isTrustworthy: Bool { get }
}

extension RandomSource {
    /// An identifier with a prefix and 130 random bits in lower-case base32.
    package func identifier(prefix: String) -> String {
        let letters = bytes(count: 26).map { byte in
            let value = byte & 31
            return value < 26 ? UInt8(ascii: "a") + value : UInt8(ascii: "2") + value - 26
        }
        return prefix + String(decoding: letters, as: UTF8.self)
    }
}
