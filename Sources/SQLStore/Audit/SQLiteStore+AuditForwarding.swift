package import AuthDomain
package import AuthService

extension SQLiteStore: AuditForwardingStore {
    /// Takes or renews the lease of the one instance that forwards.
    package func forwardingTurn(
        holder: String, now: WallInstant, lease: Duration
    ) async throws(StoreUnavailable) -> [AuditPosition]? {
        let isHolder = try await read(.readAudit) {
            try $0.exists(ForwardingStatements.holds(holder, until: now + lease / 2))
        }
        // Renewed in its second half, so that most turns of an idle night write nothing.
        if !isHolder {
            let isTaken = try await write(.writeRegistry, changing: .nothing) { transaction in
                try transaction.execute(ForwardingStatements.take(holder, now: now, until: now + lease)) > 0
            }
            guard isTaken else { return nil }
        }
        return try await read(.readAudit) { connection in
            try connection.rows(ForwardingStatements.chainsWithMore) { row in
                AuditPosition(chain: row.text(), number: row.integer())
            }
        }
    }

    /// The next rows of a chain.
    package func rows(after position: AuditPosition, limit: Int) async throws(StoreUnavailable) -> [AuditRow] {
        let statement = AuditStatements.page(of: position.chain, after: position.number, limit: limit)
        return try await read(.readAudit) { connection in
            try connection.rows(statement) { try AuditRow(row: &$0) }
        }
    }

    /// Notes how far forwarding has come.
    package func noteForwarded(_ positions: [AuditPosition]) async throws(StoreUnavailable) {
        try await write(.writeRegistry, changing: .nothing) { transaction in
            for position in positions { try transaction.execute(ForwardingStatements.note(position)) }
        }
    }

    /// Rows that no note covers.
    package func waitingToForward() async throws(StoreUnavailable) -> Int {
        try await read(.readAudit) { try $0.first(ForwardingStatements.waiting) { Int($0.integer()) } ?? 0 }
    }
}

/// SQL about the record on its way to a collector.
private enum ForwardingStatements {
    static func holds(_ holder: String, until instant: WallInstant) -> SQLStatement {
        "SELECT 1 FROM audit_forwarder WHERE id = 1 AND holder = \(holder) AND lease_expires_at >= \(instant)"
    }

    /// Changes a row only if the lease is free, over, or the holder's own.
    static func take(_ holder: String, now: WallInstant, until instant: WallInstant) -> SQLStatement {
        """
        INSERT INTO audit_forwarder (id, holder, lease_expires_at) VALUES (1, \(holder), \(instant))
        ON CONFLICT (id) DO UPDATE
        SET holder = excluded.holder, lease_expires_at = excluded.lease_expires_at
        WHERE audit_forwarder.holder = excluded.holder OR audit_forwarder.lease_expires_at < \(now)
        """
    }

    /// Chains whose last row was neither forwarded nor purged.
    private static let unfinished: SQLStatement = """
        audit_chains c LEFT JOIN audit_forwarding f ON f.chain = c.chain
        LEFT JOIN audit_anchors a ON a.chain = c.chain
        WHERE c.head_number > COALESCE(f.number, 0) AND c.head_number > COALESCE(a.number, 0)
        """

    static let chainsWithMore: SQLStatement = """
        SELECT c.chain, COALESCE(f.number, 0) FROM \(unfinished) ORDER BY c.opened_at, c.chain
        """

    static let waiting: SQLStatement = """
        SELECT COALESCE(sum(c.head_number - COALESCE(f.number, 0)), 0) FROM \(unfinished)
        """

    static func note(_ position: AuditPosition) -> SQLStatement {
        """
        INSERT INTO audit_forwarding (chain, number) VALUES (\(position.chain), \(position.number))
        ON CONFLICT (chain) DO UPDATE SET number = excluded.number
        WHERE excluded.number > audit_forwarding.number
        """
    }
}
