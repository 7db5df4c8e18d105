import AuthDomain

/// The query of a request, decoded: known names only, each at most once.
struct QueryItems: Sendable {
    /// The longest query that is read, in bytes.
    static let byteLimit = 4_096
    private static let itemLimit = 16

    private var values: [String: String] = [:]

    /// Decodes a query as sent.
    init(_ query: String?, known: [String]) throws(Problem) {
        guard let query, !query.isEmpty else { return }
        guard query.utf8.count <= Self.byteLimit else { throw Problem.invalid("query", .characters(0, Self.byteLimit)) }
        let items = query.split(separator: "&", maxSplits: Self.itemLimit, omittingEmptySubsequences: true)
        for item in items {
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentCoding.decode(parts[0].utf8, .target),
                let value = PercentCoding.decode((parts.count == 2 ? parts[1] : "").utf8, .target)
            else { throw Problem.invalid("query", .escape) }
            guard known.contains(name) else { throw Problem.unknown(name) }
            guard values.updateValue(value, forKey: name) == nil else { throw Problem.invalid(name, .once) }
        }
    }

    /// A parameter as text; nil when it is missing or empty.
    func text(_ name: String, limit: Int) throws(Problem) -> String? {
        guard let value = values[name], !value.isEmpty else { return nil }
        guard value.unicodeScalars.count <= limit else { throw Problem.invalid(name, .characters(1, limit)) }
        return value
    }

    /// A parameter as an instant.
    func instant(_ name: String) throws(Problem) -> WallInstant? {
        guard let value = values[name], !value.isEmpty else { return nil }
        guard let instant = RFC3339.parse(value) else { throw Problem.invalid(name, .instant) }
        return instant
    }

    /// A parameter as a whole number within a range.
    func number(_ name: String, _ range: ClosedRange<Int>) throws(Problem) -> Int? {
        guard let value = values[name], !value.isEmpty else { return nil }
        guard value.utf8.count <= 9, value.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(value),
            range.contains(number)
        else { throw Problem.invalid(name, .number(range.lowerBound, range.upperBound)) }
        return number
    }
}
