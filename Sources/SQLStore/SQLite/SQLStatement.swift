internal import AuthDomain

/// A value bound to a statement.
enum SQLValue: Sendable, Equatable {
    case null
    case integer(Int64)
    case text(String)
    case blob([UInt8])
}

/// SQL text whose interpolated values become parameters, so that no value can be read as SQL.
///
/// `"… WHERE id = \(id)"` is sent as `… WHERE id = $1` with one binding. An interpolated statement is spliced in
/// with its own bindings; that is how conditions are shared.
struct SQLStatement: ExpressibleByStringInterpolation, Sendable {
    // Literals as the compiler laid them down, never joined: making a statement again costs next to nothing.
    private var pieces: [SQLPiece]

    /// The statement without its values: what it is compiled once for.
    var shape: SQLShape { SQLShape(pieces: pieces) }

    /// The bindings in the order of their parameters.
    private(set) var values: [SQLValue]

    init(stringLiteral text: String) {
        pieces = [.text(text)]
        values = []
    }

    init(stringInterpolation interpolation: StringInterpolation) {
        self = interpolation.statement
    }

    /// The text with numbered parameters.
    var text: String {
        var result = ""
        var parameters = 0
        for piece in pieces {
            switch piece {
            case .text(let text): result += text
            case .parameter:
                parameters += 1
                result += "$\(parameters)"
            }
        }
        return result
    }

    private mutating func append(text: String) {
        pieces.append(.text(text))
    }

    private mutating func append(value: SQLValue) {
        values.append(value)
        pieces.append(.parameter)
    }

    private mutating func append(statement: SQLStatement) {
        values += statement.values
        pieces += statement.pieces
    }
}

/// One piece of a statement: text, or the place of the next value.
enum SQLPiece: Equatable, Sendable {
    case text(String)
    case parameter
}

/// The fixed parts of a statement, as the key of its compiled form.
struct SQLShape: Hashable {
    fileprivate let pieces: [SQLPiece]

    /// Hashes the lengths alone: they tell the few statements of a program apart for less than their text costs.
    func hash(into hasher: inout Hasher) {
        var sum = pieces.count
        for case .text(let text) in pieces { sum = sum &* 31 &+ text.utf8.count }
        hasher.combine(sum)
    }
}

extension SQLStatement {
    /// Gathers text and bindings.
    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var statement: SQLStatement = ""

        init(literalCapacity: Int, interpolationCount: Int) {
            statement.pieces = []
            statement.pieces.reserveCapacity(2 * interpolationCount + 1)
            statement.values.reserveCapacity(interpolationCount)
        }

        mutating func appendLiteral(_ literal: String) { statement.append(text: literal) }

        mutating func appendInterpolation(_ fragment: SQLStatement) { statement.append(statement: fragment) }

        mutating func appendInterpolation(_ value: SQLValue) { statement.append(value: value) }

        /// Several parameters with commas between them.
        mutating func appendInterpolation(list values: [SQLValue]) {
            for (index, value) in values.enumerated() {
                if index > 0 { statement.append(text: ", ") }
                statement.append(value: value)
            }
        }

        mutating func appendInterpolation(_ value: Int) { statement.append(value: .integer(Int64(value))) }

        mutating func appendInterpolation(_ value: Int64?) {
            statement.append(value: value.map(SQLValue.integer) ?? .null)
        }

        mutating func appendInterpolation(_ value: Bool) { statement.append(value: .integer(value ? 1 : 0)) }

        mutating func appendInterpolation(_ value: String?) {
            statement.append(value: value.map(SQLValue.text) ?? .null)
        }

        mutating func appendInterpolation(_ value: [UInt8]?) {
            statement.append(value: value.map(SQLValue.blob) ?? .null)
        }

        mutating func appendInterpolation(_ value: WallInstant?) {
            statement.append(value: value.map { .integer($0.milliseconds) } ?? .null)
        }

        mutating func appendInterpolation(_ value: AccountID) { statement.append(value: .text(value.text)) }

        mutating func appendInterpolation(_ value: AuthenticatorID) { statement.append(value: .text(value.text)) }

        mutating func appendInterpolation(_ value: MailboxAddress) { statement.append(value: .text(value.text)) }

        mutating func appendInterpolation(_ value: some RawRepresentable<String>) {
            statement.append(value: .text(value.rawValue))
        }
    }
}
