import AuthDomain
import AuthService

// The desk and the clocks have tests of their own over a real database; here nothing is ever due and no desk is kept.

extension MemoryStore: DeadlineStore {
    func settle(
        _ account: AccountID, now: WallInstant, judge: @escaping DeadlineJudge
    ) async throws(StoreUnavailable) -> SettledAccount? { nil }

    func settleDue(
        _ turn: SweepTurn, now: WallInstant, judge: @escaping DeadlineJudge
    ) async throws(StoreUnavailable) -> SweepBatch { .settled([]) }

    func deadlineSubject(
        _ account: AccountID, now: WallInstant
    ) async throws(StoreUnavailable) -> DeadlineSubject? { nil }

    func adopt(rules fingerprint: String, batch: Int) async throws(StoreUnavailable) -> Bool { true }

    func noteFeed(silence: Duration, now: WallInstant) async throws(StoreUnavailable) -> FeedHealth? { nil }

    func holidays() async throws(StoreUnavailable) -> [Holiday] { [] }

    func replaceHolidays(with holidays: [Holiday], event: AuditEvent) async throws(StoreUnavailable) {}

    func deadlineCounts(now: WallInstant) async throws(StoreUnavailable) -> DeadlineCounts {
        DeadlineCounts(overdueRestorations: 0, overdueReviews: 0, longLocks: 0, unannounced: 0)
    }
}

extension MemoryStore: DeskStore {
    func begin(_ stage: LifecycleWrite, of account: AccountID, event: AuditEvent) async throws(OperatorRefusal) {
        try writing(event) { state -> Result<Void, OperatorRefusal> in
            state.update(account) { $0.lifecycle = stage.stage }
            return .success(())
        }
    }

    func add(_ exemption: Exemption, event: AuditEvent) async throws(OperatorRefusal) {
        try writing(event) { _ -> Result<Void, OperatorRefusal> in .success(()) }
    }

    func endExemption(
        _ id: String, of account: AccountID, now: WallInstant, event: AuditEvent
    ) async throws(OperatorRefusal) { throw .notFound }

    func exemptions(of account: AccountID) async throws(StoreUnavailable) -> [Exemption] { [] }

    func add(_ request: RestorationRequest, event: AuditEvent) async throws(OperatorRefusal) {
        try writing(event) { _ -> Result<Void, OperatorRefusal> in .success(()) }
    }

    func request(_ id: String) async throws(StoreUnavailable) -> RestorationRequest? { nil }

    func requests(
        _ filter: RequestFilter, now: WallInstant, after cursor: String?, limit: Int
    ) async throws(StoreUnavailable) -> DeskPage<RestorationRequest> { DeskPage(rows: [], next: nil) }

    func reject(
        _ request: String, by closing: RestorationRequest.Closing, event: AuditEvent
    ) async throws(OperatorRefusal) { throw .conflict }

    func openReviews(
        after cursor: String?, limit: Int
    ) async throws(StoreUnavailable) -> DeskPage<RestorationReview> { DeskPage(rows: [], next: nil) }

    func review(_ restoration: String) async throws(StoreUnavailable) -> RestorationReview? { nil }

    func finish(
        _ restoration: String, with finding: RestorationReview.Finding, event: AuditEvent
    ) async throws(OperatorRefusal) { throw .conflict }
}

extension MemoryStore: CallMemory {
    func begin(
        client: String, key: String, digest: [UInt8], row: String, now: WallInstant
    ) async throws(StoreUnavailable) -> CallBeginning { .new(row: row) }

    func finish(row: String, sealed: [UInt8]) async throws(StoreUnavailable) {}

    func forget(row: String) async throws(StoreUnavailable) {}
}

extension MemoryStore: MaintenanceStore {
    func maintenanceNotices(
        at now: WallInstant, limit: Int
    ) async throws(StoreUnavailable) -> [MaintenanceNotice] {
        [
            MaintenanceNotice(
                stored: "mnt_1", from: now + .seconds(4 * 86_400), until: now + .seconds(4 * 86_400 + 7_200),
                messageVI: "Bảo trì máy chủ", messageEN: "Server maintenance", isUrgent: false, announcedAt: now,
                announcedBy: "An")
        ]
    }

    func announce(_ notice: MaintenanceNotice, event: AuditEvent) async throws(StoreUnavailable) {}

    func cancelMaintenance(_ id: String, now: WallInstant, event: AuditEvent) async throws(StoreUnavailable) -> Bool {
        false
    }
}
