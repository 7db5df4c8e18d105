/// What follows a command: pairs `--name value`.
struct Options {
    private var values: [String: String] = [:]

    init(_ words: [String]) throws(BenchFailure) {
        var rest = words[...]
        while let word = rest.popFirst() {
            guard word.hasPrefix("--"), let value = rest.popFirst() else {
                throw BenchFailure("expected --name value, found \"\(word)\"")
            }
            values[String(word.dropFirst(2))] = value
        }
    }

    func text(_ name: String, default fallback: String? = nil) throws(BenchFailure) -> String {
        guard let value = values[name] ?? fallback else { throw BenchFailure("--\(name) is missing") }
        return value
    }

    func number(_ name: String, default fallback: Int? = nil) throws(BenchFailure) -> Int {
        guard let text = values[name] else {
            guard let fallback else { throw BenchFailure("--\(name) is missing") }
            return fallback
        }
        guard let value = Int(text), value >= 0 else { throw BenchFailure("--\(name) must be a whole number") }
        return value
    }
}
