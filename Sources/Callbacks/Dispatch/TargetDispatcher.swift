internal import AuthDomain
package import AuthService

/// Brings the events of one target from the outbox to it: at least once, in order for each account.
///
/// One message of an account is out at a time; accounts do not wait for each other. What ended is written and what
/// is due is taken in one transaction, so the outbox decides and a process that is killed leaves nothing behind but
/// claims that end by themselves.
package final class TargetDispatcher: Sendable {
    private let name: String
    private let target: any EventTarget
    private let settings: DispatchSettings
    private let outbox: any Outbox
    private let wall: any WallClock
    private let clock: any MonotonicClock
    private let random: any RandomSource
    private let observer: CallbackObserver
    private let bell = Bell()
    private let ended = Bell()
    private let desk: DeliveryDesk

    /// Makes a dispatcher; `run` starts it.
    ///
    /// - Parameters:
    ///   - name: The name of the target in the outbox.
    ///   - target: The receiver.
    ///   - settings: Schedule and bounds.
    ///   - outbox: Where events wait.
    ///   - wall: The time that retries and claims are dated by; shared by all instances.
    ///   - clock: For pauses.
    ///   - random: For jitter and the names of claims.
    ///   - observer: Hears of every attempt.
    package init(
        name: String, target: any EventTarget, settings: DispatchSettings, outbox: any Outbox, wall: any WallClock,
        clock: any MonotonicClock, random: any RandomSource, observer: CallbackObserver = CallbackObserver()
    ) {
        self.name = name
        self.target = target
        self.settings = settings
        self.outbox = outbox
        self.wall = wall
        self.clock = clock
        self.random = random
        self.observer = observer
        desk = DeliveryDesk(parallel: settings.parallel, window: settings.window)
    }

    /// Tells that an event was committed; callable from any thread, never waits.
    package func wake() { bell.ring() }

    /// Takes nothing more, and waits until what is under way has ended, but no longer than a time.
    ///
    /// What has not ended by then is delivered again, by another instance or after the next start.
    package func stop(within patience: Duration) async {
        desk.close()
        bell.ring()
        await ended.wait(for: patience, on: clock)
    }

    /// Delivers until stopped.
    package func run() async {
        await withDiscardingTaskGroup { group in
            var unwritten: [OutboxSettlement] = []
            var mightHaveMore = true
            while !desk.isClosed || desk.outstanding > 0 {
                unwritten += desk.takeFinished()
                let room = mightHaveMore || !unwritten.isEmpty ? desk.room(at: clock.milliseconds()) : 0
                guard room > 0 || !unwritten.isEmpty else {
                    mightHaveMore = await waitForWork(after: mightHaveMore)
                    continue
                }
                guard let taken = await exchange(unwritten, room: room) else {
                    if desk.isClosed { break }
                    await clock.sleep(for: .seconds(1))
                    continue
                }
                desk.settled(unwritten.count)
                unwritten = []
                mightHaveMore = taken.count == room && room > 0
                desk.take(taken.count)
                let now = clock.milliseconds()
                for message in taken { group.addTask { await self.attempt(message, takenAt: now) } }
            }
            ended.ring()
        }
    }

    /// Waits for a ring or for what is due next; true when something is due.
    ///
    /// - Parameter known: Whether something is known to wait for room already.
    private func waitForWork(after known: Bool) async -> Bool {
        let pause = desk.pauseLeft(at: clock.milliseconds())
        var longest = settings.poll
        if pause > 0 { longest = min(longest, .milliseconds(pause)) }
        if !known, let due = await nextDue() {
            let wait = due.milliseconds - wall.now().milliseconds
            if wait <= 0, pause == 0 { return true }
            if wait > 0 { longest = min(longest, .milliseconds(wait)) }
        }
        await bell.wait(for: longest, on: clock)
        if known { return true }
        guard let due = await nextDue() else { return false }
        return due <= wall.now()
    }

    private func nextDue() async -> WallInstant? {
        do {
            return try await outbox.nextDue(name)
        } catch {
            observer.outboxFailed(name, error)
            return nil
        }
    }

    /// Writes and takes; nil when the outbox failed and everything stands as it was.
    private func exchange(_ settlements: [OutboxSettlement], room: Int) async -> [OutboxMessage]? {
        let now = wall.now()
        let claim =
            room > 0
            ? OutboxClaim(
                target: name, limit: room, lease: random.identifier(prefix: ""), until: now + settings.lease) : nil
        do {
            return try await outbox.exchange(settlements, claim: claim, now: now)
        } catch {
            observer.outboxFailed(name, error)
            return nil
        }
    }

    /// One attempt, from waiting for a place to noting how it ended.
    private func attempt(_ message: OutboxMessage, takenAt: Int64) async {
        defer { bell.ring() }
        guard await desk.enter(at: clock.milliseconds()) == .granted else {
            return desk.finish(OutboxSettlement(message, .released))
        }
        let start = clock.milliseconds()
        // Whoever waited too long might send what another instance is sending already.
        guard start - takenAt + settings.limit.wholeMilliseconds < settings.lease.wholeMilliseconds else {
            desk.leave(nil, at: start)
            return desk.finish(OutboxSettlement(message, .released))
        }
        let outcome = await target.deliver(message)
        let end = clock.milliseconds()
        observer.attempted(name, outcome.result, .milliseconds(end - start))
        desk.leave(outcome, at: end)
        desk.finish(OutboxSettlement(message, await fate(of: message, after: outcome)))
    }

    private func fate(of message: OutboxMessage, after outcome: DeliveryOutcome) async -> OutboxSettlement.Fate {
        switch outcome {
        case .delivered: return .delivered
        case .partly(let next): return .partly(stage: message.stage + 1, next: wall.now() + next)
        case .failed(.gone, _):
            observer.stopped(name)
            // Should this fail, the receiver says it again at the next attempt.
            try? await outbox.stop(name, reason: "410 Gone", now: wall.now())
            return .released
        case .failed(let result, let retryAfter):
            let bytes = random.bytes(count: 2)
            let jitter = Double(UInt16(bytes[0]) << 8 | UInt16(bytes[1])) / 65_535
            let pause = settings.schedule.pause(
                afterFailures: message.attempts + 1, retryAfter: retryAfter, jitter: jitter)
            guard let pause else {
                observer.died(message, result)
                return .dead(result: result.rawValue)
            }
            return .failed(result: result.rawValue, next: wall.now() + pause)
        }
    }
}

extension DeliveryOutcome {
    /// The outcome as a label.
    fileprivate var result: DeliveryResult {
        switch self {
        case .delivered: .delivered
        case .partly: .partly
        case .failed(let result, _): result
        }
    }
}
