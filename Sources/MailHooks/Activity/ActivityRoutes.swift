import AuthService
import HTTPServer

/// The routes by which mail systems tell what happened; nobody waits for them, and they answer at once.
struct ActivityRoutes: Sendable {
    let record: RecordActivity

    var routes: [HookRoute] {
        [
            HookRoute("POST", "/v1/activity", key: HookKeys.authorization) { call in
                guard MediaType.isJSON(call.request) else { return .wrongMediaType(expected: MediaType.json) }
                do throws(ActivityBatch.Refusal) {
                    let reports = try ActivityBatch.reports(call.request.body)
                    return .response(Self.accepted(record(reports, from: .batch), of: reports.count))
                } catch {
                    return .invalid(field: error.field, expected: error.expected)
                }
            },
            HookRoute("POST", "/v1/mail/dovecot/events", key: HookKeys.authorization) { call in
                guard MediaType.isJSON(call.request) else { return .wrongMediaType(expected: MediaType.json) }
                do throws(DovecotEvent.Malformed) {
                    let report = try DovecotEvent.report(call.request.body)
                    record(report.map { [$0] } ?? [], from: .dovecot)
                    return .response(HTTPResponse(status: 204))
                } catch {
                    return .invalid(field: "body", expected: "an event of Dovecot's exporter in JSON")
                }
            },
        ]
    }

    /// The longest body of a route, in bytes; nil for the limit of all routes.
    static func bodyLimit(_ path: String) -> Int? {
        path == "/v1/activity" ? ActivityBatch.byteLimit : nil
    }

    private static func accepted(_ taken: Int, of all: Int) -> HTTPResponse {
        HTTPResponse(
            status: 202, headers: [("Content-Type", "application/json")],
            body: Array("{\"accepted\":\(taken),\"ignored\":\(all - taken)}".utf8))
    }
}
