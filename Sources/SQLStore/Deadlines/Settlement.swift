internal import AuthDomain
internal import AuthService

/// Reads the facts of an account, has them judged and writes the judgement, all in one transaction.
///
/// Two instances that come to the same account do so one after the other, and the second finds nothing left to do:
/// a standing lock and a given warning are not written again, and neither are their rows and events.
struct Settlement {
    let now: WallInstant
    let judge: DeadlineJudge

    /// How often a destruction that waits for the end of a hold is looked at.
    private static let holdPause = Duration.seconds(86_400)

    func settle(_ account: AccountID, in transaction: inout Transaction) throws -> SettledAccount? {
        guard let subject = try DeadlineSubject.read(account, now: now, from: transaction.connection) else {
            return nil
        }
        let writes = try kept(judge(subject), account, in: transaction)
        var result = SettledAccount(account: account)
        result.isInactivityHeld = writes.isInactivityHeld
        for (lock, event) in writes.locks where try transaction.add(lock, to: account) {
            try transaction.append(event)
            result.locks.append(lock.cause)
        }
        for (warning, event) in writes.warnings
        where try transaction.execute(DeadlineStatements.insert(warning, for: account, now: now)) > 0 {
            try transaction.append(event)
            if let news = AccountEvent(warning) { try transaction.emit(news, of: account, at: now) }
            result.warnings.append(warning)
        }
        // Later than now in any case, so that no judgement can keep a sweep from coming to its end.
        let next = writes.lookAgainAt > now ? writes.lookAgainAt : now + .seconds(1)
        try transaction.execute(DeadlineStatements.look(at: next, at: account))
        if let (stage, event) = writes.ending {
            try end(account, as: stage, in: &transaction)
            try transaction.append(event)
            result.ended = stage
        }
        return result
    }

    /// An account under a legal hold is not destroyed at the end of its period; the release has it judged anew (T-14).
    private func kept(
        _ writes: DeadlineWrites, _ account: AccountID, in transaction: borrowing Transaction
    ) throws -> DeadlineWrites {
        guard writes.ending?.stage == .destroyed,
            try transaction.exists(LegalHoldStatements.isStanding(on: account))
        else { return writes }
        var writes = writes
        writes.ending = nil
        writes.lookAgainAt = now + Self.holdPause
        return writes
    }

    private func end(_ account: AccountID, as stage: Lifecycle, in transaction: inout Transaction) throws {
        switch stage {
        case .destroyed: try SQLiteStore.erase(account, now: now, in: &transaction)
        case .transferEnded:
            try transaction.execute(DeadlineStatements.endTransfer(of: account))
            try transaction.emit(.accountChanged, of: account, at: now)
            try transaction.emit(.sessionsRevoke(.lifecycle), of: account, at: now)
        case .active, .transferred, .recalled: break
        }
    }
}

extension AccountEvent {
    /// What other systems are told of a warning; an old password concerns its owner alone.
    fileprivate init?(_ warning: DeadlineWarning) {
        switch warning.deadline.kind {
        case .defaultPassword: self = .defaultPasswordDeadlineNear(warning.deadline.dueAt)
        case .inactivity: self = .inactivityDeadlineNear(warning.deadline.dueAt)
        case .temporaryPassword, .transferEnd, .recallEnd, .passwordAge: return nil
        }
    }
}

extension DeadlineSubject {
    /// Reads an account's facts; to be called in a transaction or a snapshot.
    static func read(
        _ account: AccountID, now: WallInstant, from connection: SQLiteConnection
    ) throws -> DeadlineSubject? {
        let found = try connection.first(DeadlineStatements.facts(of: account, now: now)) { row in
            try DeadlineSubject(account, row: &row)
        }
        guard let found else { return nil }
        var facts = found.facts
        facts.standing = Set(
            try connection.rows(DeadlineStatements.standingCauses(of: account)) { try $0.member(of: LockCause.self) })
        let signs = try connection.rows(ActivityStatements.last(of: account)) { row in
            (kind: try row.member(of: ActivityKind.self), at: row.instant())
        }
        // A complete sign-in and a mail login are both logins.
        for sign in signs { facts.lastSigns[sign.kind] = max(facts.lastSigns[sign.kind] ?? sign.at, sign.at) }
        facts.feed = try FeedHealth.read(from: connection)
        return DeadlineSubject(account: account, address: found.address, facts: facts)
    }

    /// Reads the columns of `DeadlineStatements.facts`.
    private init(_ account: AccountID, row: inout SQLRow) throws {
        let kind = try row.member(of: AccountKind.self)
        let lifecycle = try row.member(of: Lifecycle.self)
        let endsAt = row.optionalInstant()
        let (mustChange, isIssued, temporaryUntil) = (row.flag(), row.flag(), row.optionalInstant())
        let changedAt = row.instant()
        var facts = DeadlineFacts(createdAt: row.instant())
        facts.kind = kind
        facts.lifecycle = lifecycle
        facts.lifecycleEndsAt = endsAt
        facts.mustChange = mustChange
        facts.isIssued = isIssued
        facts.temporaryUntil = temporaryUntil
        facts.passwordChangedAt = changedAt
        facts.notifiedAt = row.optionalInstant()
        facts.lastSigns[.login] = row.optionalInstant()
        facts.restoredAt = row.optionalInstant()
        facts.exemptUntil = row.optionalInstant()
        self.init(account: account, address: row.text(), facts: facts)
    }
}

extension FeedHealth {
    /// What is known of the mail system's reports.
    static func read(from connection: SQLiteConnection) throws -> FeedHealth? {
        try connection.first(DeadlineStatements.coverage) { row in
            FeedHealth(heardAt: row.instant(), unbrokenSince: row.instant())
        }
    }
}
