package import AuthDomain

/// An imported file as the journal knows it: a row of it is carried out once.
package struct FormFileIdentity: Hashable, Sendable {
    /// The SHA-256 of the file.
    package let digest: [UInt8]
    /// Which form it was read as; nil for accounts of another system.
    package let form: FormKind?

    /// Makes an identity.
    package init(digest: [UInt8], form: FormKind?) {
        self.digest = digest
        self.form = form
    }
}

/// A row that was carried out.
package struct FormJournalEntry: Sendable {
    /// Where it stands.
    package let position: FormPosition
    /// The mailbox.
    package let address: MailboxAddress
    /// The number of the sealed file that holds its secrets, if it brought any.
    package let delivery: Int?

    /// Makes an entry.
    package init(position: FormPosition, address: MailboxAddress, delivery: Int?) {
        self.position = position
        self.address = address
        self.delivery = delivery
    }
}

/// What a row does to the database.
package enum FormAct: Sendable {
    /// A new account.
    case provision(NewAccount)
    /// Other data.
    case change(AccountID, AccountChange)
    /// A telephone number that becomes the account's once a code sent there came back (R-PHONE-5).
    case proposePhone(PendingPhone)
    /// A new representative: every credential of the old one ends (R-PHONE-6).
    case replaceRepresentative(AccountID, RepresentativeChange)
    /// The mailbox is recalled (Đ7.3.b, Đ7.4.d).
    case recall(AccountID, Recall)
}

/// A recall as a decision orders it (Đ7.4.d).
package struct Recall: Sendable {
    /// The day of the decision.
    package let decidedOn: CivilDate
    /// When the mailbox is no longer kept.
    package let endsAt: WallInstant
    /// The paper.
    package let document: String?

    /// Makes a recall.
    package init(decidedOn: CivilDate, endsAt: WallInstant, document: String?) {
        self.decidedOn = decidedOn
        self.endsAt = endsAt
        self.document = document
    }
}

/// What a new representative brings.
package struct RepresentativeChange: Sendable {
    /// The telephone, which waits for its confirmation; codes to the old one end at once.
    package let phone: PendingPhone
    /// The temporary password's record.
    package let record: String
    /// When it stops working.
    package let expiresAt: WallInstant
    /// The enrolment code; nil where a code sent to the new number proves its owner.
    package let code: EnrolmentCodeRecord?

    /// Makes a change.
    package init(phone: PendingPhone, record: String, expiresAt: WallInstant, code: EnrolmentCodeRecord?) {
        self.phone = phone
        self.record = record
        self.expiresAt = expiresAt
        self.code = code
    }
}

/// One row to be carried out.
package struct FormWrite: Sendable {
    /// What the journal will say.
    package let entry: FormJournalEntry
    /// What to do.
    package let act: FormAct
    /// Messages that the service is to send once the row stands.
    package let orders: [SMSOrder]
    /// The audit row.
    package let event: AuditEvent

    /// Makes a write.
    package init(entry: FormJournalEntry, act: FormAct, orders: [SMSOrder] = [], event: AuditEvent) {
        self.entry = entry
        self.act = act
        self.orders = orders
        self.event = event
    }
}

/// Keeps what was imported and carries out rows.
package protocol FormStore: Sendable {
    /// The rows of a file that were carried out.
    func journal(of file: FormFileIdentity) async throws(StoreUnavailable) -> [FormJournalEntry]

    /// Which of a few addresses lead to a mailbox.
    func taken(_ addresses: [MailboxAddress]) async throws(StoreUnavailable) -> Set<MailboxAddress>

    /// Carries out rows in one transaction with their audit rows and journal entries; a refused row leaves nothing
    /// behind and does not keep the others.
    ///
    /// - Returns: For each row nil, or why it was refused; a row that the journal has already counts as `conflict`.
    func carryOut(
        _ writes: [FormWrite], of file: FormFileIdentity, now: WallInstant
    ) async throws(StoreUnavailable) -> [OperatorRefusal?]
}

/// Makes records of random passwords that are too long to be searched for.
package protocol RandomPasswordRecorder: Sendable {
    /// A record that the password hasher verifies, made without the cost that weak passwords need.
    ///
    /// - Parameter password: Drawn by the service with at least 112 random bits; never one that a person chose.
    func record(ofRandom password: SecretBytes) -> String
}

/// Secrets of one account on their way to its owner.
package struct IssuedSecrets: Sendable {
    /// The row that asked for the account.
    package let position: FormPosition
    /// The mailbox.
    package let address: MailboxAddress
    /// The temporary password; nil when the owner keeps the one of before.
    package let password: String?
    /// The code that proves the owner until an authenticator is enrolled.
    package let enrolmentCode: String
}

/// Why secrets could not be put where nobody but the operator opens them.
package struct DeliveryFailure: Error {
    /// What failed; holds no secret.
    package let reason: String

    /// Makes a failure.
    package init(reason: String) {
        self.reason = reason
    }
}

/// Takes secrets out of the process, sealed (R-PW-8).
package protocol SecretDelivery: Sendable {
    /// Stores a numbered part durably in place of an earlier one of that number; none removes it.
    func store(_ secrets: [IssuedSecrets], part: Int) throws(DeliveryFailure)
}

/// What the import of forms reaches the world through.
package struct FormPorts: Sendable {
    let store: any FormStore
    let recorder: any RandomPasswordRecorder
    let box: any SecretBox
    let digest: any KeyedDigest
    let random: any RandomSource
    let clock: any WallClock

    /// Collects the ports.
    package init(
        store: any FormStore, recorder: any RandomPasswordRecorder, box: any SecretBox, digest: any KeyedDigest,
        random: any RandomSource, clock: any WallClock
    ) {
        self.store = store
        self.recorder = recorder
        self.box = box
        self.digest = digest
        self.random = random
        self.clock = clock
    }
}
