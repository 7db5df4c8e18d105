import AuthDomain
import AuthService
import JSONText

/// Stages of life and exemptions (Đ7.4, Đ8.2.a).
struct LifecycleRoutes: Sendable {
    /// The stages that an operator orders; the others come by themselves.
    private enum Stage: String, CaseIterable {
        case active, transferred, recalled
    }

    /// Whom a recalled mailbox belongs to (Đ7.4.d).
    private enum Rank: String, CaseIterable {
        case staff, head
    }

    let lifecycle: KeepLifecycle
    let exemptions: KeepExemptions
    let pages: AccountPages

    var routes: [Route] {
        [
            Route(.post, "/v1/accounts/{address}/lifecycle", .operating, action: change),
            Route(.post, "/v1/accounts/{address}/exemptions", .operating, action: record),
            Route(.get, "/v1/accounts/{address}/exemptions", .reading, action: list),
            Route(.delete, "/v1/accounts/{address}/exemptions/{id}", .operating, action: end),
        ]
    }

    private func change(_ call: Call) async throws(Problem) -> Answer {
        var fields = try call.body()
        let stage: Stage = try fields.word("lifecycle")
        let decidedOn = try fields.date("decided_on")
        let document = try fields.string("document")
        let rank: Rank? = try fields.optionalWord("rank")
        try fields.finish()
        let order = LifecycleOrder(
            stage: Lifecycle(rawValue: stage.rawValue) ?? .active, decidedOn: decidedOn, document: document,
            isHead: rank == .head)
        let changed = try await operating { () async throws(OperatorFailure) in
            try await lifecycle(call.parameter("address"), order, provenance: call.provenance(entry: "api"))
        }
        return .json { writer in
            writer.name("account")
            pages.write(changed.account, to: &writer, call.language)
            guard changed.wasOver else { return }
            writer.array("warnings", [Self.wasOver(call.language)]) { writer, text in
                writer.object { writer in
                    writer.field("message", text)
                    writer.field("clause", stage == .recalled ? "Điều 7.4.d" : "Điều 7.4.c")
                }
            }
        }
    }

    private static func wasOver(_ language: Language) -> String {
        switch language {
        case .vietnamese:
            "Thời hạn tính từ ngày quyết định đã hết khi yêu cầu được ghi nhận; hộp thư ngừng sử dụng ngay."
        case .english: "The period since the decision was over when it was recorded; the mailbox is out of use at once."
        }
    }

    private func record(_ call: Call) async throws(Problem) -> Answer {
        var fields = try call.body()
        let reason = try fields.string("reason")
        let document = try fields.string("document")
        let from = try fields.instant("from")
        let until = try fields.instant("until")
        try fields.finish()
        let exemption = try await operating { () async throws(OperatorFailure) in
            try await exemptions.record(
                call.parameter("address"), reason: reason, document: document, from: from, until: until,
                provenance: call.provenance(entry: "api"))
        }
        return .json(201) { writer in
            writer.name("exemption")
            Self.write(exemption, to: &writer)
        }
    }

    private func list(_ call: Call) async throws(Problem) -> Answer {
        let found = try await operating { () async throws(OperatorFailure) in
            try await exemptions.list(call.parameter("address"))
        }
        return .json { writer in
            writer.array("exemptions", found) { writer, exemption in Self.write(exemption, to: &writer) }
        }
    }

    private func end(_ call: Call) async throws(Problem) -> Answer {
        try await operating { () async throws(OperatorFailure) in
            try await exemptions.end(
                call.parameter("address"), call.parameter("id"), provenance: call.provenance(entry: "api"))
        }
        return .noContent
    }

    private static func write(_ exemption: Exemption, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("id", exemption.id)
            writer.field("reason", exemption.reason)
            writer.field("document", exemption.document)
            writer.field("from", RFC3339.format(exemption.from))
            writer.field("until", RFC3339.format(exemption.until))
            writer.field("actor", exemption.actor)
            writer.field("recorded_at", RFC3339.format(exemption.recordedAt))
        }
    }
}
