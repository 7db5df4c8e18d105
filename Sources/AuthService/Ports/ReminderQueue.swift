package import AuthDomain

/// A warning whose owner has not been written to yet.
package struct WaitingReminder: Hashable, Sendable {
    /// The account.
    package let account: AccountID
    /// Which period ends.
    package let kind: Deadline.Kind
    /// When it ends.
    package let dueAt: WallInstant
    /// The days that were left when the warning fell due.
    package let daysAhead: Int

    /// Makes a reminder.
    package init(account: AccountID, kind: Deadline.Kind, dueAt: WallInstant, daysAhead: Int) {
        self.account = account
        self.kind = kind
        self.dueAt = dueAt
        self.daysAhead = daysAhead
    }
}

/// The warnings on record that wait for their short message: shared by all instances, and kept over a restart.
package protocol ReminderQueue: Sendable {
    /// The reminders that wait longest.
    func waitingReminders(limit: Int) async throws(StoreUnavailable) -> [WaitingReminder]

    /// Takes a reminder off the queue, before anything is sent.
    ///
    /// - Returns: Whether it still waited; false when another instance was faster.
    func take(_ reminder: WaitingReminder, now: WallInstant) async throws(StoreUnavailable) -> Bool

    /// Puts back a reminder of which surely nothing was sent.
    func putBack(_ reminder: WaitingReminder) async throws(StoreUnavailable)
}
