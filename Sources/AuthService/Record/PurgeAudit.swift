package import AuthDomain

/// What a purge did.
package struct AuditPurge: Sendable {
    /// Rows removed.
    package internal(set) var rows: Int64 = 0
    /// Rows that could not go, because something before or in them was changed: for `otpd audit verify` to explain.
    package internal(set) var unpurgeable: Set<UnpurgeableRow> = []
    /// Rows before which a legal hold has the purge of their chains stop (T-14).
    package internal(set) var held: Set<UnpurgeableRow> = []
}

/// Ends the record's rows after their retention (Đ9.2, R-LOG-1), in steps between which sign-ins have their turn.
package struct PurgeAudit: Sendable {
    /// Rows that one transaction removes: a few milliseconds of the writer.
    private static let rowsPerStep = 500

    private let store: any AuditRetentionStore
    private let log: any AuditLog
    private let clock: any WallClock
    private let retention: AuditRetention

    /// Makes the use case.
    package init(
        store: any AuditRetentionStore, log: any AuditLog, clock: any WallClock, retention: AuditRetention
    ) {
        self.store = store
        self.log = log
        self.clock = clock
        self.retention = retention
    }

    /// Removes what may go and puts that on record; safe to run at the same time in several instances.
    ///
    /// - Parameters:
    ///   - provenance: Who asked for it.
    ///   - progress: Told how many rows are gone so far.
    package func callAsFunction(
        provenance: Provenance, progress: @Sendable (Int64) -> Void = { _ in }
    ) async throws(StoreUnavailable) -> AuditPurge {
        let start = clock.now()
        let cutoff = retention.cutoff(at: start)
        var purge = AuditPurge()
        while true {
            let slice = try await store.purgeSlice(before: cutoff, limit: Self.rowsPerStep, now: clock.now())
            purge.rows += Int64(slice.rows)
            purge.unpurgeable.formUnion(slice.unpurgeable)
            purge.held.formUnion(slice.held)
            progress(purge.rows)
            if slice.isLast || Task.isCancelled { break }
        }
        if purge.rows > 0 {
            try await log.append(
                AuditEvent(
                    time: clock.now(), code: .auditPurged, result: .success, clause: "Điều 9.2",
                    detail: "\(purge.rows) rows from before \(RFC3339.format(cutoff))", provenance: provenance))
        }
        return purge
    }
}
