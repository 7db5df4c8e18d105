package import AuthDomain
package import AuthService

extension SQLiteStore: FailureJudge {
    /// Counts a failure unless a lock stands or enough were judged, with the lock at the limit.
    package func judge(_ failure: AccountFailure) async throws(StoreUnavailable) -> FailureJudgement {
        try await write(.judgeFailure, changing: .account(failure.account)) { transaction in
            try FailureCount.forget(now: failure.now, in: transaction)
            if let value = failure.distinct {
                guard try WrongValues.insert(value, of: failure.account, now: failure.now, in: transaction) else {
                    return .repeated
                }
            }
            guard failure.limit > 0, let state = try FailureCount.count(failure, in: transaction) else {
                return .refused
            }
            try transaction.append(failure.event)
            guard state.failures >= failure.limit else { return .counted(state) }
            if let lock = failure.lock { try transaction.add(lock, to: failure.account) }
            try transaction.append(failure.limitEvent)
            return .reachedLimit(state)
        }
    }

    /// Counts a failure of an unknown address with as many writes as for a known one, so that time tells nothing.
    package func judgeUnknown(
        _ key: BudgetKey, limit: Int, now: WallInstant, expiresAt: WallInstant, event: AuditEvent
    ) async throws(StoreUnavailable) -> FailureJudgement {
        try await write(.judgeFailure, changing: .nothing) { transaction in
            try FailureCount.forget(now: now, in: transaction)
            let count = BudgetStatements.countUnknownFailure(key, limit: limit, now: now, expiresAt: expiresAt)
            guard limit > 0, let state = try transaction.first(count, { BudgetRow.state(&$0) }) else {
                return .refused
            }
            try transaction.append(event)
            guard state.failures >= limit else { return .counted(state) }
            try transaction.append(event.atLimit)
            return .reachedLimit(state)
        }
    }
}

/// The guarded write behind a judgement.
private enum FailureCount {
    /// The state after counting; nil when nothing was counted.
    static func count(_ failure: AccountFailure, in transaction: borrowing Transaction) throws -> BudgetState? {
        let statement =
            switch failure.lane {
            case .shared:
                BudgetStatements.countFailure(failure.kind, of: failure.account, limit: failure.limit)
            case .device(let lane):
                BudgetStatements.countLaneFailure(
                    failure.kind, lane: lane, of: failure.account, limit: failure.limit)
            }
        return try transaction.first(statement) { BudgetRow.state(&$0) }
    }

    /// Forgets a few expired counts.
    ///
    /// A day late, so that no cached copy of them is alive any more.
    static func forget(now: WallInstant, in transaction: borrowing Transaction) throws {
        try transaction.execute(BudgetStatements.purge(expiredBefore: now - .seconds(86_400), limit: 4))
    }
}

extension AuditEvent {
    /// The row that goes with the last allowed failure of an unknown address.
    fileprivate var atLimit: AuditEvent {
        AuditEvent(
            time: time, code: .signInLocked, result: .failure, account: account, address: address, factor: factor,
            detail: "unknown address", provenance: provenance)
    }
}
