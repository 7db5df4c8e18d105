package import AuthDomain

/// A message that an import leaves for the service to send.
package struct SMSOrder: Sendable {
    /// Its name.
    package let id: String
    /// Whose message it is.
    package let account: AccountID
    /// What it is for.
    package let purpose: SMSPurpose
    /// The change of number that a code belongs to; for a password the change that its new owner came with, if any.
    package let transaction: String
    /// The password, sealed for the order; nil for a message without one.
    package let sealedPassword: [UInt8]?
    /// Which of the account's passwords it is; the store knows once the order stands.
    package let passwordVersion: Int64?

    /// Makes an order.
    package init(
        id: String, account: AccountID, purpose: SMSPurpose, transaction: String, sealedPassword: [UInt8]? = nil,
        passwordVersion: Int64? = nil
    ) {
        self.id = id
        self.account = account
        self.purpose = purpose
        self.transaction = transaction
        self.sealedPassword = sealedPassword
        self.passwordVersion = passwordVersion
    }
}

/// An order that this process may carry out for a while.
package struct ClaimedSMSOrder: Sendable {
    /// The order.
    package let order: SMSOrder
    /// The name that its message has to bear; of an order that is over, that of its last message.
    package let reference: String
    /// What to do: send, send again, or end.
    package let step: SMSOrderStep

    /// Makes a claim.
    package init(order: SMSOrder, reference: String, step: SMSOrderStep) {
        self.order = order
        self.reference = reference
        self.step = step
    }
}

/// What became of a claimed order.
package enum SMSOrderVerdict: Hashable, Sendable {
    /// It is to be looked at again.
    case later(WallInstant)
    /// It ended; the reason is a gateway's.
    case ended(SMSOrderEnd, reason: String?)
}

/// An order as operators see it.
package struct SMSOrderStanding: Sendable {
    /// Its name.
    package let id: String
    /// The mailbox; nil once it is destroyed.
    package let address: String?
    /// The masked number that the account has, or that waits for its confirmation.
    package let maskedPhone: String?
    /// What it is for.
    package let purpose: SMSPurpose
    /// When it was ordered.
    package let orderedAt: WallInstant
    /// When it is looked at next; nil once it ended.
    package let dueAt: WallInstant?
    /// How it ended; nil while it waits.
    package let end: SMSOrderEnd?
    /// What the last gateway said.
    package let reason: String?

    /// Makes a standing.
    package init(
        id: String, address: String?, maskedPhone: String?, purpose: SMSPurpose, orderedAt: WallInstant,
        dueAt: WallInstant?, end: SMSOrderEnd?, reason: String?
    ) {
        self.id = id
        self.address = address
        self.maskedPhone = maskedPhone
        self.purpose = purpose
        self.orderedAt = orderedAt
        self.dueAt = dueAt
        self.end = end
        self.reason = reason
    }
}

/// Keeps messages that were ordered ahead; orders come in with the rows of imports, see `FormStore`.
package protocol SMSOrderBook: Sendable {
    /// Takes orders that are due for this process alone, oldest first; what `SMSOrderStep` says is to wait is put off to
    /// the lease's end and not among them.
    ///
    /// - Parameters:
    ///   - references: A fresh name for each message that may be made.
    ///   - lease: When another process may look at them again.
    ///   - now: The moment.
    func claim(
        references: [String], lease: WallInstant, now: WallInstant
    ) async throws(StoreUnavailable) -> [ClaimedSMSOrder]

    /// Notes what became of an order, unless another process took it over.
    ///
    /// With the end the password is wiped. A password of the first issue that was sent is a notice to its owner
    /// (R-FIRST-2), unless there was one.
    /// - Parameter event: Written when the order ends.
    func conclude(
        _ claimed: ClaimedSMSOrder, _ verdict: SMSOrderVerdict, now: WallInstant, event: AuditEvent?
    ) async throws(StoreUnavailable)

    /// Orders that wait, soonest first, and behind them those that somebody has to look after, latest first.
    func standingOrders(limit: Int) async throws(StoreUnavailable) -> [SMSOrderStanding]
}
