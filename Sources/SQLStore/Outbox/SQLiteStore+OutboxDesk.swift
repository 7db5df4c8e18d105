internal import AuthDomain
package import AuthService

extension SQLiteStore: OutboxDesk {
    /// The events that a selection names, oldest first.
    package func entries(
        _ selection: OutboxSelection, limit: Int
    ) async throws(StoreUnavailable) -> [OutboxEntry] {
        let statement =
            switch selection.part {
            case .pending: OutboxDeskStatements.pending(selection, limit: limit)
            case .dead: OutboxDeskStatements.dead(selection, limit: limit)
            }
        return try await read(.outbox) { connection in
            try connection.rows(statement) { try OutboxEntry(row: &$0, part: selection.part) }
        }
    }

    /// Makes events due at once and takes their targets up again.
    package func retry(
        _ selection: OutboxSelection, event: AuditEvent
    ) async throws(StoreUnavailable) -> Int {
        try await write(.outbox) { transaction in
            if selection.part == .dead {
                try transaction.execute(OutboxDeskStatements.revive(selection))
                let revived = try transaction.execute(OutboxDeskStatements.deleteDead(selection))
                try transaction.execute(OutboxDeskStatements.hasten(selection))
                try transaction.execute(OutboxDeskStatements.takeUp(selection.target))
                transaction.hasEmitted = true
                try transaction.append(event)
                return revived
            }
            try transaction.execute(OutboxDeskStatements.hasten(selection))
            try transaction.execute(OutboxDeskStatements.takeUp(selection.target))
            transaction.hasEmitted = true
            try transaction.append(event)
            return try transaction.first(OutboxDeskStatements.count(selection)) { Int($0.integer()) } ?? 0
        }
    }

    /// Forgets events.
    package func drop(_ selection: OutboxSelection, event: AuditEvent) async throws(StoreUnavailable) -> Int {
        try await write(.outbox) { transaction in
            let deletion =
                switch selection.part {
                case .pending: OutboxDeskStatements.deletePending(selection)
                case .dead: OutboxDeskStatements.deleteDead(selection)
                }
            let count = try transaction.execute(deletion)
            try transaction.append(event)
            return count
        }
    }

    /// How much waits for each target that has anything, or is stopped.
    package func backlogs() async throws(StoreUnavailable) -> [OutboxBacklog] {
        try await read(.outbox) { connection in
            try connection.snapshot {
                var found: [String: OutboxBacklog] = [:]
                func change(_ target: String, _ body: (inout OutboxBacklog) -> Void) {
                    body(&found[target, default: OutboxBacklog(target: target)])
                }
                for (target, count, oldest) in try connection.rows(
                    OutboxDeskStatements.pendingCounts,
                    { (target: $0.text(), count: Int($0.integer()), oldest: $0.instant()) })
                {
                    change(target) {
                        $0.pending = count
                        $0.oldest = oldest
                    }
                }
                for (target, count) in try connection.rows(
                    OutboxDeskStatements.deadCounts, { (target: $0.text(), count: Int($0.integer())) })
                {
                    change(target) { $0.dead = count }
                }
                for (target, reason) in try connection.rows(
                    OutboxDeskStatements.stops, { (target: $0.text(), reason: $0.text()) })
                {
                    change(target) { $0.stopped = reason }
                }
                return found.values.sorted { $0.target < $1.target }
            }
        }
    }
}

extension OutboxEntry {
    /// Reads the columns of `OutboxDeskStatements.pending` and `dead`.
    fileprivate init(row: inout SQLRow, part: OutboxSelection.Part) throws {
        let message = OutboxMessage(
            target: row.text(), account: .init(row.text()), sequence: row.integer(),
            type: try row.member(of: AccountEventType.self), occurredAt: row.instant(), address: row.text(),
            data: row.text(), attempts: Int(row.integer()), stage: 0, lease: "")
        self.init(message: message, part: part, result: row.optionalText(), time: row.optionalInstant())
    }
}
