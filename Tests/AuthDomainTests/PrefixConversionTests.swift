import AuthDomain
import Testing

/// What a store would count, kept in arrays.
private struct Ledger {
    private(set) var sends: [(at: WallInstant, verifiedAt: WallInstant?)] = []

    mutating func send(at: WallInstant, verifiedAfter latency: Int?) {
        sends.append((at, latency.map { at + .seconds($0) }))
    }

    func traffic(now: WallInstant) -> PrefixTraffic {
        let known = sends.filter { $0.at <= now && now - $0.at <= PrefixConversionRule.runWindow }
        let latest = known.compactMap(\.verifiedAt).filter { $0 <= now }.max()
        let run = known.filter { latest == nil || $0.at > latest ?? $0.at }
        let settled = known.filter {
            now - $0.at >= PrefixConversionRule.settling && now - $0.at <= PrefixConversionRule.ratioWindow
        }
        return PrefixTraffic(
            run: run.count, settledRun: run.filter { now - $0.at >= PrefixConversionRule.settling }.count,
            settled: settled.count,
            verified: settled.filter { send in send.verifiedAt.map { $0 <= now } ?? false }.count,
            lastSentAt: known.map(\.at).max())
    }
}

/// Numbers that look random and are the same each time.
private struct Draws {
    var state: UInt64

    mutating func below(_ bound: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(bound))
    }

    /// Seconds until a code comes back: mostly 10 to 40, some up to 280; one in twelve never.
    mutating func latency() -> Int? {
        switch below(12) {
        case 0: nil
        case 1: 40 + below(240)
        default: 10 + below(30)
        }
    }
}

@Suite("Conversion per prefix (R-SMSOTP-1)")
struct PrefixConversionTests {
    private static let start = WallInstant(seconds: 1_800_000_000)
    private static let rule = PrefixConversionRule()
    private static let past = PrefixBaseline(sends: 20_000, verified: 18_000, longestRun: 120)

    private static func at(_ milliseconds: Int) -> WallInstant { start + .milliseconds(milliseconds) }

    /// Lets people ask one after the other; whoever is refused goes away.
    private static func run(
        _ people: [(at: WallInstant, latency: Int?)], lane: PrefixLane, baseline: PrefixBaseline,
        ledger: Ledger = Ledger()
    ) -> (ledger: Ledger, refusedAt: [WallInstant]) {
        var ledger = ledger
        var refusedAt: [WallInstant] = []
        for person in people {
            let traffic = ledger.traffic(now: person.at)
            switch rule.verdict(lane: lane, traffic: traffic, baseline: baseline, now: person.at) {
            case .open, .probe: ledger.send(at: person.at, verifiedAfter: person.latency)
            case .paused(_, let retryAfter):
                #expect(retryAfter >= .seconds(1) && retryAfter <= PrefixConversionRule.longestRetry)
                refusedAt.append(person.at)
            }
        }
        return (ledger, refusedAt)
    }

    @Test(
        "300 messages to 300 unproven numbers, none come back: paused within 20, at any speed, with or without a past",
        arguments: [0, 1, 100, 1000, 4000], [PrefixBaseline.none, past])
    func attack(everyMilliseconds: Int, baseline: PrefixBaseline) {
        let people = (0..<300).map { (at: Self.at($0 * everyMilliseconds), latency: Int?.none) }
        let (ledger, refused) = Self.run(people, lane: .unproven, baseline: baseline)
        #expect(ledger.sends.count < 20 && refused.count > 280)
    }

    @Test("The same after an ordinary morning in that prefix")
    func attackAfterMorning() {
        var draws = Draws(state: 99)
        let morning = (0..<200).map { (at: Self.at($0 * 3000), latency: draws.latency()) }
        let (ledger, _) = Self.run(morning, lane: .unproven, baseline: Self.past)
        let people = (0..<300).map { (at: Self.at(900_000 + $0 * 50), latency: Int?.none) }
        let (after, _) = Self.run(people, lane: .unproven, baseline: Self.past, ledger: ledger)
        #expect(after.sends.count - ledger.sends.count < 20)
    }

    @Test("300 messages to proven numbers: paused within 20 where the prefix has no past, or when they trickle")
    func attackOnProven() {
        for milliseconds in [0, 100, 10_000] {
            let people = (0..<300).map { (at: Self.at($0 * milliseconds), latency: Int?.none) }
            #expect(Self.run(people, lane: .proven, baseline: .none).ledger.sends.count < 20)
        }
        let trickle = (0..<300).map { (at: Self.at($0 * 40_000), latency: Int?.none) }
        let (ledger, _) = Self.run(trickle, lane: .proven, baseline: Self.past)
        #expect(ledger.sends.filter { $0.at - Self.start < .seconds(1800) }.count < 20)
        // A burst that looks like 08:00 ends with what 08:00 may be.
        let burst = (0..<1000).map { (at: Self.at($0 * 10), latency: Int?.none) }
        #expect(Self.run(burst, lane: .proven, baseline: Self.past).ledger.sends.count == 180)
    }

