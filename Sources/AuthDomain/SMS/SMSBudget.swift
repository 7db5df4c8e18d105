/// What messages are counted on, each against a limit of its own (R-SMSOTP-1); the raw values are metric labels.
package enum SMSBudgetScope: String, CaseIterable, Sendable {
    /// One number, over the short window.
    case phone
    /// One number, over the long window.
    case phoneDay = "phone_day"
    /// One account, over the short window.
    case account
    /// One account, over the long window.
    case accountDay = "account_day"
    /// One client address, or one /64 of IPv6.
    case client
    /// One number prefix.
    case prefix
    /// Everything that leaves.
    case all
    /// Money rather than messages.
    case money
}

/// How much may pass in a time.
package struct SMSBudgetLimit: Hashable, Sendable {
    /// The largest sum: messages, or đồng for `SMSBudgetScope.money`; zero lets nothing pass.
    package let most: Int64
    /// The length of the window.
    package let window: Duration

    /// Makes a limit; below zero counts as zero, and a window is at least one second.
    package init(most: Int64, window: Duration) {
        self.most = max(most, 0)
        self.window = max(window, .seconds(1))
    }
}

/// What has passed in a scope's window before the message in question.
package struct SMSBudgetCount: Hashable, Sendable {
    /// Messages, or đồng.
    package let used: Int64
    /// How long until the window has room again, or begins anew.
    package let freesIn: Duration

    /// Makes a count.
    package init(used: Int64, freesIn: Duration) {
        self.used = max(used, 0)
        self.freesIn = max(freesIn, .zero)
    }

    /// The larger of a fast count and the one taken from the send rows, so that a flush gives nothing away.
    package func withFloor(_ rows: SMSBudgetCount) -> SMSBudgetCount {
        SMSBudgetCount(used: max(used, rows.used), freesIn: rows.used > used ? rows.freesIn : freesIn)
    }
}

/// Whether budgets refuse, or only say that they would have.
package enum SMSBudgetMode: String, CaseIterable, Sendable {
    case enforce
    case observe
}

/// What the budget says to one message.
package enum SMSBudgetVerdict: Hashable, Sendable {
    /// Every scope has room.
    case allowed
    /// A scope is used up; of several, the one that stays so longest. The time is at least one second.
    case refused(SMSBudgetScope, retryAfter: Duration)
    /// Budgets are only observed, and these scopes are used up; the message goes out.
    case observed([SMSBudgetScope])
}

/// The limits against toll fraud and nuisance, and what they say; counting is done elsewhere.
package struct SMSBudget: Hashable, Sendable {
    /// The limit of each scope; a scope without one is not looked at.
    package let limits: [SMSBudgetScope: SMSBudgetLimit]
    /// Whether it refuses.
    package let mode: SMSBudgetMode
    /// The part of the money limit, in per cent, whose crossing raises an alarm; 1…100.
    package let alarmPercent: Int64

    /// The limits unless the settings say otherwise, for a city of some tens of thousands of mailboxes.
    ///
    /// - A phone serves up to three mailboxes (R-OTP-7), each with a code and one resend in a bad hour: 6 an hour, 20 a
    ///   day. An account alone: 5 an hour, 10 a day.
    /// - A client address may be a whole office behind one address at 08:00: 300 in ten minutes.
    /// - A prefix holds about a tenth of all phones: 2,000 an hour, beyond any ordinary morning.
    /// - All: 1,500 a minute, 45,000 in the half hour in which everybody arrives.
    /// - Money: 10,000,000 đồng in 24 hours, some 20,000 parts at 500 đồng.
    package static let standardLimits: [SMSBudgetScope: SMSBudgetLimit] = [
        .phone: SMSBudgetLimit(most: 6, window: .seconds(3600)),
        .phoneDay: SMSBudgetLimit(most: 20, window: .seconds(86_400)),
        .account: SMSBudgetLimit(most: 5, window: .seconds(3600)),
        .accountDay: SMSBudgetLimit(most: 10, window: .seconds(86_400)),
        .client: SMSBudgetLimit(most: 300, window: .seconds(600)),
        .prefix: SMSBudgetLimit(most: 2000, window: .seconds(3600)),
        .all: SMSBudgetLimit(most: 1500, window: .seconds(60)),
        .money: SMSBudgetLimit(most: 10_000_000, window: .seconds(86_400)),
    ]

    /// Makes a budget; the alarm is brought inside 1…100 per cent.
    package init(
        limits: [SMSBudgetScope: SMSBudgetLimit] = standardLimits, mode: SMSBudgetMode = .enforce,
        alarmPercent: Int64 = 80
    ) {
        self.limits = limits
        self.mode = mode
        self.alarmPercent = min(max(alarmPercent, 1), 100)
    }

    private init(limits: [SMSBudgetScope: SMSBudgetLimit], mode: SMSBudgetMode, uncheckedAlarm: Int64) {
        self.limits = limits
        self.mode = mode
        alarmPercent = uncheckedAlarm
    }

    /// The same for messages that nobody waits for at a sign-in page.
    ///
    /// Half of every minute and of the day's money stays with those who wait. The alarm is the whole day's still.
    package var leavingHalf: SMSBudget {
        let halved = limits.map { scope, limit in
            let isShared = scope == .all || scope == .money
            return (scope, isShared ? SMSBudgetLimit(most: limit.most / 2, window: limit.window) : limit)
        }
        return SMSBudget(
            limits: Dictionary(uniqueKeysWithValues: halved), mode: mode, uncheckedAlarm: alarmPercent * 2)
    }

    /// Says whether one more message may leave.
    /// - Parameters:
    ///   - cost: The price of all its parts, in đồng.
    ///   - count: What passed before, asked once for each scope that has a limit.
    package func verdict(cost: Int64, count: (SMSBudgetScope) -> SMSBudgetCount) -> SMSBudgetVerdict {
        var full: [(scope: SMSBudgetScope, wait: Duration)] = []
        for scope in SMSBudgetScope.allCases {
            guard let limit = limits[scope] else { continue }
            let amount = scope == .money ? max(cost, 0) : 1
            let before = count(scope)
            guard before.used > limit.most - amount else { continue }
            // More than the whole limit at once never has room, however empty the window is.
            let wait = amount > limit.most ? limit.window : min(before.freesIn, limit.window)
            full.append((scope, max(wait, .seconds(1))))
        }
        guard let longest = full.max(by: { $0.wait < $1.wait }) else { return .allowed }
        return mode == .observe
            ? .observed(full.map(\.scope)) : .refused(longest.scope, retryAfter: longest.wait)
    }

    /// Whether a message of this cost is the one that carries the day's money over the alarm.
    package func raisesMoneyAlarm(cost: Int64, before: SMSBudgetCount) -> Bool {
        guard let limit = limits[.money] else { return false }
        let (product, overflow) = limit.most.multipliedReportingOverflow(by: alarmPercent)
        let alarm = overflow ? limit.most / 100 * alarmPercent : product / 100
        return before.used < alarm && alarm - before.used <= cost
    }
}
