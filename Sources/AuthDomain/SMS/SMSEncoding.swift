/// How the text of a short message travels; it decides how much fits (3GPP TS 23.038).
package enum SMSEncoding: String, CaseIterable, Sendable {
    /// The GSM 7-bit default alphabet with its extension table.
    case gsm7
    /// UCS-2, in fact UTF-16.
    case ucs2

    /// How many units one message holds that is alone.
    package var unitsAlone: Int {
        switch self {
        case .gsm7: 160
        case .ucs2: 70
        }
    }

    /// How many units each part of a longer message holds, its header of six octets taken off.
    package var unitsPerPart: Int {
        switch self {
        case .gsm7: 153
        case .ucs2: 67
        }
    }

    /// How many units a character takes; nil when the encoding does not have it.
    func units(of scalar: Unicode.Scalar) -> Int? {
        switch self {
        case .gsm7: GSMAlphabet.basic.contains(scalar) ? 1 : GSMAlphabet.extended.contains(scalar) ? 2 : nil
        case .ucs2: UTF16.width(scalar)
        }
    }
}

/// How many parts a text makes, which is what a carrier bills (R-SMS-2).
///
/// Neither an extension character nor a surrogate pair is split between parts, so that a part may stay one unit short.
package struct SMSParts: Hashable, Sendable {
    /// The cheaper encoding that has every character.
    package let encoding: SMSEncoding
    /// Septets or UTF-16 code units in all.
    package let units: Int
    /// How many messages the text is sent as; none for an empty text.
    package let parts: Int

    /// Counts a text as it stands, without normalising it.
    package init(_ text: String) {
        let scalars = text.unicodeScalars
        if let widths = Self.widths(scalars, in: .gsm7) {
            self.init(widths: widths, encoding: .gsm7)
        } else {
            self.init(widths: scalars.map { UTF16.width($0) }, encoding: .ucs2)
        }
    }

    private init(widths: [Int], encoding: SMSEncoding) {
        self.encoding = encoding
        units = widths.reduce(0, +)
        guard units > encoding.unitsAlone else {
            parts = units == 0 ? 0 : 1
            return
        }
        var parts = 1
        var used = 0
        for width in widths {
            if used + width > encoding.unitsPerPart {
                parts += 1
                used = 0
            }
            used += width
        }
        self.parts = parts
    }

    private static func widths(_ scalars: String.UnicodeScalarView, in encoding: SMSEncoding) -> [Int]? {
        var widths: [Int] = []
        widths.reserveCapacity(scalars.count)
        for scalar in scalars {
            guard let width = encoding.units(of: scalar) else { return nil }
            widths.append(width)
        }
        return widths
    }
}

/// The characters of the GSM 7-bit default alphabet (3GPP TS 23.038 §6.2.1).
enum GSMAlphabet {
    /// The basic table, row by row, without the escape.
    static let basic = Set(
        ("@£$¥èéùìòÇ\nØø\rÅå" + "Δ_ΦΓΛΩΠΨΣΘΞÆæßÉ" + " !\"#¤%&'()*+,-./" + "0123456789:;<=>?" + "¡ABCDEFGHIJKLMNO"
            + "PQRSTUVWXYZÄÖÑÜ§" + "¿abcdefghijklmno" + "pqrstuvwxyzäöñüà").unicodeScalars)

    /// The extension table; each of these takes an escape before it.
    static let extended = Set("\u{C}^{}\\[~]|€".unicodeScalars)
}
