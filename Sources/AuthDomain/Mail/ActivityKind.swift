/// What shows that a mailbox is in use: the three signs that Điều 8.2.a names (R-LOCK-12).
package enum ActivityKind: String, CaseIterable, Sendable {
    case login, send, receive
}
