internal import AuthDomain

/// A text with placeholders in braces; `{{` and `}}` are the braces themselves.
struct TextTemplate: Hashable, Sendable {
    enum Part: Hashable, Sendable {
        case literal(String)
        case value(Placeholder)
    }

    /// Why a text is no template, in the words of a problem.
    struct Fault: Error {
        let message: String
    }

    let parts: [Part]

    var placeholders: [Placeholder] {
        parts.compactMap { if case .value(let placeholder) = $0 { placeholder } else { nil } }
    }

    /// Whether it is one placeholder and nothing else, so that a missing value can leave the whole member out.
    var isBare: Bool { parts.count == 1 && placeholders.count == 1 }

    init(_ text: String) throws(Fault) {
        var parts: [Part] = []
        var literal = ""
        var rest = text[...]
        while let character = rest.popFirst() {
            switch character {
            case "{" where rest.first == "{", "}" where rest.first == "}":
                rest.removeFirst()
                literal.append(character)
            case "{":
                guard let end = rest.firstIndex(of: "}") else { throw Fault(message: "has a { without its }") }
                let name = String(rest[..<end])
                guard let placeholder = Placeholder(name) else {
                    throw Fault(message: "has an unknown placeholder {\(name.prefix(40))}")
                }
                if !literal.isEmpty { parts.append(.literal(literal)) }
                literal = ""
                parts.append(.value(placeholder))
                rest = rest[rest.index(after: end)...]
            case "}":
                throw Fault(message: "has a } without its {")
            default:
                literal.append(character)
            }
        }
        if !literal.isEmpty { parts.append(.literal(literal)) }
        self.parts = parts
    }

    /// The text with each value escaped; a missing value makes the whole nil when it stands alone, else nothing.
    func render(_ fields: MessageFields, escape: (String) -> String) -> String? {
        if isBare, let only = placeholders.first { return fields.value(only).map(escape) }
        return parts.reduce(into: "") { result, part in
            switch part {
            case .literal(let text): result += text
            case .value(let placeholder): result += fields.value(placeholder).map(escape) ?? ""
            }
        }
    }
}

/// How values are written in each kind of request.
enum Escaping {
    /// Nothing but unreserved characters (RFC 3986), as UTF-8; a space is `%20`, a plus `%2B`.
    static func percent(_ text: String) -> String { PercentCoding.encode(text) }

    /// Fit for element content and quoted attributes of XML 1.0; characters that XML does not have are dropped.
    static func xml(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&apos;"
            case "\n": escaped += "&#10;"
            case "\r": escaped += "&#13;"
            case "\t": escaped += "&#9;"
            case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": break
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
