package import AuthDomain
internal import Synchronization

/// Applies what is due: one function for the sweeper and for every decision about an account.
///
/// A decision need not wait for the sweeper, and never relies on it (R-FIRST-6): whoever reads an account through
/// `DueAccounts` finds locked what is due to be locked, to the millisecond.
package final class DeadlineKeeper: Sendable {
    private let store: any DeadlineStore
    private let clock: any WallClock
    private let random: any RandomSource
    private let observer: any ServiceObserver
    private let state: Mutex<DeadlineRules>

    /// Makes a keeper; one for the process.
    ///
    /// - Parameter rules: As the settings have them; the holidays are read from the store by `refresh`.
    package init(
        store: any DeadlineStore, clock: any WallClock, random: any RandomSource, observer: any ServiceObserver,
        rules: DeadlineRules
    ) {
        self.store = store
        self.clock = clock
        self.random = random
        self.observer = observer
        state = Mutex(rules)
    }

    /// The rules in force.
    package var rules: DeadlineRules { state.withLock { $0 } }

    /// Reads the holiday table anew.
    package func refresh() async throws(StoreUnavailable) {
        let table = HolidayTable(try await store.holidays())
        state.withLock { rules in
            guard rules.calendar.table != table else { return }
            rules.calendar = OfficialCalendar(table: table, mode: rules.calendar.mode)
        }
    }

    /// Judges an account if anything can be due for it.
    ///
    /// - Returns: Whether it was judged, so that it has to be read again.
    package func settle(_ account: Account) async throws(StoreUnavailable) -> Bool {
        try await settle(account.id, nextLookAt: account.nextLookAt)
    }

    /// Judges an account of which only its next look is known.
    func settle(_ account: AccountID, nextLookAt: WallInstant) async throws(StoreUnavailable) -> Bool {
        let now = clock.now()
        guard nextLookAt <= now else { return false }
        let settled = try await store.settle(account, now: now, judge: judge(at: now))
        if let settled { tell(settled) }
        return settled != nil
    }

    /// Judges the accounts that are due, some at a time, until none is left or another instance sweeps.
    ///
    /// - Parameters:
    ///   - turn: Who sweeps.
    ///   - pause: Called after each batch; sign-ins have the database to themselves meanwhile.
    /// - Returns: How many accounts were judged; nil when another instance sweeps.
    package func sweep(_ turn: SweepTurn, pause: () async -> Void) async throws(StoreUnavailable) -> Int? {
        try await refresh()
        let rules = rules
        if rules.needsFeed { _ = try await store.noteFeed(silence: rules.feedSilence, now: clock.now()) }
        while try await !store.adopt(rules: rules.fingerprint, batch: 1000) { await pause() }
        var judged = 0
        while true {
            let now = clock.now()
            switch try await store.settleDue(turn, now: now, judge: judge(at: now)) {
            case .leaseTaken:
                return judged > 0 ? judged : nil
            case .settled(let accounts):
                for account in accounts { tell(account) }
                judged += accounts.count
                guard accounts.count == turn.batch else { return judged }
                await pause()
            }
        }
    }

    /// The deadlines that run for an account, the next first.
    package func deadlines(of account: AccountID) async throws(StoreUnavailable) -> [Deadline] {
        let now = clock.now()
        guard let subject = try await store.deadlineSubject(account, now: now) else { return [] }
        return rules.deadlines(of: subject.facts, at: now)
    }

    private func tell(_ settled: SettledAccount) {
        for cause in settled.locks { observer.locked(cause) }
    }

    /// The judgement of an instant, with the records that it writes.
    private func judge(at now: WallInstant) -> DeadlineJudge {
        let (rules, random) = (rules, random)
        return { subject in
            let decision = rules.judge(subject.facts, at: now)
            var writes = DeadlineWrites(lookAgainAt: decision.lookAgainAt)
            writes.isInactivityHeld = decision.isInactivityHeld
            writes.locks = decision.locks.map { cause in
                (
                    Lock(
                        id: random.identifier(prefix: "lck_"), cause: cause, source: .automatic, lockedAt: now,
                        actor: "otpd", note: nil, document: nil),
                    Self.event(.signInLocked, subject, at: now, cause: cause, clause: cause.clause)
                )
            }
            writes.warnings = decision.warnings.map { warning in
                (
                    warning,
                    Self.event(
                        .deadlineWarned, subject, at: now, clause: warning.deadline.kind.clause,
                        detail: "\(warning.deadline.kind.rawValue) due \(RFC3339.format(warning.deadline.dueAt))")
                )
            }
            writes.ending = decision.nextLifecycle.map { stage in
                (
                    stage,
                    Self.event(
                        stage == .destroyed ? .accountDestroyed : .lifecycleChanged, subject, at: now,
                        clause: stage == .destroyed ? "Điều 7.4.d" : "Điều 7.4.c",
                        detail: "\(subject.facts.lifecycle.rawValue) to \(stage.rawValue), period over")
                )
            }
            return writes
        }
    }

    private static func event(
        _ code: AuditCode, _ subject: DeadlineSubject, at now: WallInstant, cause: LockCause? = nil,
        clause: String?, detail: String? = nil
    ) -> AuditEvent {
        AuditEvent(
            time: now, code: code, result: .success, account: subject.account, address: subject.address,
            cause: cause, clause: clause, detail: detail, provenance: Provenance(client: "otpd", entry: "service"))
    }
}

extension DeadlineRules {
    /// Tells two sets of rules apart, so that a changed setting or holiday has every account looked at anew.
    var fingerprint: String {
        let signs = signsOfLife.map(\.rawValue).sorted().joined(separator: "+")
        let age = passwordAge.map { "\($0.components.seconds)" } ?? "-"
        return "\(defaultPassword) \(inactivity) \(signs) \(age) \(defaultPasswordWarnings) \(inactivityWarnings) "
            + "\(temporaryPasswordWarnings) \(stageEndWarnings) "
            + "\(feedSilence.components.seconds) \(calendar.mode.rawValue) \(calendar.table.fingerprint)"
    }
}
