package import AuthDomain

/// One message that asks to be written down and sent.
package struct SMSAdmission: Sendable {
    /// Our name for the message: the row's key, and what gateways and carriers repeat.
    package let reference: String
    /// The order that the message carries out; it is made only while the order waits for this very message.
    package let order: String?
    /// The issue that a newly drawn code would belong to; a code that is sent again keeps its own.
    package let issue: String
    /// The sign-in, check or phone change that the message belongs to.
    package let transaction: String
    /// Whose message it is.
    package let account: AccountID
    /// What it is for.
    package let purpose: SMSPurpose
    /// Where it goes.
    package let phone: PhoneFingerprint
    /// What the text takes when the phone serves this mailbox alone.
    package let alone: SMSPrice
    /// What the text takes when it must name the mailbox (R-OTP-7).
    package let shared: SMSPrice
    /// The address or network of the person's machine, as budgets count it.
    package let clientNetwork: String?
    /// The limits.
    package let budget: SMSBudget
    /// When prefixes are paused; nil for messages without a code, which nobody can send back.
    package let conversion: PrefixConversionRule?
    /// Life and pace of codes.
    package let rules: SMSCodeRules
    /// The moment that everything is judged for.
    package let now: WallInstant
    /// Written when the message is admitted; its detail is the masked number.
    package let event: AuditEvent

    /// Makes a request.
    package init(
        reference: String, order: String? = nil, issue: String, transaction: String, account: AccountID,
        purpose: SMSPurpose,
        phone: PhoneFingerprint, alone: SMSPrice, shared: SMSPrice, clientNetwork: String?, budget: SMSBudget,
        conversion: PrefixConversionRule?, rules: SMSCodeRules, now: WallInstant, event: AuditEvent
    ) {
        self.reference = reference
        self.order = order
        self.issue = issue
        self.transaction = transaction
        self.account = account
        self.purpose = purpose
        self.phone = phone
        self.alone = alone
        self.shared = shared
        self.clientNetwork = clientNetwork
        self.budget = budget
        self.conversion = conversion
        self.rules = rules
        self.now = now
        self.event = event
    }
}

/// What a number leaves in rows: enough to count it and to show whose it is, not enough to call it (R-PDP-3).
package struct PhoneFingerprint: Hashable, Sendable {
    /// The blind index as it stands in the account's row.
    package let index: [UInt8]
    /// The blind indexes of the number under every ring key, the writing key first.
    package let candidates: [[UInt8]]
    /// The masked number.
    package let masked: String
    /// What prefixes are counted under.
    package let prefix: PhonePrefix

    /// Makes a fingerprint.
    package init(index: [UInt8], candidates: [[UInt8]], masked: String, prefix: PhonePrefix) {
        self.index = index
        self.candidates = candidates
        self.masked = masked
        self.prefix = prefix
    }
}

/// The parts of a text and what they cost at most, in đồng.
package struct SMSPrice: Hashable, Sendable {
    /// Parts.
    package let parts: Int
    /// Đồng for all of them.
    package let cost: Int64

    /// Makes a price.
    package init(parts: Int, cost: Int64) {
        self.parts = parts
        self.cost = cost
    }
}

/// A message that may leave; its row is written.
package struct SMSAdmitted: Hashable, Sendable {
    /// The issue of its code: a new one, or the live one that is sent again.
    package let issue: String
    /// When the code stops being accepted.
    package let expiresAt: WallInstant
    /// Whether the phone serves several mailboxes, so that the text names this one.
    package let servesSeveral: Bool
    /// Scopes that are used up while budgets are only observed.
    package let observed: [SMSBudgetScope]
    /// Why the prefix would be paused while that is only observed.
    package let observedCollapse: PrefixCollapse?
    /// Whether this message carries the day's money over the alarm.
    package let raisesMoneyAlarm: Bool

    /// Makes an admission.
    package init(
        issue: String, expiresAt: WallInstant, servesSeveral: Bool, observed: [SMSBudgetScope] = [],
        observedCollapse: PrefixCollapse? = nil, raisesMoneyAlarm: Bool = false
    ) {
        self.issue = issue
        self.expiresAt = expiresAt
        self.servesSeveral = servesSeveral
        self.observed = observed
        self.observedCollapse = observedCollapse
        self.raisesMoneyAlarm = raisesMoneyAlarm
    }
}

