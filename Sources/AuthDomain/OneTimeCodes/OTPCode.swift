/// How many digits a one-time code has.
package enum OTPDigits: Int, CaseIterable, Sendable {
    case six = 6
    case seven = 7
    case eight = 8

    /// Ten to the power of the number of digits.
    package var modulus: UInt32 {
        switch self {
        case .six: 1_000_000
        case .seven: 10_000_000
        case .eight: 100_000_000
        }
    }
}

/// Why text is not a one-time code.
package enum OTPCodeError: Error, Hashable, Sendable {
    /// Another number of digits than six to eight.
    case wrongLength
    /// A character that is neither an ASCII digit nor a space.
    case notDigits
}

/// A one-time code with its leading zeros; never described, compared in constant time (R-TOTP-1).
package struct OTPCode: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The digits, to be shown or sent to the person whose code it is.
    package let text: String
    /// How many digits there are.
    package let digits: OTPDigits

    /// Reads what a person typed; spaces are skipped, at most 32 bytes are looked at.
    /// - Throws: `OTPCodeError` by case.
    package init(parsing raw: String) throws(OTPCodeError) {
        guard raw.utf8.count <= 32 else { throw .wrongLength }
        var kept: [UInt8] = []
        for scalar in raw.unicodeScalars where scalar != " " && scalar != "\u{A0}" {
            guard ("0"..."9").contains(scalar) else { throw .notDigits }
            kept.append(UInt8(scalar.value))
        }
        guard let digits = OTPDigits(rawValue: kept.count) else { throw .wrongLength }
        self.text = String(decoding: kept, as: UTF8.self)
        self.digits = digits
    }

    /// Writes the last digits of a truncated value, zeros in front kept (RFC 4226 §5.3, step 3).
    package init(truncated value: UInt32, digits: OTPDigits) {
        let number = String(value % digits.modulus)
        self.text = String(repeating: "0", count: digits.rawValue - number.utf8.count) + number
        self.digits = digits
    }

    /// Whether two codes have the same digits; the time taken tells at most whether their lengths differ.
    package static func == (left: OTPCode, right: OTPCode) -> Bool {
        ConstantTime.equal(Array(left.text.utf8), Array(right.text.utf8))
    }

    /// Always `***`.
    package var description: String { "***" }

    /// Always `***`.
    package var debugDescription: String { "***" }

    /// No children: a dump shows nothing.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
