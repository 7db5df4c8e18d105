package import AuthDomain
package import AuthService

/// Attempt budgets shared by all instances through Redis (R-LOCK-6).
package struct RedisAttemptBudget: AttemptBudget {
    /// The Lua text of a reservation, for those who measure what Redis alone can do with it.
    package static var reservationScript: String { RedisScript.reserve.body }

    private let client: RedisClient
    private let ticketLifetime: Int64
    private let stateLifetime: Int64

    /// Makes the adapter.
    ///
    /// - Parameters:
    ///   - client: The connections.
    ///   - ticketLifetime: After it the place of a caller that died is free again; longer than any verification.
    ///   - stateLifetime: After it a cached count is forgotten; the database still knows it.
    package init(
        client: RedisClient, ticketLifetime: Duration = .seconds(10), stateLifetime: Duration = .seconds(86_400)
    ) {
        self.client = client
        self.ticketLifetime = max(1, ticketLifetime.wholeMilliseconds)
        self.stateLifetime = max(1, stateLifetime.wholeMilliseconds)
    }

    /// Takes a place; see the port.
    package func reserve(
        _ key: BudgetKey, ticket: String, durable: BudgetState, limit: Int
    ) async throws(CountersUnavailable) -> ReservationOutcome {
        var command = RedisCommand(.reserve)
        append(key, to: &command)
        command.append(TicketName.safe(ticket))
        command.append(durable.epoch)
        command.append(Int64(durable.failures))
        command.append(Int64(limit))
        command.append(ticketLifetime)
        command.append(max(stateLifetime, ticketLifetime))
        switch try await client.run(command) {
        case .integer(0): return .granted
        case .integer(1): return .busy
        case .integer(2): return .locked
        default: throw CountersUnavailable()
        }
    }

    /// Gives a place back; see the port.
    ///
    /// A failure that was judged stands here before it is answered. A place that is given back unused is not waited
    /// for: until it is back, others wait a moment longer, which is no harm.
    package func settle(_ key: BudgetKey, ticket: String, judged: BudgetState?) async {
        let command = settlement(key, TicketName.safe(ticket), judged)
        guard let judged, judged.failures > 0 else { return client.post(command) }
        // A settlement that is lost ends with the ticket, and the client reports why.
        _ = try? await client.run(command)
    }

    /// Raises the cached state; see the port.
    package func refresh(_ key: BudgetKey, state: BudgetState) async {
        client.post(settlement(key, "", state))
    }

    private func settlement(_ key: BudgetKey, _ ticket: String, _ judged: BudgetState?) -> RedisCommand {
        var command = RedisCommand(.settle)
        append(key, to: &command)
        command.append(ticket)
        command.append(stateLifetime)
        if let judged {
            command.append(judged.epoch)
            command.append(Int64(judged.failures))
        }
        return command
    }

    // The subject is the hash tag: all budgets of one account live on one shard.
    private func append(_ key: BudgetKey, to command: inout RedisCommand) {
        command.append(
            joining: client.keyPrefix, ":b:{", key.subject, "}:", key.kind.rawValue, ":", key.lane.text)
    }
}

/// Writes tickets so that they cannot break the packed value of a budget.
enum TicketName {
    /// The ticket itself when it is made of letters, digits, `-`, `_` and `.`; else `~` and its bytes in hex.
    static func safe(_ ticket: String) -> String {
        let isPlain = ticket.utf8.allSatisfy { byte in
            switch byte {
            case 48...57, 65...90, 97...122, 45, 46, 95: true
            default: false
            }
        }
        guard !isPlain || ticket.isEmpty else { return ticket }
        return "~" + Hex.encode(ticket.utf8)
    }
}
