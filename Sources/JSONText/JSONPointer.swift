/// A JSON pointer (RFC 6901), such as `/RPLY/ERROR`.
package struct JSONPointer: Hashable, Sendable {
    /// The pointer as written.
    package let text: String
    let tokens: [String]

    /// Reads a pointer; nil unless it is empty or begins with a slash, when an escape is odd, or beyond 256 bytes.
    package init?(_ text: String) {
        guard text.isEmpty || text.hasPrefix("/"), text.utf8.count <= 256 else { return nil }
        self.text = text
        var tokens: [String] = []
        for part in text.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            var token = ""
            var rest = part[...]
            while let character = rest.popFirst() {
                guard character == "~" else {
                    token.append(character)
                    continue
                }
                switch rest.popFirst() {
                case "0": token.append("~")
                case "1": token.append("/")
                default: return nil
                }
            }
            tokens.append(token)
        }
        self.tokens = tokens
    }
}

extension JSONValue {
    /// The value that a pointer names; nil when there is none.
    package func at(_ pointer: JSONPointer) -> JSONValue? {
        pointer.tokens.reduce(self as JSONValue?) { value, token in
            switch value {
            case .object(let members): members.first { $0.name == token }?.value
            case .array(let elements):
                Int(token).flatMap { elements.indices.contains($0) && String($0) == token ? elements[$0] : nil }
            default: nil
            }
        }
    }

    /// A text, number or truth value as text, so that `100` and `"100"` compare equal; nil for the others.
    package var scalarText: String? {
        switch self {
        case .string(let text): text
        case .number(let digits): digits
        case .bool(let value): String(value)
        case .null, .array, .object: nil
        }
    }
}
