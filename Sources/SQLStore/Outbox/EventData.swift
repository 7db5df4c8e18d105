internal import AuthDomain
internal import AuthService
internal import JSONText

/// The `data` of an event as receivers get it: written once, so that every attempt sends the same bytes.
enum EventData {
    /// The JSON object of an event.
    static func text(_ event: AccountEvent, account: AccountID, address: String, sequence: Int64) -> String {
        let bytes = JSONWriter.object { json in
            json.field("account", account.text)
            json.field("address", address)
            json.field("sequence", Int(sequence))
            write(event, into: &json)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func write(_ event: AccountEvent, into json: inout JSONWriter) {
        switch event {
        case .mailboxLocked(let lock):
            json.field("cause", lock.cause.rawValue)
            json.field("clause", lock.cause.clause)
            json.field("source", lock.source.rawValue)
        case .mailboxRestored(let cleared, let revokedFactors):
            json.strings("cleared", cleared.map(\.rawValue))
            json.field("must_change_password", true)
            json.field("factors_revoked", revokedFactors)
        case .passwordMustChange(let expiresAt):
            json.optional("expires_at", expiresAt.map(RFC3339.format))
        case .factorEnrolled(let id), .factorRevoked(let id):
            json.field("authenticator", id.text)
        case .sessionsRevoke(let reason):
            json.field("reason", reason.rawValue)
        case .defaultPasswordDeadlineNear(let deadline), .inactivityDeadlineNear(let deadline):
            json.field("locks_at", RFC3339.format(deadline))
        case .passwordChanged, .phoneChanged, .accountProvisioned, .accountChanged, .accountDestroyed:
            break
        }
    }
}
