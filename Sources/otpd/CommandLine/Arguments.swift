/// What a command line says after the command's name: options with values, in any order.
struct Arguments {
    /// A command line that cannot be meant; the text says what to do.
    struct UsageError: Error {
        let message: String
    }

    private var values: [String: String] = [:]
    private var given: Set<String> = []

    /// Reads `--name value` pairs and `--name=value`; every name must be among those allowed and stand once.
    ///
    /// - Parameter flags: Names that stand without a value.
    init(_ words: [String], allowed: Set<String>, flags: Set<String> = []) throws(UsageError) {
        var rest = words[...]
        while let word = rest.popFirst() {
            guard word.hasPrefix("--"), word.count > 2 else {
                throw UsageError(message: "unexpected argument \"\(word)\"")
            }
            let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            if flags.contains(name), parts.count == 1 {
                guard given.insert(name).inserted else { throw UsageError(message: "--\(name) stands twice") }
                continue
            }
            guard allowed.contains(name) else {
                let known = allowed.union(flags).sorted().map { "--\($0)" }.joined(separator: ", ")
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

    /// Whether a flag was given.
    func has(_ flag: String) -> Bool { given.contains(flag) }

    /// The value of an option that must be there.
    func required(_ name: String) throws(UsageError) -> String {
        guard let value = values[name], !value.isEmpty else { throw UsageError(message: "--\(name) is missing") }
        return value
    }
}
