internal import AuthDomain
internal import AuthService

/// SQL about stages of life, exemptions, requests and reviews.
enum DeskStatements {
    // MARK: Stages of life and exemptions

    static func begin(_ stage: LifecycleWrite, of account: AccountID) -> SQLStatement {
        """
        UPDATE accounts SET lifecycle = \(stage.stage), lifecycle_ends_at = \(stage.endsAt),
            lifecycle_decided_on = \(stage.decidedOn.description), lifecycle_document = \(stage.document), look_at = 0
        WHERE id = \(account)
        """
    }

    static func insert(_ exemption: Exemption) -> SQLStatement {
        """
        INSERT INTO exemptions (id, account_id, reason, document, from_at, until_at, actor, recorded_at)
        VALUES (\(exemption.id), \(exemption.account), \(exemption.reason), \(exemption.document), \(exemption.from),
            \(exemption.until), \(exemption.actor), \(exemption.recordedAt))
        """
    }

    static func endExemption(_ id: String, of account: AccountID, now: WallInstant) -> SQLStatement {
        """
        UPDATE exemptions SET until_at = \(now), from_at = CASE WHEN from_at < \(now) THEN from_at ELSE \(now) END
        WHERE id = \(id) AND account_id = \(account) AND until_at > \(now)
        """
    }

    static func exemptions(of account: AccountID) -> SQLStatement {
        """
        SELECT id, account_id, reason, document, from_at, until_at, actor, recorded_at FROM exemptions
        WHERE account_id = \(account) ORDER BY from_at DESC, id LIMIT 100
        """
    }

    // MARK: Requests

    /// No row is written when a request of the account is open.
    static func insert(_ request: RestorationRequest) -> SQLStatement {
        """
        INSERT INTO restoration_requests (id, account_id, organisation, document, requested_by, channel, received_at,
            due_at, recorded_at, recorded_by)
        VALUES (\(request.id), \(request.account), \(request.organisation), \(request.document),
            \(request.requestedBy), \(request.channel), \(request.receivedAt), \(request.dueAt),
            \(request.recordedAt), \(request.recordedBy))
        ON CONFLICT (account_id) WHERE closed_at IS NULL DO NOTHING
        """
    }

    private static let columns: SQLStatement = """
        r.id, r.account_id, a.address, r.organisation, r.document, r.requested_by, r.channel, r.received_at, r.due_at,
        r.recorded_at, r.recorded_by, r.closed_at, r.closed_by, r.outcome, r.note, r.restoration_id
        """

    private static let withAddress: SQLStatement = """
        restoration_requests r LEFT JOIN addresses a ON a.account_id = r.account_id AND a.is_main = 1
        """

    static func request(_ id: String) -> SQLStatement {
        "SELECT \(columns) FROM \(withAddress) WHERE r.id = \(id)"
    }

    static func requests(
        _ filter: RequestFilter, now: WallInstant, after place: DeskCursor, limit: Int
    ) -> SQLStatement {
        let condition: SQLStatement =
            switch filter {
            case .open: "r.closed_at IS NULL"
            case .overdue: "r.closed_at IS NULL AND r.due_at <= \(now)"
            case .closed: "r.closed_at IS NOT NULL"
            }
        return """
            SELECT \(columns) FROM \(withAddress)
            WHERE \(condition) AND (r.due_at, r.id) > (\(place.due), \(place.id))
            ORDER BY r.due_at, r.id LIMIT \(limit)
            """
    }

    static func close(_ id: String, by closing: RestorationRequest.Closing) -> SQLStatement {
        """
        UPDATE restoration_requests SET closed_at = \(closing.at), closed_by = \(closing.actor),
            outcome = \(closing.outcome), note = \(closing.note), restoration_id = \(closing.restoration)
        WHERE id = \(id) AND closed_at IS NULL
        """
    }

    /// What a restoration does to the open request of its account, if there is one.
    static func execute(
        requestOf account: AccountID, by restoration: String, actor: String, now: WallInstant
    ) -> SQLStatement {
        """
        UPDATE restoration_requests SET closed_at = \(now), closed_by = \(actor),
            outcome = \(RestorationRequest.Outcome.executed), restoration_id = \(restoration)
        WHERE account_id = \(account) AND closed_at IS NULL
        """
    }

    // MARK: Reviews

    static func insert(_ review: RestorationReview) -> SQLStatement {
        """
        INSERT INTO restoration_reviews (restoration_id, account_id, reason, acted_by, acted_at, due_at)
        VALUES (\(review.restoration), \(review.account), \(review.reason), \(review.actedBy), \(review.actedAt),
            \(review.dueAt))
        """
    }

    private static let reviewColumns: SQLStatement = """
        v.restoration_id, v.account_id, a.address, v.reason, v.acted_by, v.acted_at, v.due_at, v.reviewed_at,
        v.reviewed_by, v.document, v.finding
        """

    private static let reviewWithAddress: SQLStatement = """
        restoration_reviews v LEFT JOIN addresses a ON a.account_id = v.account_id AND a.is_main = 1
        """

    static func review(_ restoration: String) -> SQLStatement {
        "SELECT \(reviewColumns) FROM \(reviewWithAddress) WHERE v.restoration_id = \(restoration)"
    }

    static func openReviews(after place: DeskCursor, limit: Int) -> SQLStatement {
        """
        SELECT \(reviewColumns) FROM \(reviewWithAddress)
        WHERE v.reviewed_at IS NULL AND (v.due_at, v.restoration_id) > (\(place.due), \(place.id))
        ORDER BY v.due_at, v.restoration_id LIMIT \(limit)
        """
    }

    static func finish(_ restoration: String, with finding: RestorationReview.Finding) -> SQLStatement {
        """
        UPDATE restoration_reviews SET reviewed_at = \(finding.at), reviewed_by = \(finding.actor),
            document = \(finding.document), finding = \(finding.text)
        WHERE restoration_id = \(restoration) AND reviewed_at IS NULL
        """
    }
}
