/// A look at an XML template at start: elements closed in order, and placeholders only where escaping makes them safe.
///
/// It reads what templates need: a declaration, elements, quoted attributes and text. Comments, CDATA and DOCTYPE are
/// refused, for a value inside them could not be escaped.
enum XMLOutline {
    /// What is wrong with the literal parts of a template; nil when nothing is.
    static func fault(of template: TextTemplate) -> String? {
        // A value is seen as one character that no markup has, so that its place can be told.
        let mark: Character = "\u{FFFC}"
        let text = template.parts.map { part in
            if case .literal(let literal) = part { literal } else { String(mark) }
        }.joined()
        var rest = text[...]
        var open: [Substring] = []
        var roots = 0
        while let start = rest.firstIndex(of: "<") {
            if open.isEmpty, rest[..<start].contains(where: { !$0.isWhitespace }) {
                return "has text outside of its root element"
            }
            rest = rest[rest.index(after: start)...]
            guard let end = endOfTag(rest) else { return "has a < without its >" }
            let tag = rest[..<end]
            rest = rest[rest.index(after: end)...]
            if tag.hasPrefix("?") { continue }
            if tag.hasPrefix("!") { return "must not hold comments, CDATA or DOCTYPE" }
            if outsideQuotes(tag).contains(mark) { return "has a placeholder inside a tag" }
            let name = tag.drop { $0 == "/" }.prefix { !$0.isWhitespace && $0 != "/" }
            if tag.hasPrefix("/") {
                guard open.popLast() == name else { return "closes <\(name.prefix(40))> out of order" }
                continue
            }
            guard !name.isEmpty else { return "has an element without a name" }
            if open.isEmpty { roots += 1 }
            if !tag.hasSuffix("/") { open.append(name) }
        }
        if let unclosed = open.last { return "does not close <\(unclosed.prefix(40))>" }
        if rest.contains(where: { !$0.isWhitespace }) { return "has text outside of its root element" }
        return roots == 1 ? nil : "must have one root element"
    }

    private static func endOfTag(_ text: Substring) -> Substring.Index? {
        var quote: Character?
        for index in text.indices {
            let character = text[index]
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "\"" || character == "'" {
                quote = character
            } else if character == ">" {
                return index
            } else if character == "<" {
                return nil
            }
        }
        return nil
    }

    private static func outsideQuotes(_ tag: Substring) -> String {
        var quote: Character?
        var kept = ""
        for character in tag {
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "\"" || character == "'" {
                quote = character
            } else {
                kept.append(character)
            }
        }
        return kept
    }
}
