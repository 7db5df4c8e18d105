import Settings

/// What a command line says after the command's name: options with values, flags and operands, in any order.
struct Arguments {
    /// A command line that cannot be meant; the text says what to do.
    struct UsageError: Error {
        let message: String
    }

    /// What stands beside the options: files, mostly.
    private(set) var operands: [String] = []
    private var values: [String: String] = [:]
    private var flags: Set<String> = []

    /// Reads `--name value` and `--name=value` pairs, `--flag` words and operands; every option stands once.
    ///
    /// - Parameters:
    ///   - words: The command line.
    ///   - allowed: Options that take a value.
    ///   - flags: Options that take none.
    ///   - operands: The most operands there may be.
    init(
        _ words: [String], allowed: Set<String>, flags knownFlags: Set<String> = [], operands: Int = 0
    ) throws(UsageError) {
        var rest = words[...]
        while let word = rest.popFirst() {
            guard word.hasPrefix("--"), word.count > 2 else {
                guard self.operands.count < operands else {
                    throw UsageError(message: "unexpected argument \"\(word)\"")
                }
                self.operands.append(word)
                continue
            }
            let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            if knownFlags.contains(name), parts.count == 1 {
                flags.insert(name)
                continue
            }
            guard allowed.contains(name) else {
                let known = allowed.union(knownFlags).sorted()
                let meant = Spelling.nearest(to: name, among: known).map { "; did you mean --\($0)?" } ?? ""
                let list = known.map { "--\($0)" }.joined(separator: ", ")
                throw UsageError(message: "unknown option --\(name)\(meant); known here: \(list)")
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

    /// Whether a flag is set.
    func has(_ flag: String) -> Bool { flags.contains(flag) }

    /// The value of an option that must be there.
    func required(_ name: String) throws(UsageError) -> String {
        guard let value = values[name], !value.isEmpty else { throw UsageError(message: "--\(name) is missing") }
        return value
    }

    /// The one operand that must be there.
    func operand(_ meaning: String) throws(UsageError) -> String {
        guard operands.count == 1, let operand = operands.first, !operand.isEmpty else {
            throw UsageError(message: "\(meaning) is missing")
        }
        return operand
    }
}
