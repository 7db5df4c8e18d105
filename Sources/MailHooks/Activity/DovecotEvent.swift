import AuthDomain
import AuthService
import JSONText

/// One event of Dovecot's exporter, as far as this service keeps it: mailbox, kind and time (mail-hooks.md, section 6).
///
/// Subjects, senders and recipients also come in an event; they are read over and never leave this parser.
enum DovecotEvent {
    /// Text that is no event.
    struct Malformed: Error {}

    /// The activity that an event tells of; nil for an event that tells of none.
    static func report(_ body: [UInt8]) throws(Malformed) -> ActivityReport? {
        guard
            let value = try? JSONReader.read(body, form: .exchanged, limits: JSONReader.Limits(depth: 4, members: 128)),
            case .object(let event) = value, let name = text("event", event)
        else { throw Malformed() }
        guard case .object(let fields)? = member("fields", event) else { throw Malformed() }
        let time = text("end_time", event).flatMap(RFC3339.parse)
        switch name {
        case "auth_request_finished":
            guard text("success", fields) == "yes", let user = text("user", fields) else { return nil }
            return ActivityReport(login: user, kind: .login, time: time)
        case "mail_delivery_finished":
            guard member("error", fields) == nil, let user = text("user", fields) else { return nil }
            return ActivityReport(login: user, kind: .receive, time: time)
        case "smtp_server_transaction_finished":
            guard let count = number("recipients_succeeded", fields), count > 0,
                let user = text("mail_param_auth", fields) ?? text("mail_from", fields)
            else { return nil }
            return ActivityReport(login: user, kind: .send, time: time)
        default: return nil
        }
    }

    private static func member(_ name: String, _ members: [JSONMember]) -> JSONValue? {
        members.first { $0.name == name }?.value
    }

    private static func text(_ name: String, _ members: [JSONMember]) -> String? {
        guard case .string(let text)? = member(name, members), !text.isEmpty else { return nil }
        return text
    }

    private static func number(_ name: String, _ members: [JSONMember]) -> Int? {
        switch member(name, members) {
        case .number(let digits): Int(digits)
        case .string(let digits): Int(digits)
        default: nil
        }
    }
}
