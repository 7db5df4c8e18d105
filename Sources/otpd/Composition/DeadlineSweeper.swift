import AuthDomain
import AuthService
import Settings
import SQLStore
import Telemetry

/// Sweeps the accounts that are due and shows what the desk has to look after.
struct DeadlineSweeper: Sendable {
    let keeper: DeadlineKeeper
    private let remind: RemindOwners
    /// Time between two sweeps.
    let pause: Duration
    private let store: SQLiteStore
    private let metrics: DeadlineMetrics
    private let log: JSONLog
    private let clock: any WallClock
    private let turn: SweepTurn

    init(
        _ settings: Settings, keeper: DeadlineKeeper, remind: RemindOwners, store: SQLiteStore,
        metrics: StandardMetrics, log: JSONLog,
        clock: any WallClock, random: any RandomSource
    ) {
        self.keeper = keeper
        self.remind = remind
        self.store = store
        self.metrics = metrics.deadlines
        self.log = log
        self.clock = clock
        pause = settings.deadlines.sweepEvery
        turn = SweepTurn(
            holder: random.identifier(prefix: settings.instance + "/"), lease: .seconds(60),
            batch: settings.deadlines.sweepBatch)
    }

    /// One sweep, unless another instance is at it.
    func sweep() async throws {
        var pacing = SweepPacing()
        let judged = try await keeper.sweep(turn) { await pacing.pause() }
        guard let judged, judged > 0 else { return }
        metrics.judged.add(UInt64(judged))
        log.info("deadlines judged", ["accounts": .number(judged)])
    }

    /// Sends the reminders that sweeps and sign-ins brought about.
    func sendReminders() async throws {
        let sent = try await remind()
        guard sent > 0 else { return }
        log.info("owners reminded of a deadline that is near", ["messages": .number(sent)])
    }

    /// Reads the counts that alarms rest on.
    func readCounts() async throws {
        let now = clock.now()
        metrics.show(try await store.deadlineCounts(now: now))
        let rules = keeper.rules
        let year = CivilDate(inHanoiAt: now).year
        metrics.holidaysKnown.set(rules.calendar.table.covers(year: year) ? 1 : 0)
        guard rules.needsFeed else { return }
        let feed = try await store.noteFeed(silence: rules.feedSilence, now: now)
        let isHeard = feed.map { $0.heardAt + rules.feedSilence >= now } ?? false
        metrics.inactivityHeld.set(isHeard ? 0 : 1)
    }

    /// What an operator should know at the start.
    func warn() {
        let year = CivilDate(inHanoiAt: clock.now()).year
        guard !keeper.rules.calendar.table.covers(year: year) else { return }
        log.warning(
            "the holiday table lacks the present year; import it with \"otpd holidays import\"",
            ["year": .number(year)])
    }
}

/// Pauses after each batch in proportion to the time it took, so that the writer belongs to sign-ins most of the time.
///
/// A batch that had to wait for sign-ins took longer, and so does the pause after it: the busier the service, the more
/// the sweep gives way. Nothing hangs on its end, since whoever decides about an account settles it first.
private struct SweepPacing {
    /// Pause for each unit of work: a fourth of the time is the sweep's at most.
    private static let share = 3
    private static let bounds = (least: Duration.milliseconds(5), most: Duration.milliseconds(500))

    private var last = ContinuousClock.now

    mutating func pause() async {
        let took = last.duration(to: .now)
        try? await Task.sleep(for: min(max(took * Self.share, Self.bounds.least), Self.bounds.most))
        last = .now
    }
}

extension DeadlineRules {
    /// What the settings decide about the regulation's clocks.
    init(_ settings: Settings) {
        self.init()
        calendar = OfficialCalendar(mode: settings.deadlines.mode)
        defaultPassword = .days(settings.deadlines.defaultPasswordDays)
        inactivity = .months(settings.deadlines.inactivityMonths)
        signsOfLife = Set(settings.deadlines.inactivityCounts)
        restorationWorkingDays = settings.deadlines.restorationDays
        feedSilence = settings.deadlines.feedSilence
        passwordAge = settings.password.rotation == .off ? nil : .days(settings.password.maxAgeDays)
    }
}
