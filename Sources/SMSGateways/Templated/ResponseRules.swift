internal import AuthDomain
internal import HTTPClient
internal import JSONText

/// An answer as the rules look at it.
struct GatewayAnswer {
    let status: Int
    /// Nil when the body is not UTF-8.
    let text: String?
    /// Nil when the body is no JSON.
    let json: JSONValue?

    init(_ response: OutgoingResponse) {
        status = response.status
        text = String(validating: response.body, as: UTF8.self)
        json = JSONValue(exchanged: response.body)
    }
}

/// A condition on an answer: every part that is given must hold.
struct ResponseTest: Hashable, Sendable {
    /// A member of a JSON answer that must have one of some values.
    struct Member: Hashable, Sendable {
        let pointer: JSONPointer
        let values: [String]
    }

    let statuses: [ClosedRange<Int>]
    let members: [Member]
    let pattern: ResponsePattern?

    var isEmpty: Bool { statuses.isEmpty && members.isEmpty && pattern == nil }

    func holds(_ answer: GatewayAnswer) -> Bool {
        guard statuses.isEmpty || statuses.contains(where: { $0.contains(answer.status) }) else { return false }
        let hasMembers = members.allSatisfy { member in
            answer.json?.at(member.pointer)?.scalarText.map(member.values.contains) ?? false
        }
        guard hasMembers else { return false }
        return pattern.map { pattern in answer.text.map(pattern.matches) ?? false } ?? true
    }

    /// Which values of the settings were met; never anything of the answer itself.
    func trace(_ answer: GatewayAnswer) -> String {
        let met = members.compactMap { member in
            answer.json?.at(member.pointer)?.scalarText.map { "\(member.pointer.text) \($0)" }
        }
        return (["HTTP \(answer.status)"] + met).joined(separator: ", ")
    }
}

/// What a matched error rule makes of an answer; the raw values are those of the settings.
enum ErrorClass: String, CaseIterable, Sendable {
    /// The gateway has the message already, or keeps it: no harm done.
    case accepted
    /// Later or elsewhere.
    case retry
    /// Never with this number or text.
    case permanent
    /// Somebody must mend the settings or the contract.
    case config
    /// It may have left.
    case ambiguous
}

/// Where an answer names the gateway's own id of the message.
enum IdentifierSource: Hashable, Sendable {
    case pointer(JSONPointer)
    case pattern(ResponsePattern)

    /// The id when it is one: 1 to 128 printable ASCII characters.
    func identifier(in answer: GatewayAnswer) -> String? {
        let found =
            switch self {
            case .pointer(let pointer): answer.json?.at(pointer)?.scalarText
            case .pattern(let pattern): answer.text.flatMap(pattern.firstGroup)
            }
        return found.flatMap { text in
            (1...128).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) } ? text : nil
        }
    }
}

/// How the answers of one gateway are understood.
struct ResponseRules: Hashable, Sendable {
    struct ErrorRule: Hashable, Sendable {
        let outcome: ErrorClass
        let test: ResponseTest
    }

    let success: ResponseTest
    let queued: ResponseTest?
    let identifier: IdentifierSource?
    let errors: [ErrorRule]

    func outcome(_ response: OutgoingResponse) -> GatewayOutcome {
        let answer = GatewayAnswer(response)
        if let queued, queued.holds(answer) { return .queued(providerID: identifier?.identifier(in: answer)) }
        if success.holds(answer) { return .accepted(providerID: identifier?.identifier(in: answer)) }
        if let rule = errors.first(where: { $0.test.holds(answer) }) {
            let trace = rule.test.trace(answer)
            return switch rule.outcome {
            case .accepted: .accepted(providerID: identifier?.identifier(in: answer))
            case .retry: .refused(.retryable, reason: trace)
            case .permanent: .refused(.permanent, reason: trace)
            case .config: .refused(.configuration, reason: trace)
            case .ambiguous: .ambiguous(reason: trace)
            }
        }
        return Self.outcome(ofStatus: answer.status)
    }

    /// What a status says where the settings say nothing.
    ///
    /// A plain refusal is one; a success that was not understood, and an error behind the gateway's door, may have sent.
    static func outcome(ofStatus status: Int) -> GatewayOutcome {
        let reason = "HTTP \(status)"
        return switch status {
        case 400, 413, 422: .refused(.permanent, reason: reason)
        case 429, 503: .refused(.retryable, reason: reason)
        case 300...399, 401...407, 410, 411, 414, 415, 426: .refused(.configuration, reason: reason)
        default: .ambiguous(reason: reason + ", not understood")
        }
    }

    /// What a failed call says.
    static func outcome(of failure: OutgoingFailure) -> GatewayOutcome {
        guard failure.delivery == .notSent else { return .ambiguous(reason: failure.reason.rawValue) }
        return switch failure.reason {
        case .invalidRequest, .tls: .refused(.configuration, reason: failure.reason.rawValue)
        default: .refused(.retryable, reason: failure.reason.rawValue)
        }
    }
}

extension SettingsObject {
    /// Reads a condition: `status`, `where` (pointer, equals) and `matches`.
    func responseTest() -> ResponseTest {
        let statuses = scalars("status").compactMap { text -> ClosedRange<Int>? in
            let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
            guard (1...2).contains(ends.count), let first = ends.first, let last = ends.last, first <= last,
                (200...599).contains(first), (200...599).contains(last)
            else {
                refuse("status", "must be a status or a range like 200-299")
                return nil
            }
            return first...last
        }
        let members = objects("where").compactMap { object -> ResponseTest.Member? in
            if !object.has("pointer") { object.refuse("pointer", "required, but not given") }
            if !object.has("equals") { object.refuse("equals", "required, but not given") }
            let pointer = object.pointer("pointer")
            let values = object.scalars("equals")
            object.finish()
            return pointer.map { ResponseTest.Member(pointer: $0, values: values) }
        }
        return ResponseTest(statuses: statuses, members: members, pattern: pattern("matches"))
    }
}