/// What the ledger says to a message.
package enum SMSAdmissionVerdict: Hashable, Sendable {
    /// Its row stands; it may be handed to a gateway.
    case admitted(SMSAdmitted)
    /// The message before it left too short a while ago; nothing was written.
    case tooSoon(retryAfter: Duration)
    /// A budget is used up; nothing was written.
    case overBudget(SMSBudgetScope, retryAfter: Duration)
    /// Codes to the prefix do not come back; nothing but the pause was noted.
    case paused(PrefixCollapse, retryAfter: Duration)
    /// The account is gone, locked, or has another number by now.
    case outdated
}

/// How the sending of a message ended, for its row.
package struct SMSConclusion: Sendable {
    /// Which message.
    package let reference: String
    /// The gateway asked last; nil when none could be.
    package let gateway: String?
    /// What it answered.
    package let outcome: GatewayOutcome
    /// What a part costs there, in đồng; nil keeps the estimate.
    package let costPerPart: Int64?

    /// Makes a conclusion.
    package init(reference: String, gateway: String?, outcome: GatewayOutcome, costPerPart: Int64?) {
        self.reference = reference
        self.gateway = gateway
        self.outcome = outcome
        self.costPerPart = costPerPart
    }
}

/// Which message a carrier's report is about; the caller has checked that the report is the gateway's own.
package enum SMSReportSubject: Hashable, Sendable {
    /// Our reference.
    case reference(String)
    /// The gateway's own id, as its answer named it.
    case providerID(String)
}

/// What became of a report.
package enum SMSReportVerdict: Hashable, Sendable {
    /// It was applied, or changes nothing.
    case applied(SMSSendTransition)
    /// No message of that gateway is known under the subject.
    case unknown
}

/// What a pass over unfinished messages found.
package struct SMSRecovery: Hashable, Sendable {
    /// Messages whose instance died before any gateway was asked: they surely never left.
    package var neverLeft = 0
    /// Messages whose instance died while a gateway was being asked: they may have left.
    package var unknown = 0
    /// Messages whose time ended without a word from the carrier.
    package var expired = 0

    /// Nothing found.
    package init() {}
}

/// The durable record of every message and the one judge of gaps, budgets and paused prefixes (R-SMSOTP-1).
///
/// Everything is counted from rows in the transaction that writes the next one: no flush of a cache gives a fresh
/// quota, and of two instances at most one passes where one may.
package protocol SMSLedger: Sendable {
    /// Judges a message and, when it may leave, writes its row in the same transaction.
    func admit(_ admission: SMSAdmission) async throws(StoreUnavailable) -> SMSAdmissionVerdict

    /// Notes that a gateway is about to be asked; false when the message must not leave.
    func begin(_ reference: String, gateway: String, now: WallInstant) async throws(StoreUnavailable) -> Bool

    /// Notes what the gateways answered; a message that surely never left gives its budget back.
    func conclude(_ conclusion: SMSConclusion, now: WallInstant) async throws(StoreUnavailable)

    /// Applies a carrier's report; a message that the carrier gave up is put on record for operators (T-20).
    func report(
        _ report: DeliveryReport, of subject: SMSReportSubject, gateway: String, now: WallInstant, event: AuditEvent
    ) async throws(StoreUnavailable) -> SMSReportVerdict

    /// Settles some messages that nobody works on any more: those that began before `stuckSince`, and those whose
    /// reports can no longer be expected. Called again while it finds as many as the limit.
    func recover(
        stuckSince: WallInstant, now: WallInstant, limit: Int
    ) async throws(StoreUnavailable) -> SMSRecovery

    /// Learns from the days that are over what is usual for each prefix; cheap when there is nothing to learn.
    func learn(now: WallInstant) async throws(StoreUnavailable)
}
