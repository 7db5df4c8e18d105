import AuthDomain
import AuthService
import JSONText

/// A batch of activity, as a mailbox store without Dovecot's exporter sends it.
enum ActivityBatch {
    /// The most events of a batch.
    static let limit = 500
    /// The most bytes of a batch: 500 events with long addresses.
    static let byteLimit = 128 * 1_024

    /// A batch that cannot be meant: the field and what is expected of it.
    struct Refusal: Error, Equatable {
        let field: String
        let expected: String
    }

    /// Reads `{"events":[{"account","kind","at"?,"count"?}, …]}`.
    static func reports(_ body: [UInt8]) throws(Refusal) -> [ActivityReport] {
        let limits = JSONReader.Limits(depth: 4, members: limit)
        guard let value = try? JSONReader.read(body, form: .exchanged, limits: limits), case .object(let top) = value
        else { throw Refusal(field: "body", expected: "an object in JSON") }
        guard top.count == 1, top[0].name == "events", case .array(let events) = top[0].value else {
            throw Refusal(field: "events", expected: "an array of events and nothing beside it")
        }
        guard (1...limit).contains(events.count) else {
            throw Refusal(field: "events", expected: "1 to \(limit) events")
        }
        var reports: [ActivityReport] = []
        reports.reserveCapacity(events.count)
        for (index, event) in events.enumerated() { reports.append(try report(event, "events[\(index)]")) }
        return reports
    }

    private static func report(_ value: JSONValue, _ place: String) throws(Refusal) -> ActivityReport {
        guard case .object(let members) = value else { throw Refusal(field: place, expected: "an object") }
        var (account, kind, time, count): (String?, ActivityKind?, WallInstant?, Int) = (nil, nil, nil, 1)
        for member in members {
            switch (member.name, member.value) {
            case ("account", .string(let text)) where text.utf8.count <= 1_024: account = text
            case ("kind", .string(let text)): kind = ActivityKind(rawValue: text)
            case ("at", .string(let text)):
                time = RFC3339.parse(text)
                if time == nil { throw Refusal(field: "\(place).at", expected: "an instant like 2026-11-23T08:00:00Z") }
            case ("count", .number(let digits)):
                guard let number = Int(digits), (1...1_000_000).contains(number) else {
                    throw Refusal(field: "\(place).count", expected: "a number from 1 to 1000000")
                }
                count = number
            default: throw Refusal(field: "\(place).\(shown(member.name))", expected: "account, kind, at or count")
            }
        }
        guard let account else { throw Refusal(field: "\(place).account", expected: "an address") }
        guard let kind else { throw Refusal(field: "\(place).kind", expected: "login, send or receive") }
        return ActivityReport(login: account, kind: kind, time: time, count: count)
    }

    /// A name that may stand in an answer, whatever was sent.
    private static func shown(_ name: String) -> String {
        let isPlain = name.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == UInt8(ascii: "_") }
        return isPlain && (1...32).contains(name.utf8.count) ? name : "?"
    }
}
