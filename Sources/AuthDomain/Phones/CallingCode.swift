/// The calling code of a country or of a group of countries, 1 to 3 digits (ITU-T E.164).
package struct CallingCode: Hashable, Sendable, CustomStringConvertible {
    /// The digits, without `+`.
    package let digits: String

    /// Vietnam, the one country that is always allowed.
    package static let vietnam = CallingCode(assigned: "84")

    /// Reads a code with or without `+`; nil for text that is no calling code, such as the start of a longer one.
    package init?(_ text: String) {
        guard text.utf8.count <= 4 else { return nil }
        let digits = text.hasPrefix("+") ? text.dropFirst() : text[...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), digits.first != "0",
            CallingCode.length(of: digits) == digits.utf8.count
        else { return nil }
        self.digits = String(digits)
    }

    /// Cuts the calling code off the front of an international number.
    /// - Parameter international: At least three ASCII digits without `+`, the first of them not zero.
    init(startOf international: some StringProtocol) {
        digits = String(international.prefix(Self.length(of: international)))
    }

    private init(assigned digits: String) {
        self.digits = digits
    }

    /// The code with `+`.
    package var description: String { "+" + digits }

    /// How many digits the calling code at the front of a number has: world zones 1 and 7 have one, the codes named
    /// have two, all others three.
    private static func length(of international: some StringProtocol) -> Int {
        if international.first == "1" || international.first == "7" { return 1 }
        return twoDigits.contains(String(international.prefix(2))) ? 2 : 3
    }

    private static let twoDigits: Set<String> = [
        "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49",
        "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81", "82", "84",
        "86", "90", "91", "92", "93", "94", "95", "98",
    ]
}
