import AuthDomain

/// Sends a short message with each warning of a deadline that is near (R-FIRST-10: the mailbox itself cannot be read
/// yet; R-LOCK-15).
///
/// The warning is on record, and told to other systems, before its message is sent. A reminder is taken off the queue
/// before it leaves, so that it goes out at most once however many instances send; one that surely did not leave, for
/// a budget or a gateway, is put back and goes out later, unless its deadline no longer runs by then.
package struct RemindOwners: Sendable {
    private let ports: ServicePorts
    private let policy: ServicePolicy
    private let queue: any ReminderQueue

    /// Makes the use case.
    package init(ports: ServicePorts, policy: ServicePolicy, queue: any ReminderQueue) {
        self.ports = ports
        self.policy = policy
        self.queue = queue
    }

    private enum Outcome {
        case sent
        /// Nobody is to be written to: no phone, no deadline any more.
        case pointless
        /// Nothing left now; this one is to be tried again.
        case refused
    }

    /// Sends what waits, some of it.
    ///
    /// - Returns: How many messages were handed to a gateway.
    package func callAsFunction() async throws(StoreUnavailable) -> Int {
        guard let sms = ports.sms else { return 0 }
        var (sent, refusals) = (0, 0)
        for reminder in try await queue.waitingReminders(limit: Self.round) {
            guard try await queue.take(reminder, now: ports.clock.now()) else { continue }
            do {
                switch try await remind(reminder, sms) {
                case .sent: (sent, refusals) = (sent + 1, 0)
                case .pointless: break
                case .refused:
                    try await queue.putBack(reminder)
                    refusals += 1
                }
            } catch {
                try await queue.putBack(reminder)
                throw error
            }
            // A budget that is used up or a gateway that is down refuses the rest as well.
            guard refusals < Self.patience else { break }
        }
        return sent
    }

    /// Reminders of one call, and refusals in a row after which it ends.
    private static let (round, patience) = (500, 10)

    private func remind(_ reminder: WaitingReminder, _ sms: SMSPorts) async throws(StoreUnavailable) -> Outcome {
        guard let account = try await ports.accounts.account(id: reminder.account), account.locks.isEmpty,
            !account.lifecycle.hasEnded, let registered = account.phone, registered.takesSMS,
            let phone = ports.phone(of: account),
            try await ports.deadlines.deadlines(of: account.id)
                .contains(where: { $0.kind == reminder.kind && $0.dueAt == reminder.dueAt })
        else { return .pointless }
        let order = CodeDispatch.Order(
            transaction: ports.random.identifier(prefix: "rem_"), account: account, phone: phone,
            index: registered.index, purpose: Self.purpose(of: reminder.kind), language: .vietnamese,
            clientAddress: nil, provenance: Provenance(client: "otpd", entry: "service"))
        do throws(SendFailure) {
            _ = try await CodeDispatch(ports: ports, policy: policy, sms: sms).send(order)
            return .sent
        } catch {
            switch error {
            case .refused, .noGateway: return .refused
            case .outdated: return .pointless
            case .unavailable(let reason): throw StoreUnavailable(reason: reason)
            }
        }
    }

    private static func purpose(of kind: Deadline.Kind) -> SMSPurpose {
        switch kind {
        case .transferEnd, .recallEnd: .mailboxEnding
        case .defaultPassword, .temporaryPassword, .inactivity, .passwordAge: .deadlineNear
        }
    }
}
