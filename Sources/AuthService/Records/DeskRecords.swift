package import AuthDomain

/// A stage of life as an operator orders it, on a decision of the organisation (Đ7.4).
package struct LifecycleWrite: Sendable {
    /// The stage that begins.
    package let stage: Lifecycle
    /// When it ends; nil for an active mailbox.
    package let endsAt: WallInstant?
    /// The day of the decision, from which the period runs.
    package let decidedOn: CivilDate
    /// The number and date of the decision.
    package let document: String

    /// Makes a stage.
    package init(stage: Lifecycle, endsAt: WallInstant?, decidedOn: CivilDate, document: String) {
        self.stage = stage
        self.endsAt = endsAt
        self.decidedOn = decidedOn
        self.document = document
    }
}

/// A reason for which a mailbox is not called inactive for a time (R-LOCK-14).
package struct Exemption: Hashable, Sendable {
    /// Its identifier.
    package let id: String
    /// The account.
    package let account: AccountID
    /// The reason: maternity, secondment, study, illness.
    package let reason: String
    /// The number and date of the paper.
    package let document: String
    /// When it begins.
    package let from: WallInstant
    /// When it ends; never open-ended.
    package let until: WallInstant
    /// Who recorded it.
    package let actor: String
    /// When it was recorded.
    package let recordedAt: WallInstant

    /// Makes an exemption.
    package init(
        id: String, account: AccountID, reason: String, document: String, from: WallInstant, until: WallInstant,
        actor: String, recordedAt: WallInstant
    ) {
        self.id = id
        self.account = account
        self.reason = reason
        self.document = document
        self.from = from
        self.until = until
        self.actor = actor
        self.recordedAt = recordedAt
    }
}

/// An organisation's request to restore a mailbox (Đ8.3.a; R-REST-1, R-REST-8).
package struct RestorationRequest: Hashable, Sendable {
    /// How a request was closed.
    package enum Outcome: String, CaseIterable, Sendable {
        case executed, rejected
    }

    /// What closed a request.
    package struct Closing: Hashable, Sendable {
        /// How.
        package let outcome: Outcome
        /// When.
        package let at: WallInstant
        /// Who did it.
        package let actor: String
        /// Why it was rejected.
        package let note: String?
        /// The restoration that executed it.
        package let restoration: String?

        /// Makes a closing.
        package init(outcome: Outcome, at: WallInstant, actor: String, note: String?, restoration: String?) {
            self.outcome = outcome
            self.at = at
            self.actor = actor
            self.note = note
            self.restoration = restoration
        }
    }

    /// Its identifier.
    package let id: String
    /// The account.
    package let account: AccountID
    /// The account's main address now; empty when it is destroyed.
    package var address: String
    /// The organisation that asks.
    package let organisation: String
    /// The number and date of its paper.
    package let document: String
    /// Who asks in its name.
    package let requestedBy: String
    /// The official channel by which it came.
    package let channel: String
    /// When it came.
    package let receivedAt: WallInstant
    /// When it must have been executed (Đ8.3.b).
    package let dueAt: WallInstant
    /// When it was recorded.
    package let recordedAt: WallInstant
    /// Who recorded it.
    package let recordedBy: String
    /// What closed it; nil while it is open.
    package var closing: Closing?
    /// The causes that stand now.
    package var causes: [LockCause] = []

    /// Makes an open request.
    package init(
        id: String, account: AccountID, address: String, organisation: String, document: String, requestedBy: String,
        channel: String, receivedAt: WallInstant, dueAt: WallInstant, recordedAt: WallInstant, recordedBy: String
    ) {
        self.id = id
        self.account = account
        self.address = address
        self.organisation = organisation
        self.document = document
        self.requestedBy = requestedBy
        self.channel = channel
        self.receivedAt = receivedAt
        self.dueAt = dueAt
        self.recordedAt = recordedAt
        self.recordedBy = recordedBy
    }
}

/// A restoration without a request, of a mailbox that the requests come through; reviewed afterwards (R-REST-7).
package struct RestorationReview: Sendable {
    /// What a review found.
    package struct Finding: Hashable, Sendable {
        /// When.
        package let at: WallInstant
        /// Who reviewed.
        package let actor: String
        /// The number and date of the paper.
        package let document: String
        /// What was found.
        package let text: String

        /// Makes a finding.
        package init(at: WallInstant, actor: String, document: String, text: String) {
            self.at = at
            self.actor = actor
            self.document = document
            self.text = text
        }
    }

    /// The restoration.
    package let restoration: String
    /// The account.
    package let account: AccountID
    /// The account's main address now; empty when it is destroyed.
    package var address = ""
    /// Why it could not wait.
    package let reason: String
    /// Who restored.
    package let actedBy: String
    /// When.
    package let actedAt: WallInstant
    /// When it must have been reviewed.
    package let dueAt: WallInstant
    /// What was found; nil until it was reviewed.
    package var finding: Finding?

    /// Makes a review that is owed.
    package init(
        restoration: String, account: AccountID, reason: String, actedBy: String, actedAt: WallInstant,
        dueAt: WallInstant
    ) {
        self.restoration = restoration
        self.account = account
        self.reason = reason
        self.actedBy = actedBy
        self.actedAt = actedAt
        self.dueAt = dueAt
    }
}
