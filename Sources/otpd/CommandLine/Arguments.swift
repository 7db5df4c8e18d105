/// What a command line says after the command's name: options with values, switches and operands, in any order.
struct Arguments {
    /// A command line that cannot be meant; the text says what to do.
    struct UsageError: Error {
        let message: String
    }

    private var values: [String: String] = [:]
    private var raised: Set<String> = []
    /// What stands without a name, such as a file; `-` too.
    private(set) var operands: [String] = []

    /// Reads `--name value` pairs, `--name=value` and switches; every name must be known and stand once.
    init(
        _ words: [String], allowed: Set<String>, switches: Set<String> = [], operands operandLimit: Int = 0
    ) throws(UsageError) {
        var rest = words[...]
        while let word = rest.popFirst() {
            guard word.hasPrefix("--"), word.count > 2 else {
                guard operands.count < operandLimit, !word.isEmpty else {
                    throw UsageError(message: "unexpected argument \"\(word)\"")
                }
                operands.append(word)
                continue
            }
            let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            if switches.contains(name), parts.count == 1 {
                guard raised.insert(name).inserted else { throw UsageError(message: "--\(name) stands twice") }
                continue
            }
            guard allowed.contains(name) else {
                let known = allowed.union(switches).sorted().map { "--\($0)" }.joined(separator: ", ")
                throw UsageError(message: "unknown option --\(name); known here: \(known)")
            }
            guard let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() else {
                throw UsageError(message: "--\(name) needs a value")
            }
            guard values.updateValue(value, forKey: name) == nil else {
                throw UsageError(message: "--\(name) stands twice")
            }
        }
    }

    /// The value of an option that may be missing.
    subscript(_ name: String) -> String? { values[name] }

    /// Whether a switch is there.
    func has(_ name: String) -> Bool { raised.contains(name) }

    /// The value of an option that must be there.
    func required(_ name: String) throws(UsageError) -> String {
        guard let value = values[name], !value.isEmpty else { throw UsageError(message: "--\(name) is missing") }
        return value
    }
}
