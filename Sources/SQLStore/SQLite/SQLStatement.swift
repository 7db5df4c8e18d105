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
    // One more piece of text than there are values: a value stands between each two.
    private var pieces: [String]

    /// The statement without its values: what it is compiled once for.
    var shape: SQLShape { SQLShape(pieces: pieces) }

    /// The bindings in the order of their parameters.
    private(set) var values: [SQLValue]

    init(stringLiteral text: String) {
        pieces = [text]
        values = []
    }

    init(stringInterpolation interpolation: StringInterpolation) {
        self = interpolation.statement
    }

    /// The text with numbered parameters.
    var text: String {
        guard !values.isEmpty else { return pieces[0] }
        var result = pieces[0]
        result.reserveCapacity(pieces.reduce(0) { $0 + $1.utf8.count + 3 })
        for index in values.indices {
            result += "$\(index + 1)"
            result += pieces[index + 1]
        }
        return result
    }

    private mutating func append(text: String) {
        pieces[pieces.count - 1] += text
    }

    private mutating func append(value: SQLValue) {
        values.append(value)
        pieces.append("")
    }

    private mutating func append(statement: SQLStatement) {
        append(text: statement.pieces[0])
        values += statement.values
        pieces += statement.pieces.dropFirst()
    }
}

/// The fixed parts of a statement, as the key of its compiled form.
struct SQLShape: Hashable {
    fileprivate let pieces: [String]

    /// Hashes the lengths alone: they tell the few statements of a program apart for less than their text costs.
    func hash(into hasher: inout Hasher) {
        for piece in pieces { hasher.combine(piece.utf8.count) }
    }
}

extension SQLStatement {
    /// Gathers text and bindings.
    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var statement: SQLStatement = ""

        init(literalCapacity: Int, interpolationCount: Int) {
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
