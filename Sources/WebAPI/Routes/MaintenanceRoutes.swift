import AuthDomain
import AuthService
import JSONText

/// Planned stops, for pages that tell people ahead (Đ10.1.d, R-SCOPE-5).
struct MaintenanceRoutes: Sendable {
    /// Notices in one answer; a city that has more ahead has other troubles.
    private static let limit = 20

    let store: any MaintenanceStore
    let clock: any WallClock

    var routes: [Route] {
        [Route(.get, "/v1/maintenance", .anyClient, action: show)]
    }

    /// The next first, each with its text in the caller's language where there is one.
    private func show(_ call: Call) async throws(Problem) -> Answer {
        let now = clock.now()
        let notices: [MaintenanceNotice]
        do {
            notices = try await store.maintenanceNotices(at: now, limit: Self.limit)
        } catch {
            throw Problem(error)
        }
        return .json { writer in
            writer.array("notices", notices) { writer, notice in
                writer.object { writer in
                    writer.field("id", notice.id)
                    writer.field("from", RFC3339.format(notice.from))
                    writer.field("to", RFC3339.format(notice.until))
                    writer.field(
                        "message", call.language == .english ? notice.messageEN ?? notice.messageVI : notice.messageVI)
                    writer.field("under_way", notice.from <= now)
                    writer.field("urgent", notice.isUrgent)
                    writer.field("announced_at", RFC3339.format(notice.announcedAt))
                }
            }
        }
    }
}
