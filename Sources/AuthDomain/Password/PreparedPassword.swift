/// Why text cannot be a password at all.
package enum PasswordPreparationError: Error, Hashable, Sendable {
    /// No character.
    case empty
    /// More than 128 code points or 1,024 bytes; never cut (R-PW-4).
    case tooLong
    /// A control, an unassigned or an invisible character.
    case badCharacter
}

/// A password in the one form in which it is hashed and compared: OpaqueString of RFC 8265 (R-CHAR-11).
///
/// Spaces outside ASCII become U+0020, the text becomes Form C; case, width and spaces at either end stay.
package struct PreparedPassword: Equatable, Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// The most code points after normalisation.
    package static let codePointLimit = 128
    /// The most bytes of UTF-8 after normalisation.
    package static let byteLimit = 1024
    /// Names the normalisation beside a stored hash, so that it can change some day.
    package static let normalisation = "opaquestring-nfc-1"

    /// The normalised text in UTF-8, to be hashed.
    package let utf8: SecretBytes

    /// Prepares what a person typed.
    /// - Throws: `PasswordPreparationError` by case; length is judged before characters.
    package init(preparing raw: String) throws(PasswordPreparationError) {
        // Form C may shorten text, but by no more than this for text that ends within the limit.
        guard raw.utf8.count <= Self.byteLimit * 4 else { throw .tooLong }
        guard !raw.isEmpty else { throw .empty }
        var spaced = String.UnicodeScalarView()
        for scalar in raw.unicodeScalars {
            spaced.append(scalar.properties.generalCategory == .spaceSeparator ? " " : scalar)
        }
        let text = UnicodeNormalisation.composed(String(spaced))
        guard text.unicodeScalars.count <= Self.codePointLimit, text.utf8.count <= Self.byteLimit else {
            throw .tooLong
        }
        guard text.unicodeScalars.allSatisfy(Self.isAllowed) else { throw .badCharacter }
        utf8 = SecretBytes(Array(text.utf8))
    }

    /// Whether two passwords are the same text, in time that depends on the length alone.
    package static func == (left: PreparedPassword, right: PreparedPassword) -> Bool {
        left.utf8 == right.utf8
    }

    /// Lends the code points to a rule for the time of a call.
    package func withCodePoints<Result>(_ body: ([Unicode.Scalar]) -> Result) -> Result {
        utf8.withBytes { body(Array(String(decoding: $0, as: UTF8.self).unicodeScalars)) }
    }

    /// Always `***`.
    package var description: String { "***" }

    /// Always `***`.
    package var debugDescription: String { "***" }

    /// No children: a dump shows nothing.
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// Letters, marks, numbers, symbols, punctuation and the space (FreeformClass of RFC 8264 §4.3).
    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return (0x20...0x7E).contains(scalar.value) }
        let properties = scalar.properties
        guard !properties.isDefaultIgnorableCodePoint, !properties.isNoncharacterCodePoint else { return false }
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber,
            .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol,
            .spaceSeparator:
            return true
        case .lineSeparator, .paragraphSeparator, .control, .format, .surrogate, .privateUse, .unassigned:
            return false
        @unknown default:
            return false
        }
    }
}
