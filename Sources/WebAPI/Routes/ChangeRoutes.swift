import AuthDomain
import AuthService
import JSONText

/// Which accounts changed, for receivers of events that look for what they missed (R-HOOK-2).
struct ChangeRoutes: Sendable {
    private static let pageSize = 100
    private static let pageRange = 1...500

    let changes: any AccountChanges
    let pages: AccountPages

    var routes: [Route] {
        [Route(.get, "/v1/accounts", .reading, query: ["changed_since", "cursor", "limit"], action: list)]
    }

    private func list(_ call: Call) async throws(Problem) -> Answer {
        let start = try start(of: call)
        let limit = try call.query.number("limit", Self.pageRange) ?? Self.pageSize
        let found: [ChangedAccount]
        do throws(StoreUnavailable) {
            // One beyond the page only tells that there is a next one.
            found = try await changes.changes(from: start, limit: limit + 1)
        } catch {
            throw Problem(error)
        }
        let shown = found.prefix(limit)
        return .json { writer in
            writer.array("accounts", shown) { writer, change in
                writer.object { writer in
                    writer.field("sequence", Int(change.sequence))
                    writer.field("changed_at", RFC3339.format(change.changedAt))
                    writer.name("account")
                    pages.write(change.account, to: &writer, call.language)
                }
            }
            if found.count > limit { writer.optional("next", shown.last?.cursor.text) }
            writer.optional("resume", shown.last?.cursor.text ?? start.cursor?.text)
        }
    }

    private func start(of call: Call) throws(Problem) -> ChangeStart {
        let since = try call.query.instant("changed_since")
        guard let text = try call.query.text("cursor", limit: 200) else {
            return since.map { .instant($0) } ?? .beginning
        }
        guard let cursor = ChangeCursor(text: text) else {
            throw Problem(OperatorFailure.invalidRequest(field: "cursor", expected: "what an earlier page gave"))
        }
        return .after(cursor)
    }
}

extension ChangeStart {
    /// The place that reading began after, when it was one.
    fileprivate var cursor: ChangeCursor? {
        if case .after(let cursor) = self { cursor } else { nil }
    }
}
