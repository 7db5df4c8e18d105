/// The opaque identity of a mailbox account; never its address (R-SCOPE-1).
package struct AccountID: Hashable, Sendable, CustomStringConvertible {
    /// The identifier as stored and as sent in `sub`.
    package let text: String

    /// Wraps an identifier that the service itself made.
    package init(_ text: String) {
        self.text = text
    }

    /// The identifier itself; it is no secret.
    package var description: String { text }
}

/// The identity of one authenticator of an account.
package struct AuthenticatorID: Hashable, Sendable, CustomStringConvertible {
    /// The identifier as stored and as shown to operators.
    package let text: String

    /// Wraps an identifier that the service itself made.
    package init(_ text: String) {
        self.text = text
    }

    /// The identifier itself; it is no secret.
    package var description: String { text }
}

/// The type of a mailbox (Đ2.2, Đ5.3; R-ADDR-1).
///
/// It is told by the operator, never inferred from the name.
package enum AccountKind: String, CaseIterable, Sendable {
    case organisation, personal, clerical, technical, group, system, service

    /// Whether a person may sign in; group addresses and applications have no login (R-ADDR-6, R-SCOPE-7).
    package var canSignIn: Bool {
        switch self {
        case .organisation, .personal, .clerical, .technical: true
        case .group, .system, .service: false
        }
    }
}

/// Where an account stands in its life (Đ7); a temporary lock (Đ8) is told apart by its lock records.
package enum Lifecycle: String, CaseIterable, Sendable {
    case active, transferred
    /// The old mailbox after a transfer: out of use, its credentials still there (Đ7.4.c).
    case transferEnded = "transfer_ended"
    case recalled, destroyed

    /// Whether nobody signs in any more, whatever else holds.
    package var hasEnded: Bool {
        switch self {
        case .active, .transferred, .recalled: false
        case .transferEnded, .destroyed: true
        }
    }
}
