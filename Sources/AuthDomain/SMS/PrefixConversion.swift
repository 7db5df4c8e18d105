/// Which numbers of a prefix are counted together.
///
/// Toll fraud pays on numbers that the fraudster brings along, hence on ones that never gave a code back. The two kinds
/// are told apart because nothing else tells an attack from a Monday: at 08:00 hundreds of codes are in flight at once
/// and none has come back yet, just as in an attack, but they are in flight to numbers that came back last week.
package enum PrefixLane: String, CaseIterable, Sendable {
    /// Numbers from which no code ever came back.
    case unproven
    /// Numbers from which a code came back before.
    case proven
}

/// What was sent to one prefix in one lane, and what came back; messages that surely never left are not counted.
package struct PrefixTraffic: Hashable, Sendable {
    /// Messages of the last `PrefixConversionRule.runWindow` sent after the latest code that came back: all in flight
    /// or lost.
    package let run: Int
    /// Those of the run that are older than `PrefixConversionRule.settling`.
    package let settledRun: Int
    /// Messages of the last `PrefixConversionRule.ratioWindow` that are older than the settling time.
    package let settled: Int
    /// Those of the settled ones whose code came back.
    package let verified: Int
    /// When the latest message left; nil when none did within the run window.
    package let lastSentAt: WallInstant?

    /// Puts counts together; none is below zero.
    package init(run: Int, settledRun: Int, settled: Int, verified: Int, lastSentAt: WallInstant?) {
        self.run = max(run, 0)
        self.settledRun = max(settledRun, 0)
        self.settled = max(settled, 0)
        self.verified = max(verified, 0)
        self.lastSentAt = lastSentAt
    }

    /// A prefix to which nothing was sent.
    package static let none = PrefixTraffic(run: 0, settledRun: 0, settled: 0, verified: 0, lastSentAt: nil)
}

/// What is usual for a prefix, learned over weeks in which it was not paused.
package struct PrefixBaseline: Hashable, Sendable {
    /// Messages that the baseline rests on.
    package let sends: Int
    /// Those whose code came back.
    package let verified: Int
    /// The longest run of messages without a code coming back in between, as at 08:00.
    package let longestRun: Int

    /// Puts a baseline together; none of its numbers is below zero, and no more came back than was sent.
    package init(sends: Int, verified: Int, longestRun: Int) {
        self.sends = max(sends, 0)
        self.verified = min(max(verified, 0), max(sends, 0))
        self.longestRun = max(longestRun, 0)
    }

    /// A prefix without a past.
    package static let none = PrefixBaseline(sends: 0, verified: 0, longestRun: 0)
}

/// Why a prefix is paused; the raw values are metric labels.
package enum PrefixCollapse: String, CaseIterable, Sendable {
    /// Too many messages in a row without one code coming back.
    case run
    /// Too few codes come back, though some do.
    case ratio
}

/// Whether a message may go to a prefix.
package enum PrefixVerdict: Hashable, Sendable {
    /// Codes come back as they should.
    case open
    /// The prefix is paused, but this one message may try whether codes come back again.
    case probe
    /// The prefix is paused; the time is when asking again makes sense, as a pause ends with the next code that comes
    /// back.
    case paused(PrefixCollapse, retryAfter: Duration)
}

/// Pauses a prefix whose codes no longer come back, as in toll fraud.
///
/// - A run of `runLimit` (15) messages to unproven numbers, none come back, pauses them at once, whatever the past of
///   the prefix and however fast they left: below 20, with room for instances that count at the same moment. When people
///   are first let in, the pause ends as soon as one of the fifteen has typed his code, which takes seconds.
/// - For proven numbers the same holds while the prefix has no past. With one (`historyNeeded`, 200 messages), one and a
///   half times its longest usual run may be in flight, and fifteen that had time to settle (two minutes) are a
///   collapse: what trickles without an echo is paused within 20, a crowd at 08:00 is not. A burst to hundreds of proven
///   numbers at once looks like that crowd until it settles; the other budgets bound it.
/// - Of 20 or more settled messages within the hour, fewer than a quarter of the usual share came back (and fewer than
///   one in ten where no past tells): whoever lets one code in twelve come back does not get round the run.
///
/// A paused prefix lets one message through in `pause` (30 min) to find out whether it works again.
package struct PrefixConversionRule: Hashable, Sendable {
    /// The run that pauses, 5…1,000 messages.
    package let runLimit: Int
    /// How long after the last message a paused prefix may try one more.
    package let pause: Duration

    /// How far back a run reaches.
    package static let runWindow: Duration = .seconds(86_400)
    /// How far back the share of codes that came back is looked at.
    package static let ratioWindow: Duration = .seconds(3600)
    /// How long people take to type a code, nearly all of them.
    package static let settling: Duration = .seconds(120)
    /// Messages that make a past.
    package static let historyNeeded = 200
    /// Settled messages below which a share says nothing.
    package static let settledNeeded = 20
    /// The longest time that a person is asked to wait, as most pauses end with the next code.
    package static let longestRetry: Duration = .seconds(60)

    /// Makes a rule; a run limit outside 5…1,000 is brought inside, a pause below one minute becomes one.
    package init(runLimit: Int = 15, pause: Duration = .seconds(1800)) {
        self.runLimit = min(max(runLimit, 5), 1000)
        self.pause = max(pause, .seconds(60))
    }

    /// Says whether one more message may go to a prefix.
    /// - Parameters:
    ///   - lane: The kind of number that it would go to.
    ///   - traffic: What was sent to such numbers of the prefix before.
    ///   - baseline: What is usual for the prefix in this lane.
    package func verdict(
        lane: PrefixLane, traffic: PrefixTraffic, baseline: PrefixBaseline, now: WallInstant
    ) -> PrefixVerdict {
        guard let collapse = collapse(lane: lane, traffic: traffic, baseline: baseline) else { return .open }
        guard let lastSentAt = traffic.lastSentAt else { return .probe }
        let nextTry = lastSentAt + pause
        guard now < nextTry else { return .probe }
        return .paused(collapse, retryAfter: min(max(nextTry - now, .seconds(1)), Self.longestRetry))
    }

    private func collapse(lane: PrefixLane, traffic: PrefixTraffic, baseline: PrefixBaseline) -> PrefixCollapse? {
        let hasPast = baseline.sends >= Self.historyNeeded
        switch lane {
        case .unproven:
            if traffic.run >= runLimit { return .run }
        case .proven:
            let inFlight = hasPast ? max(runLimit, baseline.longestRun + baseline.longestRun / 2) : runLimit
            if traffic.run >= inFlight || traffic.settledRun >= runLimit { return .run }
        }
        guard traffic.settled >= Self.settledNeeded else { return nil }
        // Shares as products of integers: verified / settled < usual / 4, and 1/10 where no usual share is known.
        let tooFew =
            hasPast
            ? traffic.verified * baseline.sends * 4 < traffic.settled * baseline.verified
            : traffic.verified * 10 < traffic.settled
        return tooFew ? .ratio : nil
    }
}
