internal import AuthDomain

/// What can stand in braces in a request template.
enum Placeholder: Hashable, Sendable {
    /// The number in the gateway's format.
    case phone
    /// The text of the message.
    case text
    /// The code alone, for registered templates with parameters.
    case code
    /// Our reference of the message.
    case ref
    /// The sender's name or number.
    case sender
    /// Where delivery reports go.
    case callback
    /// `1` for a text beyond GSM 7-bit, else `0`.
    case unicode
    /// Minutes after which the message is worthless.
    case validity
    /// `1` when the gateway's trial mode is set, else `0`.
    case sandbox
    /// The content of a secret file.
    case secret(String)

    static let names = ["phone", "text", "code", "ref", "sender", "callback", "unicode", "validity", "sandbox"]

    init?(_ name: String) {
        switch name {
        case "phone": self = .phone
        case "text": self = .text
        case "code": self = .code
        case "ref": self = .ref
        case "sender": self = .sender
        case "callback": self = .callback
        case "unicode": self = .unicode
        case "validity": self = .validity
        case "sandbox": self = .sandbox
        default:
            guard name.hasPrefix("secret:"), name.utf8.count > 7 else { return nil }
            self = .secret(String(name.dropFirst(7)))
        }
    }
}

/// What the placeholders stand for in one request; holds the code and secrets, so it never leaves the gateway.
struct MessageFields {
    let phone: String
    let text: String
    let code: String?
    let ref: String
    let sender: String
    let callback: String?
    let isUnicode: Bool
    let validityMinutes: Int
    let isSandbox: Bool
    let secrets: [String: SecretBytes]

    /// The value, unescaped; nil when the message has none.
    func value(_ placeholder: Placeholder) -> String? {
        switch placeholder {
        case .phone: phone
        case .text: text
        case .code: code
        case .ref: ref
        case .sender: sender
        case .callback: callback
        case .unicode: isUnicode ? "1" : "0"
        case .validity: String(validityMinutes)
        case .sandbox: isSandbox ? "1" : "0"
        case .secret(let name): secrets[name]?.withBytes { String(decoding: $0, as: UTF8.self) }
        }
    }
}
