package import AuthDomain

/// Keeps the planned stops that were announced (R-SCOPE-5).
package protocol MaintenanceStore: Sendable {
    /// Those that are ahead or under way and not called off, the next first; `limit` at most.
    func maintenanceNotices(at now: WallInstant, limit: Int) async throws(StoreUnavailable) -> [MaintenanceNotice]

    /// Announces one, with its row of the record.
    func announce(_ notice: MaintenanceNotice, event: AuditEvent) async throws(StoreUnavailable)

    /// Calls one off that has not ended, with its row of the record; false when there is none.
    func cancelMaintenance(_ id: String, now: WallInstant, event: AuditEvent) async throws(StoreUnavailable) -> Bool
}
