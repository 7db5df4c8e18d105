/// A telephone number in E.164; never described but masked (R-SMS-1, R-PDP-3).
///
/// The number is what a person may be reached under, so that two spellings of it are one value.
package struct PhoneNumber: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable
{
    /// The digits without `+`, the calling code first.
    private let digits: String
    /// What the number leads to.
    package let line: PhoneLine

    /// Takes checked digits; the parser and the reader of stored numbers are the only callers.
    init(digits: String, line: PhoneLine) {
        self.digits = digits
        self.line = line
    }

    /// Reads a number back from the store, `+` and 8 to 15 digits; nil for anything else.
    ///
    /// A Vietnamese number outside today's ranges is read as well, as a fixed line: it was once valid, takes no SMS
    /// any more, and must not make its row unreadable.
    package init?(e164 text: String) {
        guard text.utf8.count <= 16, text.hasPrefix("+") else { return nil }
        let digits = text.dropFirst()
        guard (8...15).contains(digits.utf8.count), digits.first != "0",
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        let isHome = CallingCode(startOf: digits) == .vietnam
        line = isHome ? VietnameseNumbering.line(national: digits.dropFirst(2)) ?? .landline : .foreign
        self.digits = String(digits)
    }

    /// The number as stored and looked up, such as `+84912345678`; personal data.
    package var e164: String { "+" + digits }

    /// Whether the number lies in a Vietnamese mobile range.
    package var isMobile: Bool { line == .mobile }

    /// Whether a code may be sent here by SMS: a mobile number, or one of an allowed foreign country (R-PHONE-7).
    package var takesSMS: Bool { line != .landline }

    /// The country, or the group of countries that share its code.
    package var callingCode: CallingCode { CallingCode(startOf: digits) }

    /// The part that budgets count under.
    package var prefix: PhonePrefix { PhonePrefix(digits: digits, callingCode: callingCode) }

    /// The number as it may be shown and logged.
    package var masked: MaskedPhone { MaskedPhone(masking: digits) }

    /// The number as a gateway wants it; personal data.
    package func formatted(_ format: PhoneFormat) -> String {
        switch format {
        case .e164: "+" + digits
        case .international: digits
        case .national: callingCode == .vietnam ? "0" + digits.dropFirst(2) : "00" + digits
        }
    }

    /// The masked number.
    package var description: String { masked.text }

    /// The masked number.
    package var debugDescription: String { masked.text }

    /// No children: a dump shows nothing.
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// How a gateway wants numbers written; the raw values are those of the settings.
package enum PhoneFormat: String, CaseIterable, Sendable {
    /// `+84912345678`.
    case e164
    /// `84912345678`.
    case international = "84"
    /// `0912345678`, as dialled in Vietnam; foreign numbers begin with `00`.
    case national = "0"
}

/// The start of a number, wide enough to hold thousands of numbers, so that it names nobody.
///
/// The calling code and two more digits (`+8491`); three more behind `+1`, where they tell one country from another.
package struct PhonePrefix: Hashable, Sendable, CustomStringConvertible {
    /// The prefix with `+`; fit for logs and metrics.
    package let text: String

    /// Cuts the prefix off a number.
    init(digits: String, callingCode: CallingCode) {
        let further = callingCode.digits == "1" ? 3 : 2
        text = "+" + digits.prefix(callingCode.digits.utf8.count + further)
    }

    /// Reads a prefix back from the store; nil unless `+` and 2 to 6 digits.
    package init?(_ text: String) {
        let digits = text.utf8.dropFirst()
        guard text.hasPrefix("+"), (2...6).contains(digits.count),
            digits.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        self.text = text
    }

    /// The prefix with `+`.
    package var description: String { text }
}
