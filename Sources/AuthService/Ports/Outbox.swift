package import AuthDomain

/// One event on its way to one target.
package struct OutboxMessage: Sendable {
    /// The name of the target.
    package let target: String
    /// The account it is about.
    package let account: AccountID
    /// Its number among the events of the account; consecutive.
    package let sequence: Int64
    /// What kind of news it is.
    package let type: AccountEventType
    /// When it happened.
    package let occurredAt: WallInstant
    /// The account's main address then.
    package let address: String
    /// The `data` of the event, a JSON object; the same bytes at every attempt.
    package let data: String
    /// Attempts that failed.
    package let attempts: Int
    /// How many parts of the delivery are done, for targets that work in parts.
    package let stage: Int
    /// The claim that it was taken with; empty when it is only looked at.
    package let lease: String

    /// Makes a message.
    package init(
        target: String, account: AccountID, sequence: Int64, type: AccountEventType, occurredAt: WallInstant,
        address: String, data: String, attempts: Int, stage: Int, lease: String
    ) {
        self.target = target
        self.account = account
        self.sequence = sequence
        self.type = type
        self.occurredAt = occurredAt
        self.address = address
        self.data = data
        self.attempts = attempts
        self.stage = stage
        self.lease = lease
    }

    /// The identifier that every attempt and every target sees, the same for ever (R-HOOK-1).
    package var id: String { "msg_\(account)_\(sequence)" }
}

/// What became of an attempt to deliver a message.
package struct OutboxSettlement: Sendable {
    /// What follows for the message.
    package enum Fate: Hashable, Sendable {
        /// It arrived and leaves the outbox.
        case delivered
        /// A part is done; the next is due at an instant.
        case partly(stage: Int, next: WallInstant)
        /// It failed and is due again at an instant.
        case failed(result: String, next: WallInstant)
        /// It failed for the last time and waits for an operator; the account's next event gets its turn.
        case dead(result: String)
        /// It was not tried.
        case released
    }

    /// The message.
    package let message: OutboxMessage
    /// What follows.
    package let fate: Fate

    /// Makes a settlement.
    package init(_ message: OutboxMessage, _ fate: Fate) {
        self.message = message
        self.fate = fate
    }
}

/// A wish for messages of one target.
package struct OutboxClaim: Sendable {
    /// The target.
    package let target: String
    /// How many at most, each of another account.
    package let limit: Int
    /// A name never used before.
    package let lease: String
    /// Until when nobody else is given them.
    package let until: WallInstant

    /// Makes a claim.
    package init(target: String, limit: Int, lease: String, until: WallInstant) {
        self.target = target
        self.limit = limit
        self.lease = lease
        self.until = until
    }
}

/// Keeps events until their targets have them: at least once, in order for each account and target (R-HOOK-2).
package protocol Outbox: Sendable {
    /// Writes what became of attempts, then takes the first message of accounts that are due, in one transaction.
    ///
    /// Of one account and target at most one message is out at a time over all instances. A claim that is not
    /// settled ends at its time, so that another instance goes on where one died.
    func exchange(
        _ settlements: [OutboxSettlement], claim: OutboxClaim?, now: WallInstant
    ) async throws(StoreUnavailable) -> [OutboxMessage]

    /// When the next message of a target is due; nil when none waits or the target is stopped.
    func nextDue(_ target: String) async throws(StoreUnavailable) -> WallInstant?

    /// Stops a target: nothing is given out for it until an operator takes it up again (410 Gone).
    func stop(_ target: String, reason: String, now: WallInstant) async throws(StoreUnavailable)
}

/// How much waits for one target.
package struct OutboxBacklog: Hashable, Sendable {
    /// The target.
    package let target: String
    /// Events that wait.
    package var pending = 0
    /// When the oldest of them happened.
    package var oldest: WallInstant?
    /// Events given up.
    package var dead = 0
    /// Why nothing is delivered; nil while the target works.
    package var stopped: String?

    /// Makes an empty backlog.
    package init(target: String) {
        self.target = target
    }
}

/// Which events an operator means.
package struct OutboxSelection: Sendable {
    /// Events that wait, or events given up.
    package enum Part: String, CaseIterable, Sendable {
        case pending, dead
    }

    /// Which part of the outbox.
    package var part: Part
    /// Only those of a target.
    package var target: String?
    /// Only the one with an identifier.
    package var id: String?

    /// Makes a selection.
    package init(part: Part, target: String? = nil, id: String? = nil) {
        self.part = part
        self.target = target
        self.id = id
    }
}

/// One event as an operator sees it.
package struct OutboxEntry: Sendable {
    /// The event.
    package let message: OutboxMessage
    /// Which part of the outbox it is in.
    package let part: OutboxSelection.Part
    /// How the last attempt ended.
    package let result: String?
    /// When it is due again, or when it was given up; nil when it is due at once or waits behind another.
    package let time: WallInstant?

    /// Makes an entry.
    package init(message: OutboxMessage, part: OutboxSelection.Part, result: String?, time: WallInstant?) {
        self.message = message
        self.part = part
        self.result = result
        self.time = time
    }
}

/// What operators do with the outbox.
package protocol OutboxDesk: Sendable {
    /// The events that a selection names, oldest first, at most `limit`.
    func entries(_ selection: OutboxSelection, limit: Int) async throws(StoreUnavailable) -> [OutboxEntry]

    /// Makes events due at once, given-up ones too, and takes up their targets again.
    ///
    /// - Returns: How many events are meant.
    func retry(_ selection: OutboxSelection, event: AuditEvent) async throws(StoreUnavailable) -> Int

    /// Forgets events.
    ///
    /// - Returns: How many.
    func drop(_ selection: OutboxSelection, event: AuditEvent) async throws(StoreUnavailable) -> Int

    /// How much waits for each target that has anything, or is stopped.
    func backlogs() async throws(StoreUnavailable) -> [OutboxBacklog]
}

/// Whether an account's restoration is still on its way to a receiver (R-REST-6).
package protocol RestorationTracker: Sendable {
    /// True while any target has not confirmed the restoration.
    func isRestorationPending(_ account: AccountID) async throws(StoreUnavailable) -> Bool
}
