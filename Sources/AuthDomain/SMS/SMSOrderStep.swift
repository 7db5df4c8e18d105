/// What to do next about a message that was ordered ahead and is to leave once.
///
/// The order names the message that was last made for it. What became of that message decides, so that neither a crash
/// nor a gateway without an answer loses an order, and one that may have arrived is repeated with a word on record:
///
/// ```
///   no message, refused ──────────────► send
///   created, sending ─────────────────► wait (somebody is at it, or the row is settled soon)
///   unknown, expired ─────────────────► send again, at most `mostRepeats` times; then end as unknown
///   queued, accepted, delivered ──────► end as sent
///   failed ───────────────────────────► end as undelivered
/// ```
package enum SMSOrderStep: Hashable, Sendable {
    /// Make a message.
    case send
    /// Make another message; the one before may have arrived.
    case sendAgain
    /// Look again later.
    case wait
    /// Nothing more is to be done.
    case end(SMSOrderEnd)

    /// How often an order is sent again although the message before may have arrived.
    package static let mostRepeats = 2

    /// Decides.
    /// - Parameters:
    ///   - last: The state of the last message made for the order; nil when there is none.
    ///   - repeats: How often it was sent again already.
    package static func next(after last: SMSSendState?, repeats: Int) -> SMSOrderStep {
        switch last {
        case nil, .refused: .send
        case .created, .sending: .wait
        case .unknown, .expired: repeats < mostRepeats ? .sendAgain : .end(.unknown)
        case .queued, .accepted, .delivered: .end(.sent)
        case .failed: .end(.undelivered)
        }
    }
}

/// How an order ended.
package enum SMSOrderEnd: String, CaseIterable, Sendable {
    /// A gateway has the message.
    case sent
    /// The carrier gave the message up.
    case undelivered
    /// The gateways will never take it.
    case refused
    /// No gateway said what became of it, time and again.
    case unknown
    /// The password stopped working before a budget or a gateway let its message leave.
    case overdue
    /// The account, its number or its password changed before the message left.
    case outdated

    /// Whether somebody has to look after the account: the owner may never have got what was meant for them.
    package var needsOperator: Bool {
        switch self {
        case .undelivered, .refused, .unknown, .overdue: true
        case .sent, .outdated: false
        }
    }
}
