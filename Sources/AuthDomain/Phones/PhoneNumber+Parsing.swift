/// Why text is not a telephone number that codes may be sent to; none of the cases carries the number.
package enum PhoneError: Error, Hashable, Sendable {
    /// No digit at all.
    case empty
    /// More than 128 bytes.
    case tooLong
    /// A character that belongs in no number, or a number of digits that none has.
    case malformed
    /// More than one number; which of them is meant, only the sender knows (R-PHONE-8).
    case several
    /// An eleven-digit number from before 2018; the prefixes are written with `0`, as `0122` and `077` (R-SMS-1).
    case oldPrefix(old: String, new: String)
    /// A Vietnamese number in no known range.
    case unassigned
    /// A country that is not allowed.
    case foreignCountry(CallingCode)
}

extension PhoneNumber {
    /// Reads a number as it stands in a form or a request (R-PHONE-8).
    ///
    /// Understands `0912…`, `+84912…`, `84912…`, `0084912…`, also `+84 (0)912…`, with spaces, dots, hyphens and
    /// brackets anywhere, and the invisible marks that come along from address books. Foreign numbers need `+` or `00`.
    /// - Parameters:
    ///   - raw: At most 128 bytes.
    ///   - countries: The foreign countries allowed; Vietnam always is. None by default (R-SMS-1).
    /// - Throws: `PhoneError` by case.
    package init(parsing raw: String, allowing countries: Set<CallingCode> = []) throws(PhoneError) {
        guard raw.utf8.count <= 128 else { throw .tooLong }
        let cells = raw.unicodeScalars.split { Self.numberSeparators.contains($0) }
        let written = cells.filter { cell in cell.contains { ("0"..."9").contains($0) } }
        guard written.count <= 1 else { throw .several }
        guard cells.count == written.count || cells.filter(Self.isBlank).count == cells.count - written.count else {
            throw .malformed
        }
        guard let cell = written.first else { throw .empty }
        let dialled = try Self.dialledDigits(cell)
        let international = try Self.international(dialled)
        if CallingCode(startOf: international) == .vietnam {
            try self.init(vietnamese: international.dropFirst(2))
        } else {
            try self.init(foreign: international, countries: countries)
        }
    }

    /// What stands between two numbers, never inside one.
    private static let numberSeparators: Set<Unicode.Scalar> = ["/", ",", ";", "&", "|", "\n", "\r", "\t"]

    private static func isBlank(_ cell: Substring.UnicodeScalarView) -> Bool {
        cell.allSatisfy(isFiller)
    }

    private static func isFiller(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case ".", "(", ")", "[", "]": true
        default:
            switch scalar.properties.generalCategory {
            case .spaceSeparator, .dashPunctuation, .format: true
            default: false
            }
        }
    }

    /// The digits of a cell, a leading `+` written as `00`.
    private static func dialledDigits(_ cell: Substring.UnicodeScalarView) throws(PhoneError) -> String {
        var digits = ""
        for scalar in cell {
            switch scalar {
            case "0"..."9": digits.unicodeScalars.append(scalar)
            case "+" where digits.isEmpty: digits = "00"
            case "+": throw digits.utf8.count >= 9 ? .several : .malformed
            default: guard isFiller(scalar) else { throw .malformed }
            }
        }
        // Fifteen digits are the most that E.164 knows, and two of ours side by side are never fewer than eighteen.
        guard digits.utf8.count < (digits.hasPrefix("00") ? 20 : 18) else { throw .several }
        return digits
    }

    /// The digits from the calling code on.
    private static func international(_ dialled: String) throws(PhoneError) -> Substring {
        let number: Substring
        if dialled.hasPrefix("00") {
            number = dialled.dropFirst(2)
        } else if dialled.hasPrefix("0") {
            number = "84" + dialled.dropFirst()
        } else if dialled.hasPrefix("84"), dialled.utf8.count >= 11 {
            number = dialled[...]
        } else {
            throw .malformed
        }
        guard (8...15).contains(number.utf8.count), number.first != "0" else { throw .malformed }
        return number
    }

    private init(vietnamese written: Substring) throws(PhoneError) {
        let national = written.first == "0" ? written.dropFirst() : written
        if let (old, new) = VietnameseNumbering.replacedPrefix(national: national) {
            throw .oldPrefix(old: old, new: new)
        }
        guard (VietnameseNumbering.mobileLength...VietnameseNumbering.longLength).contains(national.utf8.count) else {
            throw .malformed
        }
        guard let line = VietnameseNumbering.line(national: national) else {
            // Of ten digits only fixed lines and the mobile numbers of before 2018 ever were.
            throw national.utf8.count == VietnameseNumbering.mobileLength || national.first == "1"
                ? .unassigned : .malformed
        }
        self.init(digits: "84" + national, line: line)
    }

    private init(foreign international: Substring, countries: Set<CallingCode>) throws(PhoneError) {
        let country = CallingCode(startOf: international)
        guard countries.contains(country) else { throw .foreignCountry(country) }
        self.init(digits: String(international), line: .foreign)
    }
}
