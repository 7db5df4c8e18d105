internal import Foundation

/// The normalisation forms that the rules need (R-CHAR-11); the only place where Foundation serves the domain.
enum UnicodeNormalisation {
    /// Normalization Form C: composed canonically.
    static func composed(_ text: String) -> String {
        isASCII(text) ? text : text.precomposedStringWithCanonicalMapping
    }

    /// Normalization Form D: decomposed canonically.
    static func decomposed(_ text: String) -> String {
        isASCII(text) ? text : text.decomposedStringWithCanonicalMapping
    }

    private static func isASCII(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 < 0x80 }
    }
}
