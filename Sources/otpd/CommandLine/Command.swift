/// A command as the table has it: what its help says, what its command line may hold, and what runs it.
struct Command: Sendable {
    /// An option of a command.
    struct Option: Sendable {
        let name: String
        /// What stands behind it; nil for a flag.
        let value: String?
        let isRequired: Bool
        /// What it does, with units and limits; further lines are set below the first.
        let text: String

        /// An option that may be missing.
        static func optional(_ name: String, _ value: String, _ text: String) -> Option {
            Option(name: name, value: value, isRequired: false, text: text)
        }

        /// An option that must be there.
        static func required(_ name: String, _ value: String, _ text: String) -> Option {
            Option(name: name, value: value, isRequired: true, text: text)
        }

        /// An option without a value.
        static func flag(_ name: String, _ text: String) -> Option {
            Option(name: name, value: nil, isRequired: false, text: text)
        }

        /// Where the settings are.
        static let config = Option.required("config", "FILE", "the settings; deploy/otpd.example.json explains each")

        /// What a command prints for programs.
        static func json(_ output: Output, _ text: String) -> Option {
            .flag("json", "\(output.text): \(text)")
        }

        /// How it stands on a command line.
        var usage: String { value.map { "--\(name) \($0)" } ?? "--\(name)" }
    }

    /// What `--json` prints on standard output, and nothing else there.
    enum Output: String, Sendable {
        /// One document.
        case object
        /// A document to a line, because there may be very many.
        case lines

        fileprivate var text: String {
            switch self {
            case .object: "print one JSON object"
            case .lines: "print JSON, one object to a line"
            }
        }
    }

    /// How a command is run, with its command line read by the options here.
    typealias Body = @Sendable (Arguments) async throws -> Void

    /// Its words, as `client add`.
    let name: String
    /// What stands beside the options, such as a file; nil for nothing.
    let operand: String?
    /// The most words that may stand there.
    let operands: Int
    /// What it does, in half a sentence.
    let summary: String
    let options: [Option]
    /// What `--json` prints.
    let output: Output
    /// What is worth knowing.
    let notes: String
    /// Exit codes that mean something particular, beside those of every command.
    let exits: String
    /// A command line that works.
    let example: String
    let body: Body

    init(
        _ name: String, operand: String? = nil, operands: Int = 1, _ summary: String, options: [Option],
        output: Output = .object,
        notes: String = "", exits: String = "0 done", example: String, body: @escaping Body
    ) {
        self.name = name
        self.operand = operand
        self.operands = operand == nil ? 0 : operands
        self.summary = summary
        self.options = options
        self.output = output
        self.notes = notes
        self.exits = exits
        self.example = example
        self.body = body
    }

    /// Runs it.
    /// - Parameter words: What stands behind its name.
    func run(_ words: [String]) async throws {
        let values = options.filter { $0.value != nil }.map(\.name)
        let flags = options.filter { $0.value == nil }.map(\.name)
        try await body(try Arguments(words, allowed: Set(values), flags: Set(flags), operands: operands))
    }
}