    @Test("Ordinary mornings of known people are never paused", arguments: [60, 90, 150, 600, 3600])
    func ordinaryMorning(seconds: Int) {
        for seed in 1...5 as ClosedRange<UInt64> {
            var draws = Draws(state: seed &* 7919)
            // What is usual is what earlier mornings of the same kind were like.
            var usual = 0
            var ledger = Ledger()
            for time in (0..<300).map({ _ in draws.below(seconds * 1000) }).sorted() {
                ledger.send(at: Self.at(time), verifiedAfter: draws.latency())
                usual = max(usual, ledger.traffic(now: Self.at(time)).run)
            }
            let baseline = PrefixBaseline(sends: 6000, verified: 5400, longestRun: usual)
            let times = (0..<300).map { _ in draws.below(seconds * 1000) }.sorted()
            let people = times.map { (at: Self.at($0), latency: draws.latency()) }
            let (_, refused) = Self.run(people, lane: .proven, baseline: baseline)
            #expect(refused.isEmpty, "\(refused.count) refused, usual run \(usual)")
        }
    }

    @Test("The first days, when nobody is proven: a pause ends within seconds, and few meet one")
    func rollout() {
        var draws = Draws(state: 4242)
        let times = (0..<600).map { _ in draws.below(1_800_000) }.sorted()
        let people = times.map { (at: Self.at($0), latency: draws.latency()) }
        let (_, refused) = Self.run(people, lane: .unproven, baseline: .none)
        #expect(refused.count <= 6, "\(refused.count) of 600 in half an hour")
        // A whole office at once: the fifteen that went first let the others in.
        var crowd: [(at: WallInstant, latency: Int?)] = []
        for second in 0..<60 {
            for place in 0..<4 { crowd.append((Self.at(second * 1000 + place), 12 + draws.below(20))) }
        }
        let refusedInCrowd = Self.run(crowd, lane: .unproven, baseline: .none).refusedAt
        let firstHalf = refusedInCrowd.filter { $0 < Self.at(16_000) }.count
        #expect(firstHalf > 0 && refusedInCrowd.allSatisfy { $0 <= Self.at(60_000) })
    }

    @Test("Letting one code in twelve come back does not get round the rule")
    func diluted() {
        let people = (0..<300).map { (at: Self.at($0 * 3000), latency: $0 % 12 == 0 ? 1 : nil) }
        let (ledger, refused) = Self.run(people, lane: .unproven, baseline: .none)
        #expect(ledger.sends.count < 80 && refused.count > 220)
    }

    @Test("A paused prefix tries one message per pause, and opens with the first code that comes back")
    func probing() {
        let dead = PrefixTraffic(run: 15, settledRun: 15, settled: 0, verified: 0, lastSentAt: Self.start)
        let verdict = { (seconds: Int, traffic: PrefixTraffic) in
            Self.rule.verdict(lane: .unproven, traffic: traffic, baseline: .none, now: Self.start + .seconds(seconds))
        }
        #expect(verdict(0, dead) == .paused(.run, retryAfter: .seconds(60)))
        #expect(verdict(1790, dead) == .paused(.run, retryAfter: .seconds(10)))
        #expect(verdict(1800, dead) == .probe)
        let alive = PrefixTraffic(run: 0, settledRun: 0, settled: 1, verified: 1, lastSentAt: Self.start)
        #expect(verdict(1, alive) == .open)
        #expect(verdict(0, .none) == .open)
    }

    @Test("A day of attack gets out little more than one message per pause")
    func wholeDay() {
        let people = (0..<8640).map { (at: Self.at($0 * 10_000), latency: Int?.none) }
        #expect(Self.run(people, lane: .unproven, baseline: Self.past).ledger.sends.count <= 15 + 48)
    }

    @Test(
        "The share that came back is compared with what is usual",
        arguments: [
            (19, 0, 0, false), (20, 0, 0, true), (20, 1, 0, true), (20, 2, 0, false), (100, 9, 0, true),
            (100, 10, 0, false), (100, 22, 18_000, true), (100, 23, 18_000, false), (100, 4, 4000, true),
            (100, 5, 4000, false),
        ])
    func ratio(settled: Int, verified: Int, usual: Int, isPaused: Bool) {
        let baseline = PrefixBaseline(sends: usual == 0 ? 0 : 20_000, verified: usual, longestRun: 10)
        let traffic = PrefixTraffic(
            run: 1, settledRun: 0, settled: settled, verified: verified, lastSentAt: Self.start)
        for lane in PrefixLane.allCases {
            let verdict = Self.rule.verdict(lane: lane, traffic: traffic, baseline: baseline, now: Self.start)
            #expect(verdict == (isPaused ? .paused(.ratio, retryAfter: .seconds(60)) : .open))
        }
    }

    @Test("Settings and counts out of bounds are brought inside")
    func bounds() {
        #expect(
            PrefixConversionRule(runLimit: 0, pause: .zero) == PrefixConversionRule(runLimit: 5, pause: .seconds(60)))
        #expect(PrefixConversionRule(runLimit: 9999).runLimit == 1000)
        #expect(PrefixTraffic(run: -1, settledRun: -1, settled: -1, verified: -1, lastSentAt: nil) == .none)
        #expect(
            PrefixBaseline(sends: 5, verified: 9, longestRun: -1)
                == PrefixBaseline(sends: 5, verified: 5, longestRun: 0))
    }
}
