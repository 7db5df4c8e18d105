package import AuthDomain
package import AuthService

extension SQLiteStore: ReminderQueue {
    /// The reminders that wait longest, by the index of those that wait.
    package func waitingReminders(limit: Int) async throws(StoreUnavailable) -> [WaitingReminder] {
        try await read(.readDeadlines) { connection in
            try connection.rows(DeadlineStatements.waitingReminders(limit: limit)) { row in
                WaitingReminder(
                    account: AccountID(row.text()), kind: try row.member(of: Deadline.Kind.self),
                    dueAt: row.instant(), daysAhead: Int(row.integer()))
            }
        }
    }

    /// Takes a reminder off the queue, unless another instance was faster.
    package func take(_ reminder: WaitingReminder, now: WallInstant) async throws(StoreUnavailable) -> Bool {
        try await write(.settleDeadlines) { transaction in
            try transaction.execute(DeadlineStatements.take(reminder, now: now)) > 0
        }
    }

    /// Puts back a reminder of which nothing was sent.
    package func putBack(_ reminder: WaitingReminder) async throws(StoreUnavailable) {
        try await write(.settleDeadlines) { transaction in
            _ = try transaction.execute(DeadlineStatements.putBack(reminder))
        }
    }
}
