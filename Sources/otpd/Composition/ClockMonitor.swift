import AuthDomain
import AuthService
internal import Glibc
import Synchronization
import Telemetry

/// Watches how far the machine's clock may be trusted (R-TOTP-8).
///
/// Two witnesses: Redis' clock, which runs on another machine in production, and a wall clock that moves otherwise
/// than time itself did. More than 5 s apart is an alarm; more than 30 s and one-time codes are refused until the
/// witnesses agree again.
final class ClockMonitor: ClockHealth {
    private static let alarm = 5.0
    private static let refusal = 30.0

    private struct State {
        var isTrustworthy = true
        var isAlarmed = false
    }

    private let log: JSONLog
    private let offset: Gauge
    private let state = Mutex(State())

    init(log: JSONLog, offset: Gauge) {
        self.log = log
        self.offset = offset
    }

    var isTrustworthy: Bool { state.withLock { $0.isTrustworthy } }

    /// Takes in one comparison with a witness, in seconds; positive when this machine is ahead.
    func observe(offsetSeconds: Double) {
        offset.set(offsetSeconds)
        let distance = abs(offsetSeconds)
        let (wasAlarmed, isAlarmed, isTrustworthy) = state.withLock { state in
            defer {
                state.isAlarmed = distance > Self.alarm
                state.isTrustworthy = distance <= Self.refusal
            }
            return (state.isAlarmed, distance > Self.alarm, distance <= Self.refusal)
        }
        if isAlarmed, !wasAlarmed {
            log.warning(
                "clock differs from the witness; check time synchronisation",
                ["offset_seconds": .double(offsetSeconds), "totp_refused": .bool(!isTrustworthy)])
        } else if wasAlarmed, !isAlarmed {
            log.info("clock agrees with the witness again", ["offset_seconds": .double(offsetSeconds)])
        }
    }
}
