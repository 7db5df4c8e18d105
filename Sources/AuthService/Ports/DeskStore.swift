package import AuthDomain

/// Which requests to list.
package enum RequestFilter: String, CaseIterable, Sendable {
    case open, overdue, closed
}

/// One page of a list in the order of due times.
package struct DeskPage<Row: Sendable>: Sendable {
    /// The rows.
    package let rows: [Row]
    /// Where the next page begins; nil at the end.
    package let next: String?

    /// Makes a page.
    package init(rows: [Row], next: String?) {
        self.rows = rows
        self.next = next
    }
}

/// The desk's records: stages of life, exemptions, requests, reviews.
///
/// Each write is one transaction with its audit row.
package protocol DeskStore: Sendable {
    /// Begins a stage of life; `conflict` for a destroyed account.
    func begin(_ stage: LifecycleWrite, of account: AccountID, event: AuditEvent) async throws(OperatorRefusal)

    /// Records an exemption.
    func add(_ exemption: Exemption, event: AuditEvent) async throws(OperatorRefusal)

    /// Ends an exemption now; `notFound` when there is none that has not ended.
    func endExemption(
        _ id: String, of account: AccountID, now: WallInstant, event: AuditEvent
    ) async throws(OperatorRefusal)

    /// The exemptions of an account, newest first.
    func exemptions(of account: AccountID) async throws(StoreUnavailable) -> [Exemption]

    /// Records a request; `conflict` when one is open.
    func add(_ request: RestorationRequest, event: AuditEvent) async throws(OperatorRefusal)

    /// The request with an id.
    func request(_ id: String) async throws(StoreUnavailable) -> RestorationRequest?

    /// Requests in the order of their due times; a cursor that is not one's own begins anew.
    func requests(
        _ filter: RequestFilter, now: WallInstant, after cursor: String?, limit: Int
    ) async throws(StoreUnavailable) -> DeskPage<RestorationRequest>

    /// Closes an open request without a restoration; `conflict` when it is closed.
    ///
    /// A restoration closes the open request of its account by itself, in its own transaction.
    func reject(
        _ request: String, by closing: RestorationRequest.Closing, event: AuditEvent
    ) async throws(OperatorRefusal)

    /// Reviews that are owed, in the order of their due times.
    func openReviews(after cursor: String?, limit: Int) async throws(StoreUnavailable) -> DeskPage<RestorationReview>

    /// The review of a restoration.
    func review(_ restoration: String) async throws(StoreUnavailable) -> RestorationReview?

    /// Records what a review found; `conflict` when it was reviewed already.
    func finish(
        _ restoration: String, with finding: RestorationReview.Finding, event: AuditEvent
    ) async throws(OperatorRefusal)
}
