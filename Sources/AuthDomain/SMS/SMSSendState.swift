/// Where one message stands; its row is written before it leaves and outlives a crash (R-SMSOTP-1).
///
/// ```
///   created ─► sending ─► accepted ─────► delivered
///      │          ├─────► queued ─┬─────► failed
///      │          ├─────► unknown ┴─────► expired
///      └──────────┴─────► refused
/// ```
/// A state is left only for one of a higher rank, so that reports may come twice and in any order.
package enum SMSSendState: String, CaseIterable, Sendable {
    /// The row is written; nothing has left.
    case created
    /// A gateway is being asked; after a crash nobody knows whether it was.
    case sending
    /// The message may have left or not; it is never sent a second time under another code.
    case unknown
    /// The gateway has it and waits for its carrier.
    case queued
    /// The gateway or the carrier has it.
    case accepted
    /// It surely never left: every gateway refused it, or its code ran out before one was asked.
    case refused
    /// Its life ended without a word from the carrier.
    case expired
    /// The carrier gave it up.
    case failed
    /// The handset has it.
    case delivered

    /// Whether the message may have cost money and reached a phone; such rows are the floor of the budget counts.
    package var mayHaveLeft: Bool { self != .created && self != .refused }

    /// Whether nothing more needs to be waited for; a late report may still tell better.
    package var isSettled: Bool {
        switch self {
        case .created, .sending, .unknown, .queued, .accepted: false
        case .refused, .expired, .failed, .delivered: true
        }
    }

    /// Applies an event.
    package func after(_ event: SMSSendEvent) -> SMSSendTransition {
        switch event {
        case .begun: self == .created ? .moved(.sending) : .ignored(.impossible)
        case .answered(let outcome): afterAnswer(outcome)
        case .reported(let report): afterReport(report)
        case .interrupted: self == .sending ? .moved(.unknown) : .ignored(.impossible)
        case .outlived: afterLifetime
        }
    }

    private func afterAnswer(_ outcome: GatewayOutcome) -> SMSSendTransition {
        switch outcome {
        case .accepted: afterSending(.accepted)
        case .queued: afterSending(.queued)
        case .ambiguous: afterSending(.unknown)
        // A report that came before this answer knows better than the gateway's front door.
        case .refused: self == .sending ? .moved(.refused) : afterSending(.refused)
        }
    }

    private func afterSending(_ state: SMSSendState) -> SMSSendTransition {
        switch self {
        case .created, .refused: .ignored(.impossible)
        case .sending, .unknown, .queued, .accepted, .expired, .failed, .delivered:
            state == .refused ? .ignored(.outOfOrder) : raised(to: state)
        }
    }

    private func afterReport(_ report: DeliveryReport) -> SMSSendTransition {
        // What was never handed out cannot have been seen by a carrier: such a report is forged or misdirected.
        guard mayHaveLeft else { return .ignored(.impossible) }
        return switch report {
        case .buffered: raised(to: .queued)
        case .accepted: raised(to: .accepted)
        case .failed, .rejected: raised(to: .failed)
        case .delivered: raised(to: .delivered)
        }
    }

    private var afterLifetime: SMSSendTransition {
        self == .created ? .moved(.refused) : raised(to: .expired)
    }

    private func raised(to state: SMSSendState) -> SMSSendTransition {
        if state == self { return .ignored(.repeated) }
        return state.rank > rank ? .moved(state) : .ignored(.outOfOrder)
    }

    private var rank: Int {
        switch self {
        case .created: 0
        case .sending: 1
        case .unknown: 2
        case .queued: 3
        case .accepted: 4
        case .expired: 5
        case .failed: 6
        case .refused, .delivered: 7
        }
    }
}

/// What happens to a message.
package enum SMSSendEvent: Hashable, Sendable {
    /// A gateway is about to be asked.
    case begun
    /// The last gateway that is to be asked has answered.
    case answered(GatewayOutcome)
    /// A carrier reports; the caller has checked the report's token and gateway.
    case reported(DeliveryReport)
    /// The instance that was asking a gateway is gone.
    case interrupted
    /// The time in which the message was worth delivering is over.
    case outlived
}

/// What a carrier may say of a message, after an adapter has translated it.
package enum DeliveryReport: String, CaseIterable, Sendable {
    /// The handset has it (Kannel type 1).
    case delivered
    /// The carrier gave up (Kannel type 2).
    case failed
    /// The carrier waits for the handset or for room (Kannel type 4).
    case buffered
    /// The carrier has it (Kannel type 8).
    case accepted
    /// The carrier would not have it (Kannel type 16).
    case rejected
}

/// What an event changes; a guarded write from the old state carries it out.
package enum SMSSendTransition: Hashable, Sendable {
    /// The row moves to another state.
    case moved(SMSSendState)
    /// The row stays as it is.
    case ignored(SMSEventFault)
}

/// Why an event changes nothing; the raw values are metric labels.
package enum SMSEventFault: String, CaseIterable, Sendable {
    /// The row is there already.
    case repeated
    /// The row has moved further.
    case outOfOrder = "out_of_order"
    /// The row never was where such an event could come from.
    case impossible
}
