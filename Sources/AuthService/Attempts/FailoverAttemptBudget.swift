package import AuthDomain

/// Budgets of the shared store and, while it cannot be reached, of this instance alone (`lockout.redis_down`).
///
/// Only for an instance that is alone: two of them would each hand out the places that are left. However many are
/// evaluated while the stores change over, the database judges no more than the limit.
package struct FailoverAttemptBudget: AttemptBudget {
    private let primary: any AttemptBudget
    private let twin: any AttemptBudget

    /// Makes the pair.
    package init(primary: any AttemptBudget, twin: any AttemptBudget) {
        self.primary = primary
        self.twin = twin
    }

    /// Takes a place where one can be taken; see the port.
    package func reserve(
        _ key: BudgetKey, ticket: String, durable: BudgetState, limit: Int
    ) async throws(CountersUnavailable) -> ReservationOutcome {
        do {
            return try await primary.reserve(key, ticket: ticket, durable: durable, limit: limit)
        } catch {
            return try await twin.reserve(key, ticket: ticket, durable: durable, limit: limit)
        }
    }

    /// Gives the place back in both, for it does not say which one it is in; see the port.
    package func settle(_ key: BudgetKey, ticket: String, judged: BudgetState?) async {
        await twin.settle(key, ticket: ticket, judged: judged)
        await primary.settle(key, ticket: ticket, judged: judged)
    }

    /// Raises the cached state in both; see the port.
    package func refresh(_ key: BudgetKey, state: BudgetState) async {
        await twin.refresh(key, state: state)
        await primary.refresh(key, state: state)
    }
}
