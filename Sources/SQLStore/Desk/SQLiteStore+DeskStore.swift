package import AuthDomain
package import AuthService

extension SQLiteStore: DeskStore {
    /// Begins a stage of life.
    package func begin(
        _ stage: LifecycleWrite, of account: AccountID, event: AuditEvent
    ) async throws(OperatorRefusal) {
        try await writeForOperator(.operatorWrite) { transaction in
            try Self.requireLiving(account, in: transaction)
            try transaction.execute(DeskStatements.begin(stage, of: account))
            try transaction.append(event)
            try transaction.emit(.accountChanged, of: account, at: event.time)
            // A recalled mailbox no longer sends, so what may send on its behalf has to end (Đ7.4.d).
            guard stage.stage == .recalled else { return }
            try transaction.emit(.sessionsRevoke(.lifecycle), of: account, at: event.time)
        }
    }

    /// Records an exemption.
    package func add(_ exemption: Exemption, event: AuditEvent) async throws(OperatorRefusal) {
        try await writeForOperator(.operatorWrite) { transaction in
            try Self.requireLiving(exemption.account, in: transaction)
            try transaction.execute(DeskStatements.insert(exemption))
            try transaction.append(event)
        }
    }

    /// Ends an exemption now; the account is looked at anew.
    package func endExemption(
        _ id: String, of account: AccountID, now: WallInstant, event: AuditEvent
    ) async throws(OperatorRefusal) {
        try await writeForOperator(.operatorWrite) { transaction in
            guard try transaction.execute(DeskStatements.endExemption(id, of: account, now: now)) > 0 else {
                throw OperatorRefusal.notFound
            }
            try transaction.execute(AccountStatements.set("look_at = 0", of: account))
            try transaction.append(event)
        }
    }

    /// The exemptions of an account, newest first.
    package func exemptions(of account: AccountID) async throws(StoreUnavailable) -> [Exemption] {
        try await read(.readDeadlines) { connection in
            try connection.rows(DeskStatements.exemptions(of: account)) { row in
                Exemption(
                    id: row.text(), account: AccountID(row.text()), reason: row.text(), document: row.text(),
                    from: row.instant(), until: row.instant(), actor: row.text(), recordedAt: row.instant())
            }
        }
    }

    /// Records a request.
    package func add(_ request: RestorationRequest, event: AuditEvent) async throws(OperatorRefusal) {
        try await writeForOperator(.operatorWrite) { transaction in
            try Self.requireLiving(request.account, in: transaction)
            guard try transaction.execute(DeskStatements.insert(request)) > 0 else { throw OperatorRefusal.conflict }
            try transaction.append(event)
        }
    }

    /// The request with an id.
    package func request(_ id: String) async throws(StoreUnavailable) -> RestorationRequest? {
        try await read(.readDeadlines) { connection in
            let found = try connection.first(DeskStatements.request(id)) { try RestorationRequest(row: &$0) }
            return try found.map { try $0.withCauses(from: connection) }
        }
    }

    /// Requests in the order of their due times.
    package func requests(
        _ filter: RequestFilter, now: WallInstant, after cursor: String?, limit: Int
    ) async throws(StoreUnavailable) -> DeskPage<RestorationRequest> {
        try await read(.readDeadlines) { connection in
            let statement = DeskStatements.requests(filter, now: now, after: DeskCursor(cursor), limit: limit + 1)
            let rows = try connection.rows(statement) { try RestorationRequest(row: &$0) }
            let shown = try rows.prefix(limit).map { try $0.withCauses(from: connection) }
            let next = rows.count > limit ? shown.last.map { DeskCursor(due: $0.dueAt, id: $0.id).text } : nil
            return DeskPage(rows: shown, next: next)
        }
    }

    /// Closes an open request without a restoration.
    package func reject(
        _ request: String, by closing: RestorationRequest.Closing, event: AuditEvent
    ) async throws(OperatorRefusal) {
        try await writeForOperator(.operatorWrite) { transaction in
            guard try transaction.execute(DeskStatements.close(request, by: closing)) > 0 else {
                throw OperatorRefusal.conflict
            }
            try transaction.append(event)
        }
    }

    /// Reviews that are owed, in the order of their due times.
    package func openReviews(
        after cursor: String?, limit: Int
    ) async throws(StoreUnavailable) -> DeskPage<RestorationReview> {
        try await read(.readDeadlines) { connection in
            let statement = DeskStatements.openReviews(after: DeskCursor(cursor), limit: limit + 1)
            let rows = try connection.rows(statement) { RestorationReview(row: &$0) }
            let shown = Array(rows.prefix(limit))
            let next = rows.count > limit ? shown.last.map { DeskCursor(due: $0.dueAt, id: $0.restoration).text } : nil
            return DeskPage(rows: shown, next: next)
        }
    }

    /// The review of a restoration.
    package func review(_ restoration: String) async throws(StoreUnavailable) -> RestorationReview? {
        try await read(.readDeadlines) { connection in
            try connection.first(DeskStatements.review(restoration)) { RestorationReview(row: &$0) }
        }
    }

    /// Records what a review found.
    package func finish(
        _ restoration: String, with finding: RestorationReview.Finding, event: AuditEvent
    ) async throws(OperatorRefusal) {
        try await writeForOperator(.operatorWrite) { transaction in
            guard try transaction.execute(DeskStatements.finish(restoration, with: finding)) > 0 else {
                throw OperatorRefusal.conflict
            }
            try transaction.append(event)
        }
    }
}
