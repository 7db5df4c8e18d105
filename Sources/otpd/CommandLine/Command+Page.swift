/// What `--help` prints.
extension Command {
    /// The longest line.
    private static let width = 100

    /// How it is called, without what may be missing.
    var usage: String {
        let parts = ["otpd \(name)"] + options.filter(\.isRequired).map(\.usage) + [operand].compactMap { $0 }
        let hasMore = options.contains { !$0.isRequired }
        return (parts + (hasMore ? ["[OPTIONS]"] : [])).joined(separator: " ")
    }

    /// The page of the command.
    var page: String {
        let column = max(16, options.map(\.usage.count).max() ?? 0)
        let listed = options.map { option in
            let gap = String(repeating: " ", count: column - option.usage.count)
            let below = "\n" + String(repeating: " ", count: column + 4)
            let lines = Self.wrapped(option.text, at: Self.width - column - 4)
            return "  \(option.usage)\(gap)  \(lines.joined(separator: below))"
        }
        var sections = [Self.filled("otpd \(name) – \(summary)"), "Usage: \(usage)"]
        if !listed.isEmpty { sections.append("Options:\n" + listed.joined(separator: "\n")) }
        if !notes.isEmpty { sections.append(Self.filled(notes)) }
        let common = options.contains { $0.name == "config" } ? ", 69 the database is not available, 78 settings" : ""
        sections.append(Self.filled("Exit codes: \(exits), 64 usage\(common)"))
        sections.append("Example:\n  \(example)")
        return sections.joined(separator: "\n\n")
    }

    /// Paragraphs filled up to the width; lines that begin with two spaces stay as they are.
    private static func filled(_ text: String) -> String {
        var lines: [String] = []
        var paragraph: [Substring] = []
        func close() {
            lines += wrapped(paragraph.joined(separator: " "), at: width)
            paragraph = []
        }
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            guard line.isEmpty || line.hasPrefix("  ") else {
                paragraph.append(line)
                continue
            }
            close()
            lines.append(String(line))
        }
        close()
        return lines.joined(separator: "\n")
    }

    private static func wrapped(_ text: String, at width: Int) -> [String] {
        var lines: [String] = []
        for word in text.split(whereSeparator: \.isWhitespace) {
            if let last = lines.last, last.count + word.count < width {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
