package import AuthDomain
package import AuthService

extension SQLiteStore: Outbox {
    /// Writes what became of attempts, then takes what is due, in one transaction.
    package func exchange(
        _ settlements: [OutboxSettlement], claim: OutboxClaim?, now: WallInstant
    ) async throws(StoreUnavailable) -> [OutboxMessage] {
        try await write(.outbox, changing: .nothing) { transaction in
            for settlement in settlements { try OutboxLine.settle(settlement, now: now, in: transaction) }
            guard let claim else { return [] }
            return try OutboxLine.take(claim, now: now, in: transaction)
        }
    }

    /// When the next message of a target is due.
    package func nextDue(_ target: String) async throws(StoreUnavailable) -> WallInstant? {
        try await read(.outbox) { connection in
            try connection.first(OutboxStatements.nextDue(target)) { $0.instant() }
        }
    }

    /// Stops a target.
    package func stop(_ target: String, reason: String, now: WallInstant) async throws(StoreUnavailable) {
        try await write(.outbox, changing: .nothing) { transaction in
            _ = try transaction.execute(OutboxStatements.stop(target, reason: reason, now: now))
        }
    }
}

extension SQLiteStore: RestorationTracker {
    /// True while any target that is told of restorations has not confirmed this one.
    package func isRestorationPending(_ account: AccountID) async throws(StoreUnavailable) -> Bool {
        let targets = subscriptions.filter { $0.events.contains(.mailboxRestored) }.map(\.target)
        guard !targets.isEmpty else { return false }
        return try await read(.outbox) { connection in
            try connection.exists(OutboxStatements.isRestorationPending(account, targets: targets))
        }
    }
}

/// The line of one account at one target: who holds it, and what comes next.
private enum OutboxLine {
    static func take(
        _ claim: OutboxClaim, now: WallInstant, in transaction: borrowing Transaction
    ) throws -> [OutboxMessage] {
        let lines = try transaction.rows(OutboxStatements.claim(claim, now: now)) { row in
            (account: AccountID(row.text()), attempts: Int(row.integer()), stage: Int(row.integer()))
        }
        var messages: [OutboxMessage] = []
        messages.reserveCapacity(lines.count)
        for line in lines {
            let first = OutboxStatements.first(of: line.account, target: claim.target)
            let message = try transaction.first(first) { row in
                OutboxMessage(
                    target: claim.target, account: line.account, sequence: row.integer(),
                    type: try row.member(of: AccountEventType.self), occurredAt: row.instant(), address: row.text(),
                    data: row.text(), attempts: line.attempts, stage: line.stage, lease: claim.lease)
            }
            if let message {
                messages.append(message)
            } else {
                try transaction.execute(OutboxStatements.endEmptyLine(of: line.account, target: claim.target))
            }
        }
        return messages
    }

    static func settle(
        _ settlement: OutboxSettlement, now: WallInstant, in transaction: borrowing Transaction
    ) throws {
        let message = settlement.message
        switch settlement.fate {
        case .delivered:
            // Delivered is delivered, whoever holds the line by now.
            try transaction.execute(OutboxStatements.remove(message))
            try advance(after: message, in: transaction)
        case .dead(let result):
            guard try transaction.exists(OutboxStatements.isHeld(message)) else { return }
            try transaction.execute(OutboxStatements.bury(message, result: result, now: now))
            try transaction.execute(OutboxStatements.remove(message))
            try advance(after: message, in: transaction)
        case .partly(let stage, let next):
            try transaction.execute(
                OutboxStatements.postpone(message, until: next, attempts: 0, stage: stage, result: nil))
        case .failed(let result, let next):
            try transaction.execute(
                OutboxStatements.postpone(
                    message, until: next, attempts: message.attempts + 1, stage: message.stage, result: result))
        case .released:
            try transaction.execute(OutboxStatements.release(message, now: now))
        }
    }

    private static func advance(after message: OutboxMessage, in transaction: borrowing Transaction) throws {
        guard try transaction.execute(OutboxStatements.advance(after: message)) == 0 else { return }
        try transaction.execute(OutboxStatements.endLine(of: message))
    }
}
