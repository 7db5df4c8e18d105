internal import AuthDomain
internal import AuthService

/// SQL about single messages and the numbers they go to.
enum MessageStatements {
    // MARK: Writing a message

    static func insert(
        _ admission: SMSAdmission, issue: String, expiresAt: WallInstant, lane: PrefixLane?, price: SMSPrice
    ) -> SQLStatement {
        """
        INSERT INTO sms_sends (reference, issue, transaction_id, account_id, purpose, phone_digest, phone_masked,
            prefix, lane, client_network, parts, cost, state, created_at, updated_at, expires_at)
        VALUES (\(admission.reference), \(issue), \(admission.transaction), \(admission.account),
            \(admission.purpose), \(admission.phone.index), \(admission.phone.masked),
            \(admission.phone.prefix.text), \(lane?.rawValue ?? "none"), \(admission.clientNetwork),
            \(price.parts), \(price.cost), \(SMSSendState.created), \(admission.now), \(admission.now),
            \(expiresAt))
        """
    }

    /// The latest message of a transaction that left or is about to.
    static func latest(of transaction: String, purpose: SMSPurpose) -> SQLStatement {
        """
        SELECT issue, expires_at, created_at, verified_at FROM sms_sends
        WHERE transaction_id = \(transaction) AND purpose = \(purpose) AND state <> \(SMSSendState.refused)
        ORDER BY created_at DESC, reference DESC LIMIT 1
        """
    }

    /// The number is the account's, or waits to be; nothing stands against it.
    static func mayBeSent(to phone: PhoneFingerprint, of account: AccountID) -> SQLStatement {
        """
        SELECT 1 FROM accounts c
        WHERE c.id = \(account) AND c.lifecycle <> \(Lifecycle.destroyed)
            AND (c.phone_digest = \(phone.index) OR c.pending_phone_digest = \(phone.index))
            AND \(BudgetStatements.isUnlocked(account))
        """
    }

    static func isShared(_ phone: PhoneFingerprint, besides account: AccountID) -> SQLStatement {
        """
        SELECT 1 FROM accounts WHERE phone_digest IN (\(list: blobs(phone))) AND id <> \(account)
            AND lifecycle <> \(Lifecycle.destroyed) LIMIT 1
        """
    }

    /// A code once came back from the number.
    static func isProven(_ phone: PhoneFingerprint) -> SQLStatement {
        """
        SELECT 1 FROM sms_sends WHERE phone_digest IN (\(list: blobs(phone))) AND verified_at IS NOT NULL LIMIT 1
        """
    }

    static func blobs(_ phone: PhoneFingerprint) -> [SQLValue] { phone.candidates.map(SQLValue.blob) }

    // MARK: Moving a message

    static func message(_ reference: String) -> SQLStatement {
        "\(columns) WHERE reference = \(reference)"
    }

    static func message(_ subject: SMSReportSubject, gateway: String) -> SQLStatement {
        switch subject {
        case .reference(let reference): "\(columns) WHERE reference = \(reference) AND gateway = \(gateway)"
        case .providerID(let id):
            "\(columns) WHERE provider_id = \(id) AND gateway = \(gateway) ORDER BY created_at DESC LIMIT 1"
        }
    }

    /// Messages whose instance is gone, by the time they were last touched.
    static func leaving(before instant: WallInstant, limit: Int) -> SQLStatement {
        """
        \(columns) WHERE state IN ('created', 'sending') AND updated_at < \(instant)
        ORDER BY updated_at LIMIT \(limit)
        """
    }

    /// Messages whose life ended before an instant without a last word.
    static func open(expiredBefore instant: WallInstant, limit: Int) -> SQLStatement {
        """
        \(columns) WHERE state IN ('unknown', 'queued', 'accepted') AND expires_at < \(instant)
        ORDER BY expires_at LIMIT \(limit)
        """
    }

    static func begin(_ reference: String, gateway: String, now: WallInstant) -> SQLStatement {
        """
        UPDATE sms_sends SET state = \(SMSSendState.sending), gateway = \(gateway), updated_at = \(now)
        WHERE reference = \(reference) AND state IN ('created', 'sending')
        """
    }

    /// Moves a row that is still where it was read.
    static func move(_ row: MessageRow, to state: SMSSendState, now: WallInstant) -> SQLStatement {
        """
        UPDATE sms_sends SET state = \(state), updated_at = \(now)
        WHERE reference = \(row.reference) AND state = \(row.state)
        """
    }

    static func note(_ conclusion: SMSConclusion, cost: Int64) -> SQLStatement {
        let (providerID, reason) = conclusion.outcome.notes
        return """
            UPDATE sms_sends SET gateway = coalesce(\(conclusion.gateway), gateway), provider_id = \(providerID),
                reason = \(reason), cost = \(cost)
            WHERE reference = \(conclusion.reference)
            """
    }

    private static let columns: SQLStatement = """
        SELECT reference, account_id, phone_masked, prefix, client_network, parts, cost, state, created_at FROM sms_sends
        """

    // MARK: Codes that came back

    /// Accepts a code once, in every message that carried it, while the number is still the account's.
    static func accept(
        issue: String, of account: AccountID, now: WallInstant, when condition: SQLStatement
    ) -> SQLStatement {
        """
        UPDATE sms_sends SET verified_at = \(now)
        WHERE issue = \(issue) AND account_id = \(account) AND verified_at IS NULL AND expires_at > \(now)
            AND EXISTS (SELECT 1 FROM accounts f WHERE f.id = \(account) AND f.phone_digest = sms_sends.phone_digest)
            AND \(condition)
        """
    }

    /// The same for a number that waits for its confirmation.
    static func accept(confirming confirmation: PhoneConfirmation, when condition: SQLStatement) -> SQLStatement {
        let change = confirmation.change
        return """
            UPDATE sms_sends SET verified_at = \(confirmation.now)
            WHERE issue = \(confirmation.issue) AND account_id = \(change.account) AND transaction_id = \(change.id)
                AND verified_at IS NULL AND expires_at > \(confirmation.now) AND \(condition)
            """
    }

    // MARK: Keeping

    /// Forgets messages that are older than any record has to be (R-LOG-1).
    static func purge(before instant: WallInstant, limit: Int) -> SQLStatement {
        """
        DELETE FROM sms_sends WHERE reference IN
            (SELECT reference FROM sms_sends WHERE created_at < \(instant) AND \(PruningStatements.isFree("account_id"))
            ORDER BY created_at LIMIT \(limit))
        """
    }
}

/// What moving a message needs of its row.
struct MessageRow {
    let reference: String
    let account: AccountID
    let masked: String
    let prefix: String
    let clientNetwork: String?
    let parts: Int64
    let cost: Int64
    let state: SMSSendState
    let createdAt: WallInstant

    /// Reads the columns of `MessageStatements.columns`.
    init(_ row: inout SQLRow) throws {
        reference = row.text()
        account = AccountID(row.text())
        masked = row.text()
        prefix = row.text()
        clientNetwork = row.optionalText()
        parts = row.integer()
        cost = row.integer()
        state = try row.member(of: SMSSendState.self)
        createdAt = row.instant()
    }
}

extension GatewayOutcome {
    /// What the row keeps of an answer beside its state.
    fileprivate var notes: (providerID: String?, reason: String?) {
        switch self {
        case .accepted(let id), .queued(let id): (id.map { String($0.prefix(128)) }, nil)
        case .refused(_, let reason), .ambiguous(let reason): (nil, String(reason.prefix(Self.reasonLimit)))
        }
    }
}
