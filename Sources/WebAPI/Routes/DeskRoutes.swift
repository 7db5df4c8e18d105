import AuthDomain
import AuthService
import JSONText

/// The restoration desk: organisations' requests, break-glass and its reviews (Đ8.3).
struct DeskRoutes: Sendable {
    private static let pageSize = 50
    private static let pageRange = 1...200

    let desk: RestorationDesk
    let breakGlass: BreakGlass
    let pages: AccountPages
    let clock: any WallClock

    var routes: [Route] {
        [
            Route(.post, "/v1/accounts/{address}/restoration-requests", .operating, action: record),
            Route(
                .get, "/v1/restoration-requests", .reading, query: ["state", "cursor", "limit"], action: list),
            Route(.post, "/v1/restoration-requests/{id}/execution", .operating, action: execute),
            Route(.post, "/v1/restoration-requests/{id}/rejection", .operating, action: reject),
            Route(.post, "/v1/accounts/{address}/break-glass", .operating, action: act),
            Route(.get, "/v1/restoration-reviews", .reading, query: ["cursor", "limit"], action: owed),
            Route(.post, "/v1/restoration-reviews/{id}", .operating, action: review),
        ]
    }

    // MARK: Requests

    private func record(_ call: Call) async throws(Problem) -> Answer {
        var fields = try call.body()
        let petition = RestorationPetition(
            organisation: try fields.string("organisation"), document: try fields.string("document"),
            requestedBy: try fields.string("requested_by"), channel: try fields.optionalString("channel"),
            receivedAt: try fields.optionalInstant("received_at"))
        try fields.finish()
        let request = try await operating { () async throws(OperatorFailure) in
            try await desk.record(
                call.parameter("address"), petition, provenance: call.provenance(entry: "api"))
        }
        return .json(201) { writer in
            writer.name("request")
            write(request, to: &writer)
        }
    }

    private func list(_ call: Call) async throws(Problem) -> Answer {
        let word = try call.query.text("state", limit: 20) ?? RequestFilter.open.rawValue
        guard let filter = RequestFilter(rawValue: word) else {
            throw Problem.invalid("state", .oneOf(RequestFilter.allCases.map(\.rawValue)))
        }
        let cursor = try call.query.text("cursor", limit: 200)
        let limit = try call.query.number("limit", Self.pageRange) ?? Self.pageSize
        let page = try await operating { () async throws(OperatorFailure) in
            try await desk.list(filter, after: cursor, limit: limit)
        }
        return .json { writer in
            writer.array("requests", page.rows) { writer, request in write(request, to: &writer) }
            writer.optional("next", page.next)
        }
    }

    private func execute(_ call: Call) async throws(Problem) -> Answer {
        var fields = try call.body()
        let remediation = try fields.optionalString("remediation", limit: 1_000)
        let decision = try fields.optionalString("decision", limit: 200)
        try fields.finish()
        let done = try await operating { () async throws(OperatorFailure) in
            try await desk.execute(
                call.parameter("id"), remediation: remediation, decision: decision,
                provenance: call.provenance(entry: "api"))
        }
        return .json { writer in
            writer.name("request")
            write(done.request, to: &writer)
            pages.write(done.restored, to: &writer, call.language)
        }
    }

    private func reject(_ call: Call) async throws(Problem) -> Answer {
        var fields = try call.body()
        let note = try fields.string("note")
        try fields.finish()
        let request = try await operating { () async throws(OperatorFailure) in
            try await desk.reject(call.parameter("id"), note: note, provenance: call.provenance(entry: "api"))
        }
        return .json { writer in
            writer.name("request")
            write(request, to: &writer)
        }
    }

    // MARK: Break-glass

    private func act(_ call: Call) async throws(Problem) -> Answer {
        var fields = try call.body()
        let reason = try fields.string("reason")
        let remediation = try fields.optionalString("remediation", limit: 1_000)
        try fields.finish()
        let restored = try await operating { () async throws(OperatorFailure) in
            try await breakGlass.act(
                call.parameter("address"), reason: reason, remediation: remediation,
                provenance: call.provenance(entry: "api"))
        }
        return .json { pages.write(restored, to: &$0, call.language) }
    }

    private func owed(_ call: Call) async throws(Problem) -> Answer {
        let cursor = try call.query.text("cursor", limit: 200)
        let limit = try call.query.number("limit", Self.pageRange) ?? Self.pageSize
        let page = try await operating { () async throws(OperatorFailure) in
            try await breakGlass.owed(after: cursor, limit: limit)
        }
        return .json { writer in
            writer.array("reviews", page.rows) { writer, review in write(review, to: &writer) }
            writer.optional("next", page.next)
        }
    }

    private func review(_ call: Call) async throws(Problem) -> Answer {
        var fields = try call.body()
        let document = try fields.string("document")
        let finding = try fields.string("finding")
        try fields.finish()
        let review = try await operating { () async throws(OperatorFailure) in
            try await breakGlass.review(
                call.parameter("id"), document: document, finding: finding, provenance: call.provenance(entry: "api"))
        }
        return .json { writer in
            writer.name("review")
            write(review, to: &writer)
        }
    }

    // MARK: Pages

    private func write(_ request: RestorationRequest, to writer: inout JSONWriter) {
        let isOverdue = request.closing == nil && request.dueAt <= clock.now()
        writer.object { writer in
            writer.field("id", request.id)
            writer.field("account", request.account.text)
            writer.field("address", request.address)
            writer.field("state", request.closing?.outcome.rawValue ?? (isOverdue ? "overdue" : "open"))
            writer.field("organisation", request.organisation)
            writer.field("document", request.document)
            writer.field("requested_by", request.requestedBy)
            writer.field("channel", request.channel)
            writer.field("received_at", RFC3339.format(request.receivedAt))
            writer.field("due_at", RFC3339.format(request.dueAt))
            writer.field("recorded_at", RFC3339.format(request.recordedAt))
            writer.field("recorded_by", request.recordedBy)
            writer.strings("causes", request.causes.map(\.rawValue))
            writer.strings("needs", Self.needs(request))
            writer.nullable("closed_at", request.closing.map { RFC3339.format($0.at) })
            writer.nullable("closed_by", request.closing?.actor)
            writer.nullable("note", request.closing?.note)
            writer.nullable("restoration", request.closing?.restoration)
        }
    }

    /// What the execution has to bring beside the request (R-REST-3).
    private static func needs(_ request: RestorationRequest) -> [String] {
        var needs: [String] = []
        if request.causes.contains(where: \.requiresRemediation) { needs.append("remediation") }
        if request.causes.contains(where: \.requiresDecision) { needs.append("decision") }
        return needs
    }

    private func write(_ review: RestorationReview, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("id", review.restoration)
            writer.field("account", review.account.text)
            writer.field("address", review.address)
            writer.field("reason", review.reason)
            writer.field("acted_by", review.actedBy)
            writer.field("acted_at", RFC3339.format(review.actedAt))
            writer.field("due_at", RFC3339.format(review.dueAt))
            writer.nullable("reviewed_at", review.finding.map { RFC3339.format($0.at) })
            writer.nullable("reviewed_by", review.finding?.actor)
            writer.nullable("document", review.finding?.document)
            writer.nullable("finding", review.finding?.text)
        }
    }
}
