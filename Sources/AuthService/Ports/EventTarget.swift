/// How an attempt to deliver an event ended, from a closed set fit for a metric's label.
package enum DeliveryResult: String, CaseIterable, Sendable {
    case delivered
    /// The first part is done, a second follows.
    case partly
    /// Nothing was sent: the target was found slow or unreachable meanwhile.
    case released
    /// Any status but 2xx that has no case of its own.
    case refused
    /// 3xx, never followed.
    case redirected
    /// 410: the receiver wants no more.
    case gone
    /// 429, 502, 503 or 504.
    case throttled
    /// No connection, no name, no TLS.
    case unreachable
    case timeout
    /// The connection ended in the middle.
    case interrupted
    /// An answer that is none, or is too long.
    case malformed
    case failed
}

/// What a target made of an event.
package enum DeliveryOutcome: Hashable, Sendable {
    /// It arrived.
    case delivered
    /// The part after `stage` is due after a time.
    case partly(next: Duration)
    /// It did not arrive, or nobody can tell; `retryAfter` is what the receiver asked for.
    case failed(DeliveryResult, retryAfter: Duration?)
}

/// A receiver of events: the mailbox store, the portal, a monitoring system.
///
/// A generic signed webhook and Dovecot's doveadm API implement it. Another store (Zimbra's SOAP administration,
/// LDAP attributes) is another type behind it: it maps the events it knows to calls that may be repeated, answers
/// `delivered` for the rest, and is named in the settings by a type of its own.
package protocol EventTarget: Sendable {
    /// Hands an event over; never throws, never takes longer than its limit, and may be called again with the same.
    func deliver(_ message: OutboxMessage) async -> DeliveryOutcome
}
