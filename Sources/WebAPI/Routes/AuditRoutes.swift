import AuthDomain
import AuthService

/// Pages of the audit log (R-LOG-2).
struct AuditRoutes: Sendable {
    private static let pageSize = 100
    private static let pageRange = 1...500

    let audit: any AuditLog
    let accounts: any AccountReader
    let domains: [String]

    var routes: [Route] {
        [
            Route(
                .get, "/v1/audit", .reading, query: ["account", "since", "until", "cursor", "limit"], action: page)
        ]
    }

    private func page(_ call: Call) async throws(Problem) -> Answer {
        let account = try call.query.text("account", limit: 320)
        var query = AuditQuery(
            account: nil, since: try call.query.instant("since"), until: try call.query.instant("until"),
            cursor: try call.query.text("cursor", limit: 200),
            limit: try call.query.number("limit", Self.pageRange) ?? Self.pageSize)
        if let account { query.account = try await identity(account) }
        let wanted = query
        let page = try await reading { () async throws(StoreUnavailable) in try await audit.page(wanted) }
        return .json { writer in
            writer.array("rows", page.rows) { writer, row in writer.auditRow(row) }
            writer.optional("next", page.next)
        }
    }

    /// An account is named by address or by id; the rows of a destroyed one are found by its id alone.
    private func identity(_ text: String) async throws(Problem) -> AccountID {
        guard let address = try? MailboxAddress(parsing: text, domains: domains) else {
            throw Problem(OperatorFailure.notFound)
        }
        let account = try await reading { () async throws(StoreUnavailable) in
            try await accounts.account(at: address)
        }
        if let account { return account.id }
        guard !text.contains("@"), text.hasPrefix("acc_") else { throw Problem(OperatorFailure.notFound) }
        return AccountID(text)
    }

    private func reading<Value>(_ body: () async throws(StoreUnavailable) -> Value) async throws(Problem) -> Value {
        do {
            return try await body()
        } catch {
            throw Problem(error)
        }
    }
}
