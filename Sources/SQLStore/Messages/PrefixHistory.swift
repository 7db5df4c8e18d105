internal import AuthDomain
internal import AuthService

/// What was sent to a prefix and what came back, read for the conversion rule.
enum PrefixHistory {
    /// How far back the usual is learned.
    private static let baselineDays: Int64 = 28
    /// Of the latest settled messages so many tell the share that came back.
    private static let sample = 200
    private static let dayLength: Int64 = 86_400_000

    /// The verdict about one more message, and the lane it is counted in.
    static func verdict(
        _ rule: PrefixConversionRule, for admission: SMSAdmission, in transaction: borrowing Transaction
    ) throws -> (lane: PrefixLane, verdict: PrefixVerdict) {
        let lane: PrefixLane =
            try transaction.exists(MessageStatements.isProven(admission.phone)) ? .proven : .unproven
        let prefix = admission.phone.prefix.text
        let baseline = try baseline(prefix, lane, now: admission.now, in: transaction)
        let traffic = try traffic(prefix, lane, rule: rule, baseline: baseline, now: admission.now, in: transaction)
        return (lane, rule.verdict(lane: lane, traffic: traffic, baseline: baseline, now: admission.now))
    }

    /// Notes that a prefix was paused on a day, which then teaches nothing; true the first time.
    static func notePause(
        _ prefix: String, _ lane: PrefixLane, now: WallInstant, in transaction: borrowing Transaction
    ) throws -> Bool {
        try transaction.execute(
            """
            INSERT INTO sms_days (prefix, lane, day, sends, verified, longest_run, is_paused, is_learned)
            VALUES (\(prefix), \(lane), \(day(now)), 0, 0, 0, 1, 0)
            ON CONFLICT (prefix, lane, day) DO UPDATE SET is_paused = 1 WHERE sms_days.is_paused = 0
            """) > 0
    }

    static func day(_ instant: WallInstant) -> Int64 { instant.milliseconds / dayLength }

    static func start(ofDay day: Int64) -> WallInstant { WallInstant(milliseconds: day * dayLength) }

    private static func baseline(
        _ prefix: String, _ lane: PrefixLane, now: WallInstant, in transaction: borrowing Transaction
    ) throws -> PrefixBaseline {
        let found = try transaction.first(
            """
            SELECT sum(sends), sum(verified), max(longest_run) FROM sms_days
            WHERE prefix = \(prefix) AND lane = \(lane) AND day >= \(day(now) - baselineDays) AND is_learned = 1
                AND is_paused = 0
            """
        ) { row in
            PrefixBaseline(
                sends: Int(row.integer()), verified: Int(row.integer()), longestRun: Int(row.integer()))
        }
        return found ?? .none
    }

    private static func traffic(
        _ prefix: String, _ lane: PrefixLane, rule: PrefixConversionRule, baseline: PrefixBaseline, now: WallInstant,
        in transaction: borrowing Transaction
    ) throws -> PrefixTraffic {
        let sent: SQLStatement = """
            FROM sms_sends WHERE prefix = \(prefix) AND lane = \(lane) AND state <> \(SMSSendState.refused)
            """
        let returned = try transaction.first(
            """
            SELECT max(verified_at) FROM sms_sends
            WHERE prefix = \(prefix) AND lane = \(lane) AND verified_at IS NOT NULL
            """
        ) { $0.optionalInstant() }
        let windowStart = now - PrefixConversionRule.runWindow
        let runStart = max(returned.flatMap { $0 } ?? windowStart, windowStart)
        let settledBefore = now - PrefixConversionRule.settling
        // Counted no further than any verdict looks.
        let bound = max(rule.runLimit, baseline.longestRun * 2) + 1
        func count(_ condition: SQLStatement) throws -> Int {
            let statement: SQLStatement = """
                SELECT count(*) FROM (SELECT 1 \(sent) AND created_at > \(runStart) AND \(condition) LIMIT \(bound)) n
                """
            return Int(try transaction.first(statement) { $0.integer() } ?? 0)
        }
        let latest = try transaction.first(
            "SELECT created_at \(sent) AND created_at > \(windowStart) ORDER BY created_at DESC LIMIT 1"
        ) { $0.instant() }
        let share = try transaction.first(
            """
            SELECT count(*), count(verified_at) FROM (
                SELECT verified_at \(sent) AND created_at > \(now - PrefixConversionRule.ratioWindow)
                    AND created_at <= \(settledBefore)
                ORDER BY created_at DESC LIMIT \(sample)) n
            """
        ) { row in (settled: Int(row.integer()), verified: Int(row.integer())) }
        return PrefixTraffic(
            run: try count("1 = 1"), settledRun: try count("created_at <= \(settledBefore)"),
            settled: share?.settled ?? 0, verified: share?.verified ?? 0, lastSentAt: latest)
    }
}
