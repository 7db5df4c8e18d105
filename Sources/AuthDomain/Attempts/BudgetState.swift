/// What a wrong entry is counted on; each has its own budget (R-LOCK-5).
package enum BudgetKind: String, CaseIterable, Sendable {
    case password
    case oneTimeCode = "otp"
    case recoveryCode = "recovery"

    /// The cause of the lock that the last allowed failure brings.
    package var lockCause: LockCause {
        switch self {
        case .password: .badPassword5
        case .oneTimeCode, .recoveryCode: .badOTP5
        }
    }
}

/// Which clients share a count: all of them, or one that proved itself before (T-3, `lockout.lanes`).
package enum BudgetLane: Hashable, Sendable {
    /// Every client without a recognised device; the only lane when lanes are `single`.
    case shared
    /// One device that completed a sign-in before, by the identifier inside its token.
    case device(String)

    /// The lane's name as stored; empty for the shared lane.
    package var text: String {
        switch self {
        case .shared: ""
        case .device(let id): id
        }
    }
}

/// The durable half of a budget: failures since the last reset, and how often it was reset.
///
/// The newer of two states is the one of the later epoch and, within an epoch, of more failures.
package struct BudgetState: Hashable, Comparable, Sendable {
    /// Rises by one at every reset.
    package var epoch: Int64
    /// Judged failures since that reset.
    package var failures: Int

    /// Makes a state.
    package init(epoch: Int64, failures: Int) {
        self.epoch = epoch
        self.failures = failures
    }

    /// A budget never used.
    package static let fresh = BudgetState(epoch: 0, failures: 0)

    /// Orders by age: earlier epoch first, then fewer failures.
    package static func < (left: BudgetState, right: BudgetState) -> Bool {
        (left.epoch, left.failures) < (right.epoch, right.failures)
    }
}
