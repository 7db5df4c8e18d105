import AuthDomain
import AuthService
import TestKit
import Testing

@testable import Callbacks

@Suite("When deliveries are tried again, and how fast")
struct RuleTests {
    @Test("R-HOOK-1: 0, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h, then dead: 75:35:05 in all")
    func schedule() {
        let pauses = (1...10).map { RetrySchedule.webhook.pause(afterFailures: $0, retryAfter: nil, jitter: 0) }
        let total: Duration = pauses.reduce(.zero) { $0 + ($1 ?? .zero) }
        #expect(total == Duration.seconds(272_105))
        #expect(pauses[0] == Duration.seconds(5))
        #expect(pauses[8] == Duration.seconds(86_400))
        #expect(pauses[9] == nil)
        #expect(RetrySchedule.webhook.pause(afterFailures: 0, retryAfter: nil, jitter: 0) == nil)
    }

    @Test("jitter adds a tenth at most and takes nothing away")
    func jitter() {
        let schedule = RetrySchedule.webhook
        for value in [0, 0.3, 1] {
            let pause = schedule.pause(afterFailures: 2, retryAfter: nil, jitter: value) ?? .zero
            #expect(pause >= Duration.seconds(300))
            #expect(pause <= Duration.seconds(330))
        }
        #expect(schedule.pause(afterFailures: 2, retryAfter: nil, jitter: 7) == .seconds(330))
        #expect(schedule.pause(afterFailures: 2, retryAfter: nil, jitter: -1) == .seconds(300))
    }

    @Test("Retry-After makes a pause longer, never shorter, and never longer than a day")
    func retryAfter() {
        let schedule = RetrySchedule.webhook
        #expect(schedule.pause(afterFailures: 1, retryAfter: .seconds(60), jitter: 0) == .seconds(60))
        #expect(schedule.pause(afterFailures: 3, retryAfter: .seconds(60), jitter: 0) == .seconds(1_800))
        #expect(schedule.pause(afterFailures: 1, retryAfter: .seconds(999_999), jitter: 0) == .seconds(86_400))
    }

    @Test(
        "Retry-After is seconds or a date; rubbish is nothing",
        arguments: [
            ("0", Duration.zero), ("120", .seconds(120)), ("Mon, 23 Nov 2026 08:00:30 GMT", .seconds(30)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", .zero), ("99999999999999999999", nil), ("-1", nil), ("", nil),
            ("1.5", nil),
            ("Mon, 23 Nov 2026 08:00:30 UTC", nil), ("Mon, 99 Nov 2026 08:00:30 GMT", nil), ("soon", nil),
            (String(repeating: "9", count: 100_000), nil), ("Mon, 23 N\u{0}v 2026 08:00:30 GMT", nil),
        ] as [(String, Duration?)])
    func retryAfterText(_ text: String, _ expected: Duration?) {
        #expect(RetryAfter.parse(text, now: Fixtures.start) == expected)
    }

    @Test("a target that cannot be reached is left alone ever longer, then asked alone, then faster again")
    func pace() {
        var pace = TargetPace(full: 8)
        let unreachable = DeliveryOutcome.failed(.unreachable, retryAfter: nil)
        var now: Int64 = 1_000
        var pauses: [Int64] = []
        for _ in 0..<9 {
            // All that were under way fail; the first of them sets the pause.
            for _ in 0..<8 { pace.note(unreachable, at: now) }
            #expect(pace.limit == 1)
            pauses.append(pace.pausedUntil - now)
            now = pace.pausedUntil
        }
        #expect(pauses == [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000])
        #expect(!pace.isPaused(at: now))
        for limit in 2...8 {
            pace.note(.delivered, at: now)
            #expect(pace.limit == limit)
        }
        pace.note(.delivered, at: now)
        #expect(pace.limit == 8)
        pace.note(unreachable, at: now)
        #expect(pace.pausedUntil - now == 1_000)
    }

    @Test("Retry-After holds the whole target back; one event's refusal does not")
    func slowing() {
        var pace = TargetPace(full: 8)
        pace.note(.failed(.refused, retryAfter: nil), at: 0)
        pace.note(.failed(.redirected, retryAfter: nil), at: 0)
        #expect(pace.limit == 8 && !pace.isPaused(at: 0))
        pace.note(.failed(.throttled, retryAfter: .seconds(40)), at: 0)
        #expect(pace.isPaused(at: 39_999) && !pace.isPaused(at: 40_000))
    }

    @Test("a bell wakes who waits, keeps one ring for who comes later, and lets time pass otherwise")
    func bell() async {
        let clock = ManualClock()
        let bell = Bell()
        bell.ring()
        bell.ring()
        await bell.wait(for: .seconds(1), on: clock)
        async let rung: Void = bell.wait(for: .seconds(1_000), on: clock)
        await clock.whenSleeping(1)
        bell.ring()
        await rung
        async let slept: Void = bell.wait(for: .seconds(5), on: clock)
        await clock.whenSleeping(1)
        clock.advance(by: .seconds(5))
        await slept
    }
}
