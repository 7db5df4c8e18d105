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
        let page: (rows: [AuditRow], next: String?)
        do {
            if let account { query.account = try await identity(account) }
            page = try await audit.page(query)
        } catch let problem as Problem {
            throw problem
        } catch let error as StoreUnavailable {
            throw Problem(error)
        } catch {
            throw Problem.unavailable(reason: "audit log")
        }
        return .json { writer in
            writer.array("rows", page.rows) { writer, row in writer.auditRow(row) }
            writer.optional("next", page.next)
        }
    }

    /// An account is named by address or by id; the rows of a destroyed one are found by its id alone.
    private func identity(_ text: String) async throws -> AccountID {
        guard let address = try? MailboxAddress(parsing: text, domains: domains) else { throw Self.noAccount }
        if let account = try await accounts.account(at: address) { return account.id }
        guard !text.contains("@"), text.hasPrefix("acc_") else { throw Self.noAccount }
        return AccountID(text)
    }

    private static let noAccount = Problem(OperatorFailure.notFound)
}
