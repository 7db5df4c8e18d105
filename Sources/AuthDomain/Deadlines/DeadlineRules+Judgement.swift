extension DeadlineRules {
    /// Every deadline that runs for an account, the next first.
    ///
    /// The one place that decides what runs for whom: the sweeper, every decision about a sign-in or a mail login and
    /// the pages for operators all ask here.
    package func deadlines(of facts: DeadlineFacts, at now: WallInstant) -> [Deadline] {
        guard !facts.lifecycle.hasEnded else { return [] }
        let running = [
            stageEnd(facts), defaultPasswordEnd(facts), temporaryPasswordEnd(facts), inactivityEnd(facts, at: now),
            passwordAgeEnd(facts),
        ]
        return running.compactMap { $0 }.sorted { ($0.dueAt, $0.kind.rawValue) < ($1.dueAt, $1.kind.rawValue) }
    }

    /// What is due now.
    package func judge(_ facts: DeadlineFacts, at now: WallInstant) -> DeadlineDecision {
        var decision = DeadlineDecision(lookAgainAt: DeadlineDecision.never)
        let running = deadlines(of: facts, at: now)
        for deadline in running {
            note(warningsOf: deadline, in: &decision, at: now)
            guard deadline.dueAt <= now else {
                decision.lookAgainAt = min(decision.lookAgainAt, deadline.dueAt)
                continue
            }
            guard !deadline.isHeld else {
                decision.isInactivityHeld = true
                decision.lookAgainAt = min(decision.lookAgainAt, now + Self.heldPause)
                continue
            }
            switch deadline.kind {
            case .defaultPassword: decision.locks.append(.defaultNotChanged)
            case .temporaryPassword: decision.locks.append(.temporaryPasswordExpired)
            case .inactivity: decision.locks.append(.inactive3Months)
            case .transferEnd: decision.nextLifecycle = .transferEnded
            case .recallEnd: decision.nextLifecycle = .destroyed
            case .passwordAge: break
            }
        }
        // Whoever may not sign in for another cause has a reason not to be seen (Đ8.2.a: "mà không có lý do").
        if decision.locks.count > 1 { decision.locks.removeAll { $0 == .inactive3Months } }
        if decision.nextLifecycle != nil { decision = ended(decision) }
        return decision
    }

    /// A stage of life that ends leaves nothing to lock or to warn of.
    private func ended(_ decision: DeadlineDecision) -> DeadlineDecision {
        var result = DeadlineDecision(lookAgainAt: DeadlineDecision.never)
        result.nextLifecycle = decision.nextLifecycle
        return result
    }

    /// How long a lock waits at a time for reports that are missing; once they are heard again the period begins anew.
    private static let heldPause = Duration.seconds(86_400)

    // MARK: The deadlines

    private func stageEnd(_ facts: DeadlineFacts) -> Deadline? {
        guard let end = facts.lifecycleEndsAt else { return nil }
        return switch facts.lifecycle {
        case .transferred: Deadline(kind: .transferEnd, dueAt: end)
        case .recalled: Deadline(kind: .recallEnd, dueAt: end)
        case .active, .transferEnded, .destroyed: nil
        }
    }

    /// Runs from the notice, for the first issue alone (R-FIRST-2, R-FIRST-8); imported passwords are no default
    /// ones (R-FIRST-9).
    private func defaultPasswordEnd(_ facts: DeadlineFacts) -> Deadline? {
        guard facts.kind.canSignIn, facts.isIssued, facts.mustChange, facts.temporaryUntil == nil,
            let notified = facts.notifiedAt, !facts.standing.contains(.defaultNotChanged)
        else { return nil }
        return Deadline(kind: .defaultPassword, dueAt: calendar.end(of: defaultPassword, from: notified))
    }

    private func temporaryPasswordEnd(_ facts: DeadlineFacts) -> Deadline? {
        guard facts.kind.canSignIn, let end = facts.temporaryUntil, !facts.standing.contains(.temporaryPasswordExpired)
        else { return nil }
        return Deadline(kind: .temporaryPassword, dueAt: end)
    }

    /// Runs from the last sign of life, or what stands for one: the restoration, the end of an exemption, the notice.
    ///
    /// A locked mailbox has a reason to be silent, so the period waits for its restoration; a recalled or transferred
    /// one has an end of its own (R-LIFE-10). Before the reports of the mail system began, or began again, a sign of
    /// life may have gone unseen: the period cannot have begun earlier.
    private func inactivityEnd(_ facts: DeadlineFacts, at now: WallInstant) -> Deadline? {
        guard facts.kind.canSignIn, facts.lifecycle == .active, facts.standing.isEmpty,
            var start = start(facts)
        else { return nil }
        var isHeld = false
        if needsFeed {
            if let feed = facts.feed {
                start = max(start, feed.unbrokenSince)
                isHeld = feed.heardAt + feedSilence < now
            } else {
                isHeld = true
            }
        }
        return Deadline(kind: .inactivity, dueAt: calendar.end(of: inactivity, from: start), isHeld: isHeld)
    }

    /// A mailbox whose owner was never told of it cannot be neglected (R-LOCK-15); an imported one is known.
    private func start(_ facts: DeadlineFacts) -> WallInstant? {
        let isFirstIssue = facts.isIssued && facts.mustChange && facts.temporaryUntil == nil
        guard facts.notifiedAt != nil || !isFirstIssue else { return nil }
        let announced = facts.notifiedAt ?? facts.createdAt
        let signs = signsOfLife.compactMap { facts.lastSigns[$0] }
        return ([announced, facts.restoredAt, facts.exemptUntil].compactMap { $0 } + signs).max()
    }

    private func passwordAgeEnd(_ facts: DeadlineFacts) -> Deadline? {
        guard let passwordAge, facts.kind.canSignIn, !facts.mustChange, facts.lifecycle != .recalled else { return nil }
        return Deadline(kind: .passwordAge, dueAt: facts.passwordChangedAt + passwordAge)
    }

    // MARK: Warnings

    /// Takes the last warning that fell due, so that a late look gives one instead of several.
    private func note(warningsOf deadline: Deadline, in decision: inout DeadlineDecision, at now: WallInstant) {
        guard !deadline.isHeld else { return }
        switch deadline.kind {
        case .defaultPassword: note(defaultPasswordWarnings, of: deadline, in: &decision, at: now)
        case .inactivity: note(inactivityWarnings, of: deadline, in: &decision, at: now)
        case .passwordAge where deadline.dueAt <= now:
            decision.warnings.append(DeadlineWarning(deadline: deadline, daysAhead: 0))
        case .passwordAge: break
        case .temporaryPassword: note(temporaryPasswordWarnings, of: deadline, in: &decision, at: now)
        case .transferEnd, .recallEnd: note(stageEndWarnings, of: deadline, in: &decision, at: now)
        }
    }

    private func note(
        _ daysAhead: [Int], of deadline: Deadline, in decision: inout DeadlineDecision, at now: WallInstant
    ) {
        guard deadline.dueAt > now else { return }
        let steps = daysAhead.map { days in (days: days, at: warningTime(of: deadline, daysAhead: days)) }
        if let passed = steps.filter({ $0.at <= now }).min(by: { $0.days < $1.days }) {
            decision.warnings.append(DeadlineWarning(deadline: deadline, daysAhead: passed.days))
        }
        for step in steps where step.at > now { decision.lookAgainAt = min(decision.lookAgainAt, step.at) }
    }

    /// Periods end at midnight, when nobody wants to be written to: the warning waits for 08:00 of that day.
    private func warningTime(of deadline: Deadline, daysAhead: Int) -> WallInstant {
        let ahead = deadline.dueAt - .seconds(daysAhead * 86_400)
        return switch calendar.mode {
        case .civilCode: ahead + .seconds(8 * 3600)
        case .strictHours: ahead
        }
    }
}
