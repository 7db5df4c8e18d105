/// What happens to an account at a certain time unless something is done.
package struct Deadline: Hashable, Sendable {
    /// Which period ends.
    package enum Kind: String, CaseIterable, Sendable {
        /// The default password must be changed (Đ8.2.d).
        case defaultPassword = "default_password"
        /// The temporary password stops working (Đ8.3.c).
        case temporaryPassword = "temporary_password"
        /// No sign of life (Đ8.2.a).
        case inactivity
        /// The old mailbox of somebody who moved inside the city ends (Đ7.4.c).
        case transferEnd = "transfer_end"
        /// The mailbox of somebody who left is destroyed (Đ7.4.d).
        case recallEnd = "recall_end"
        /// The password is old (Đ12.1); a reminder, nothing is enforced by it.
        case passwordAge = "password_age"

        /// The clause that sets the period.
        package var clause: String {
            switch self {
            case .defaultPassword: "Điều 8.2.d"
            case .temporaryPassword: "Điều 8.3.c"
            case .inactivity: "Điều 8.2.a"
            case .transferEnd: "Điều 7.4.c"
            case .recallEnd: "Điều 7.4.d"
            case .passwordAge: "Điều 12.1"
            }
        }
    }

    /// Which period ends.
    package let kind: Kind
    /// The first instant at which it is over.
    package let dueAt: WallInstant
    /// Whether it is held: the mail system's reports are missing, so nothing can be concluded.
    package let isHeld: Bool

    /// Makes a deadline.
    package init(kind: Kind, dueAt: WallInstant, isHeld: Bool = false) {
        self.kind = kind
        self.dueAt = dueAt
        self.isHeld = isHeld
    }
}

/// A warning ahead of a deadline; each is given once.
package struct DeadlineWarning: Hashable, Sendable {
    /// The deadline.
    package let deadline: Deadline
    /// The days that were left when it fell due: 14, 3, 2 or 1; 0 at the deadline itself.
    package let daysAhead: Int

    /// Makes a warning.
    package init(deadline: Deadline, daysAhead: Int) {
        self.deadline = deadline
        self.daysAhead = daysAhead
    }
}

/// What is due for an account at an instant, and when to look again.
package struct DeadlineDecision: Hashable, Sendable {
    /// The causes to lock for, in the order of the list of Đ8.2; none of them stands.
    package var locks: [LockCause] = []
    /// The stage of life that begins now.
    package var nextLifecycle: Lifecycle?
    /// The warnings that fell due, given or not.
    package var warnings: [DeadlineWarning] = []
    /// Whether a lock for inactivity is held back because the mail system's reports are missing.
    package var isInactivityHeld = false
    /// The next instant at which anything can fall due; nothing does before it.
    package var lookAgainAt: WallInstant

    /// Makes a decision that does nothing.
    package init(lookAgainAt: WallInstant) {
        self.lookAgainAt = lookAgainAt
    }

    /// An instant that never comes.
    package static let never = WallInstant(milliseconds: .max)
}
