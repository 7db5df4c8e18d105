import AuthDomain
import AuthService
import JSONText

/// Reports for organisations and for the yearly review (R-SCOPE-6, T-10).
struct ReportRoutes: Sendable {
    private static let pageSize = 200
    private static let pageRange = 1...500

    /// The forms that a report is answered in.
    private enum Format: String {
        case json, csv, markdown
    }

    let accounts: ReportAccounts
    let compliance: ReportCompliance

    var routes: [Route] {
        AccountReportKind.allCases.map { kind in
            Route(
                .get, "/v1/reports/\(kind.rawValue)", .reading, query: ["organisation", "format", "cursor", "limit"]
            ) { call async throws(Problem) in try await page(kind, call) }
        } + [Route(.get, "/v1/reports/compliance", .reading, query: ["format"], action: summary)]
    }

    private func page(_ kind: AccountReportKind, _ call: Call) async throws(Problem) -> Answer {
        let format = try format(call, among: [.json, .csv])
        let query = ReportQuery(
            organisation: try call.query.text("organisation", limit: 200),
            after: try call.query.text("cursor", limit: 100).map { AccountID($0) },
            limit: try call.query.number("limit", Self.pageRange) ?? Self.pageSize)
        let page = try await reading { () async throws(StoreUnavailable) in try await accounts.page(kind, query) }
        guard format == .csv else {
            return .json { writer in
                writer.array("rows", page.rows) { writer, row in ReportJSON.write(row, to: &writer) }
                writer.optional("next", page.next?.text)
            }
        }
        // The head stands on the first page alone, so that pages joined make one table.
        let head = query.after == nil ? ReportTable.byteOrderMark + ReportTable.head : []
        var answer = Answer(
            status: 200, contentType: "text/csv; charset=utf-8",
            body: page.rows.reduce(into: head) { $0 += ReportTable.line($1) })
        if let next = page.next { answer.headers.append(("X-Next-Cursor", next.text)) }
        return answer
    }

    private func summary(_ call: Call) async throws(Problem) -> Answer {
        let format = try format(call, among: [.json, .markdown])
        let report = try await reading { () async throws(StoreUnavailable) in try await compliance() }
        guard format == .markdown else {
            var writer = JSONWriter(capacity: 8_192)
            ReportJSON.write(report, to: &writer)
            return Answer(status: 200, contentType: "application/json", body: writer.bytes)
        }
        return Answer(
            status: 200, contentType: "text/markdown; charset=utf-8", body: Array(ComplianceMarkdown.text(report).utf8))
    }

    private func format(_ call: Call, among formats: [Format]) throws(Problem) -> Format {
        guard let text = try call.query.text("format", limit: 20) else { return .json }
        guard let format = Format(rawValue: text), formats.contains(format) else {
            throw Problem.invalid("format", .oneOf(formats.map(\.rawValue)))
        }
        return format
    }

    private func reading<Value>(_ body: () async throws(StoreUnavailable) -> Value) async throws(Problem) -> Value {
        do {
            return try await body()
        } catch {
            throw Problem(error)
        }
    }
}
