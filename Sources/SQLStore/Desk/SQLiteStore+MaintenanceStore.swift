package import AuthDomain
package import AuthService

extension SQLiteStore: MaintenanceStore {
    /// The stops that are ahead or under way, by an index of their own.
    package func maintenanceNotices(
        at now: WallInstant, limit: Int
    ) async throws(StoreUnavailable) -> [MaintenanceNotice] {
        try await read(.readRegistry) { connection in
            try connection.rows(MaintenanceStatements.standing(at: now, limit: limit)) { row in
                MaintenanceNotice(
                    stored: row.text(), from: row.instant(), until: row.instant(), messageVI: row.text(),
                    messageEN: row.optionalText(), isUrgent: row.flag(), announcedAt: row.instant(),
                    announcedBy: row.text())
            }
        }
    }

    /// Announces a stop.
    package func announce(_ notice: MaintenanceNotice, event: AuditEvent) async throws(StoreUnavailable) {
        try await write(.writeRegistry) { transaction in
            try transaction.execute(MaintenanceStatements.insert(notice))
            try transaction.append(event)
        }
    }

    /// Calls a stop off.
    package func cancelMaintenance(
        _ id: String, now: WallInstant, event: AuditEvent
    ) async throws(StoreUnavailable) -> Bool {
        try await write(.writeRegistry) { transaction in
            guard try transaction.execute(MaintenanceStatements.cancel(id, now: now)) > 0 else { return false }
            try transaction.append(event)
            return true
        }
    }
}

/// SQL about announced stops.
enum MaintenanceStatements {
    static func standing(at now: WallInstant, limit: Int) -> SQLStatement {
        """
        SELECT id, from_at, until_at, message_vi, message_en, urgent, announced_at, announced_by
        FROM maintenance_notices WHERE cancelled_at IS NULL AND until_at > \(now)
        ORDER BY from_at, id LIMIT \(limit)
        """
    }

    static func insert(_ notice: MaintenanceNotice) -> SQLStatement {
        """
        INSERT INTO maintenance_notices
            (id, from_at, until_at, message_vi, message_en, urgent, announced_at, announced_by)
        VALUES (\(notice.id), \(notice.from), \(notice.until), \(notice.messageVI), \(notice.messageEN),
            \(notice.isUrgent), \(notice.announcedAt), \(notice.announcedBy))
        """
    }

    /// No row is changed for one that has ended or was called off.
    static func cancel(_ id: String, now: WallInstant) -> SQLStatement {
        """
        UPDATE maintenance_notices SET cancelled_at = \(now)
        WHERE id = \(id) AND cancelled_at IS NULL AND until_at > \(now)
        """
    }
}
