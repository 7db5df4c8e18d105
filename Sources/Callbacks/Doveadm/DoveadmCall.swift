internal import JSONText

/// One command of Dovecot's doveadm HTTP API and how its answer reads.
///
/// One command goes with each request: a batch whose second command fails comes back as broken JSON.
enum DoveadmCall: Hashable {
    /// Forgets what the authentication process cached about a user.
    case flushAuthCache(user: String)
    /// Ends the user's sessions.
    case kick(user: String)

    /// What came of a command.
    enum Answer: Hashable {
        case done
        /// Dovecot answered with an exit code other than 0 and "nobody there".
        case refused(exitCode: Int)
        case malformed
    }

    /// The exit code that says that no session matched (EX_NOHOST): as good as success.
    private static let nobodyThere = 68
    private static let tag = "otpd"

    /// The body of the request.
    var body: [UInt8] {
        var writer = JSONWriter(capacity: 128)
        writer.array([self]) { writer, call in
            writer.array([0, 1, 2]) { writer, part in
                switch (part, call) {
                case (0, .flushAuthCache): writer.value("authCacheFlush")
                case (0, .kick): writer.value("kick")
                case (1, .flushAuthCache(let user)): writer.object { $0.strings("user", [user]) }
                case (1, .kick(let user)): writer.object { $0.strings("mask", [Self.escaped(user)]) }
                default: writer.value(Self.tag)
                }
            }
        }
        return writer.bytes
    }

    /// Whether a name can be put into a mask and mean itself alone.
    static func isNameable(_ user: String) -> Bool {
        !user.isEmpty && user.utf8.count <= 320 && !user.hasPrefix("!")
            && user.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
    }

    /// A user's name as a mask that matches it alone.
    static func escaped(_ user: String) -> String {
        var mask = ""
        for character in user {
            if character == "*" || character == "?" || character == "\\" { mask.append("\\") }
            mask.append(character)
        }
        return mask
    }

    /// Reads the answer `[["doveadmResponse", …, tag]]` or `[["error", {"type", "exitCode"}, tag]]`.
    static func read(_ body: [UInt8]) -> Answer {
        guard let value = try? JSONReader.read(body, form: .exchanged), case .array(let list) = value,
            case .array(let parts)? = list.first, list.count == 1, parts.count == 3, parts[2] == .string(tag),
            case .string(let kind) = parts[0]
        else { return .malformed }
        if kind == "doveadmResponse" { return .done }
        guard kind == "error", case .object(let members) = parts[1],
            case .number(let digits)? = members.first(where: { $0.name == "exitCode" })?.value,
            let code = Int(digits)
        else { return .malformed }
        return code == nobodyThere || code == 0 ? .done : .refused(exitCode: code)
    }
}
