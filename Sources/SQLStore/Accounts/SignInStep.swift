internal import AuthDomain
internal import AuthService

/// What the guarded writes of a sign-in have in common.
enum SignInStep {
    /// Why a guarded write found no row; called in the same transaction.
    static func verdict(
        afterRefusing step: StepGuard, in transaction: borrowing Transaction
    ) throws -> StepVerdict {
        let found = try transaction.first(BudgetStatements.diagnosis(step)) { row in
            (
                lifecycle: try row.member(of: Lifecycle.self), version: row.integer(), isUnlocked: row.flag(),
                isBelowLimit: row.flag()
            )
        }
        guard let found, !found.lifecycle.hasEnded else { return .outdated }
        guard found.isUnlocked, found.isBelowLimit else { return .locked }
        guard step.passwordVersion == nil || step.passwordVersion == found.version else { return .outdated }
        return .alreadyUsed
    }

    /// Writes what goes with a committed step: its rows, and with the last step the reset and the sign-in's time.
    static func conclude(
        _ step: StepGuard, now: WallInstant, resetting: Bool = false, events: [AuditEvent],
        completion: Completion?, in transaction: inout Transaction
    ) throws -> StepVerdict {
        var changed: [BudgetKind: BudgetState] = [:]
        for event in events { try transaction.append(event) }
        if resetting { try reset(step.kind, lane: step.lane, of: step.account, noting: &changed, in: transaction) }
        guard let completion else { return .committed(changed) }
        for kind in BudgetKind.allCases {
            try reset(kind, lane: completion.lane, of: step.account, noting: &changed, in: transaction)
        }
        try transaction.execute(BudgetStatements.noteSignIn(step.account, now: now))
        try transaction.append(completion.event)
        return .committed(changed)
    }

    private static func reset(
        _ kind: BudgetKind, lane: BudgetLane, of account: AccountID, noting changed: inout [BudgetKind: BudgetState],
        in transaction: borrowing Transaction
    ) throws {
        // Most have counted nothing, and looking is cheap: for `RETURNING` the library sets up a table of its own.
        guard try transaction.exists(BudgetStatements.isCounted(kind, lane: lane, of: account)) else { return }
        let statement = BudgetStatements.reset(kind, lane: lane, of: account)
        if let state = try transaction.first(statement, { BudgetRow.state(&$0) }) { changed[kind] = state }
    }
}
