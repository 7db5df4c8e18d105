import AuthDomain

/// Chooses the language of an answer by `Accept-Language` (RFC 9110 section 12.5.4).
///
/// The better quality wins; at equal quality the language named first, and Vietnamese when neither is named.
/// A field longer than the limits, or with a part that is no language range, counts as not sent.
enum LanguageChoice {
    /// The longest field that is read, in bytes.
    static let byteLimit = 512
    /// The most ranges that are read.
    static let rangeLimit = 32

    private struct Range {
        let name: Substring
        /// Thousandths, 0…1000.
        let quality: Int
    }

    /// The language for a field value; nil when there is no such field.
    static func language(_ field: String?) -> Language {
        guard let field, field.utf8.count <= byteLimit, let ranges = ranges(field) else { return .vietnamese }
        let vietnamese = rank("vi", in: ranges)
        let english = rank("en", in: ranges)
        if english.quality != vietnamese.quality {
            return english.quality > vietnamese.quality ? .english : .vietnamese
        }
        return english.quality > 0 && english.place < vietnamese.place ? .english : .vietnamese
    }

    /// The quality and place of a language: by its own ranges (`vi`, `vi-VN`), else by `*`.
    private static func rank(_ language: String, in ranges: [Range]) -> (quality: Int, place: Int) {
        let own = ranges.enumerated().filter {
            $0.element.name == language || $0.element.name.hasPrefix(language + "-")
        }
        let candidates = own.isEmpty ? ranges.enumerated().filter { $0.element.name == "*" } : own
        let best = candidates.max { ($0.element.quality, -$0.offset) < ($1.element.quality, -$1.offset) }
        guard let best else { return (0, ranges.count) }
        return (best.element.quality, own.isEmpty ? ranges.count : best.offset)
    }

    private static func ranges(_ field: String) -> [Range]? {
        let parts = field.lowercased().split(separator: ",", omittingEmptySubsequences: true)
        guard parts.count <= rangeLimit else { return nil }
        var ranges: [Range] = []
        for part in parts {
            if trimmed(part).isEmpty { continue }
            let pieces = part.split(separator: ";", omittingEmptySubsequences: false).map(trimmed)
            guard let name = pieces.first, isRange(name), pieces.count <= 2 else { return nil }
            var quality = 1000
            if pieces.count == 2 {
                guard pieces[1].hasPrefix("q="), let told = thousandths(pieces[1].dropFirst(2)) else { return nil }
                quality = told
            }
            ranges.append(Range(name: name, quality: quality))
        }
        return ranges
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }

    private static func isRange(_ name: Substring) -> Bool {
        if name == "*" { return true }
        return name.split(separator: "-", omittingEmptySubsequences: false).allSatisfy { tag in
            (1...8).contains(tag.utf8.count)
                && tag.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
        }
    }

    /// Reads a qvalue: 0 to 1 with at most three digits behind the point.
    private static func thousandths(_ text: Substring) -> Int? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts[0] == "0" || parts[0] == "1" else { return nil }
        let digits = parts.count == 2 ? parts[1] : ""
        guard digits.utf8.count <= 3, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        let fraction = Int(digits + String(repeating: "0", count: 3 - digits.utf8.count)) ?? 0
        let quality = (parts[0] == "1" ? 1000 : 0) + fraction
        return quality <= 1000 ? quality : nil
    }
}
