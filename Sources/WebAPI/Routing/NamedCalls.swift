internal import AuthDomain
import AuthService
internal import HTTPServer
internal import JSONText

/// Carries out once a call that its client gave a name, and answers its repetitions from memory (R-API-4).
///
/// A name belongs to the client's key. The answer is kept sealed: it may hold a temporary password, which none but its
/// client gets, and none ever finds in the database. A call that fails is forgotten, so that it may be repeated.
struct NamedCalls: Sendable {
    let memory: any CallMemory
    let digest: any KeyedDigest
    let box: any SecretBox
    let random: any RandomSource
    let clock: any WallClock

    /// Answers a call of a route.
    func answer(_ call: Call, to route: Route) async throws(Problem) -> Answer {
        guard let name = try Self.name(of: call, route.naming), let client = call.client else {
            return try await route.action(call)
        }
        let beginning: CallBeginning
        do throws(StoreUnavailable) {
            beginning = try await memory.begin(
                client: client.prefix, key: name,
                digest: digest.digest(CallMeaning.bytes(of: call), purpose: .namedCall),
                row: random.identifier(prefix: "call_"), now: clock.now())
        } catch {
            throw Problem(error)
        }
        switch beginning {
        case .new(let row): return try await carryOut(call, route, row)
        case .answered(let sealed, let row):
            guard let kept = box.open(sealed, row: row, purpose: .callAnswer).flatMap(KeptAnswer.init) else {
                throw Problem.unavailable(reason: "no ring key opens the answer kept as \(row)")
            }
            return kept.answer
        case .inFlight: throw Problem.callInFlight
        case .different: throw Problem.callDiffers
        }
    }

    private func carryOut(_ call: Call, _ route: Route, _ row: String) async throws(Problem) -> Answer {
        do throws(Problem) {
            let answer = try await route.action(call)
            let kept = KeptAnswer(answer).bytes
            // What is done is done: an answer that cannot be kept is given all the same.
            if let kept { try? await memory.finish(row: row, sealed: box.seal(kept, row: row, purpose: .callAnswer)) }
            return answer
        } catch {
            try? await memory.forget(row: row)
            throw error
        }
    }

    /// The name of a call: an sf-string in quotes, or its letters alone.
    private static func name(of call: Call, _ naming: CallNaming) throws(Problem) -> String? {
        guard naming != .none else { return nil }
        guard let field = call.request.header("Idempotency-Key") else {
            guard naming == .optional else { throw Problem.invalid("Idempotency-Key", .characters(1, 100)) }
            return nil
        }
        let isQuoted = field.utf8.count >= 2 && field.hasPrefix("\"") && field.hasSuffix("\"")
        let name = isQuoted ? String(field.dropFirst().dropLast()) : field
        guard (1...100).contains(name.utf8.count), name.utf8.allSatisfy(isNameByte) else {
            throw Problem.invalid("Idempotency-Key", .characters(1, 100))
        }
        return name
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

/// What a call asks for, not how its JSON is laid out: two that mean the same have the same bytes.
private enum CallMeaning {
    static func bytes(of call: Call) -> [UInt8] {
        var bytes = Array("\(call.request.method) \(call.request.path)\n".utf8)
        guard let value = try? JSONReader.read(call.request.body) else {
            return bytes + call.request.body
        }
        append(value, to: &bytes)
        return bytes
    }

    /// Texts stand behind their length, so that none can pass for a structure.
    private static func append(_ value: JSONValue, to bytes: inout [UInt8]) {
        switch value {
        case .null: bytes += "z".utf8
        case .bool(let isTrue): bytes += (isTrue ? "t" : "f").utf8
        case .number(let digits): bytes += "n\(digits.utf8.count):\(digits)".utf8
        case .string(let text): bytes += "s\(text.utf8.count):\(text)".utf8
        case .array(let values):
            bytes += "a\(values.count):".utf8
            for value in values { append(value, to: &bytes) }
        case .object(let members):
            bytes += "o\(members.count):".utf8
            for member in members.sorted(by: { $0.name < $1.name }) {
                append(.string(member.name), to: &bytes)
                append(member.value, to: &bytes)
            }
        }
    }
}

/// An answer as it is kept: status, type and fields in lines, then the body.
private struct KeptAnswer {
    let answer: Answer

    init(_ answer: Answer) {
        self.answer = answer
    }

    /// Nil for one that is too large to be kept, which no answer to a named call is.
    var bytes: SecretBytes? {
        var head = "\(answer.status)\n\(answer.contentType ?? "")\n"
        for (name, value) in answer.headers { head += "\(name): \(value)\n" }
        let bytes = Array((head + "\n").utf8) + answer.body
        return bytes.count <= Self.limit ? SecretBytes(bytes) : nil
    }

    private static let limit = 65_536

    init?(_ kept: SecretBytes) {
        let bytes = kept.copy
        var lines: [String] = []
        var place = 0
        while let end = bytes[place...].firstIndex(of: UInt8(ascii: "\n")) {
            let line = String(decoding: bytes[place..<end], as: UTF8.self)
            place = end + 1
            if line.isEmpty, lines.count >= 2 { break }
            lines.append(line)
        }
        guard lines.count >= 2, let status = Int(lines[0]) else { return nil }
        var answer = Answer(
            status: status, contentType: lines[1].isEmpty ? nil : lines[1], body: Array(bytes[place...]))
        for line in lines.dropFirst(2) {
            guard let colon = line.firstIndex(of: ":") else { return nil }
            answer.headers.append((String(line[..<colon]), String(line[line.index(colon, offsetBy: 2)...])))
        }
        self.answer = answer
    }
}
