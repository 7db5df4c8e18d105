internal import AuthDomain
internal import AuthService

extension Transaction {
    /// Notes a change of an account and writes the event for everyone who wants it, as part of this transaction.
    ///
    /// Every event raises the account's sequence number, whether or not anyone is told of it: receivers ignore what
    /// is older than what they have, and reconciliation finds what they missed (R-HOOK-2).
    ///
    /// - Parameters:
    ///   - event: What happened.
    ///   - account: The account, which must still have its addresses.
    ///   - now: When it happened.
    mutating func emit(_ event: AccountEvent, of account: AccountID, at now: WallInstant) throws {
        let number = try first(ChangeStatements.nextNumber) { $0.integer() } ?? 0
        let numbering = ChangeStatements.note(number, on: account, now: now)
        guard let sequence = try first(numbering, { $0.integer() }) else { return }
        let receivers = subscriptions.filter { $0.events.contains(event.type) }
        guard !receivers.isEmpty else { return }
        let address = try first(ChangeStatements.mainAddress(of: account)) { $0.text() } ?? ""
        let data = EventData.text(event, account: account, address: address, sequence: sequence)
        for receiver in receivers {
            try execute(
                OutboxStatements.insert(
                    event.type, data: data, account: account, address: address, sequence: sequence,
                    target: receiver.target, now: now))
            try execute(OutboxStatements.openLine(of: account, target: receiver.target))
        }
        hasEmitted = true
    }
}
