internal import AuthDomain

/// A value of log metadata.
package enum LogValue: Hashable, Sendable {
    case string(String)
    case int(Int64)
    case double(Double)
    /// A number with three decimals, counted in thousandths.
    case thousandths(Int64)
    case bool(Bool)
    /// Leaves the key out of the line.
    case absent

    /// A text that may be missing.
    package static func optional(_ text: String?) -> LogValue {
        text.map { .string($0) } ?? .absent
    }

    /// A whole number of any width.
    package static func number(_ value: some BinaryInteger) -> LogValue {
        .int(Int64(clamping: value))
    }

    /// A duration in milliseconds, to the microsecond.
    package static func milliseconds(_ duration: Duration) -> LogValue {
        .thousandths(duration.wholeMicroseconds)
    }
}

extension LogValue: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    /// Makes a text value.
    package init(stringLiteral value: String) {
        self = .string(value)
    }
}

extension LogValue: ExpressibleByIntegerLiteral {
    /// Makes a number value.
    package init(integerLiteral value: Int64) {
        self = .int(value)
    }
}

extension LogValue: ExpressibleByFloatLiteral {
    /// Makes a number value.
    package init(floatLiteral value: Double) {
        self = .double(value)
    }
}

extension LogValue: ExpressibleByBooleanLiteral {
    /// Makes a truth value.
    package init(booleanLiteral value: Bool) {
        self = .bool(value)
    }
}

/// The weight of a log line.
package enum LogLevel: String, CaseIterable, Comparable, Sendable {
    case debug, info, warning, error

    /// The lighter of two levels compares as less.
    package static func < (left: LogLevel, right: LogLevel) -> Bool {
        left.order < right.order
    }

    private var order: Int {
        switch self {
        case .debug: 0
        case .info: 1
        case .warning: 2
        case .error: 3
        }
    }
}
