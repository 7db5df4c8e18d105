/// Text as a guesser sees it: lower-case and without diacritics, so that `Hà Nội` and `hanoi` lie close together.
enum FoldedText {
    /// Folds text; every base letter gives its plain form, combining marks are dropped, đ becomes d.
    static func fold(_ text: String) -> [Unicode.Scalar] {
        var folded: [Unicode.Scalar] = []
        for scalar in UnicodeNormalisation.decomposed(text).unicodeScalars {
            switch scalar {
            case "A"..."Z": folded.append(Unicode.Scalar(UInt8(scalar.value) + 0x20))
            case "\u{0}"..."\u{7F}": folded.append(scalar)
            case "đ", "Đ", "ð", "Ð": folded.append("d")
            default:
                guard scalar.properties.generalCategory != .nonspacingMark else { continue }
                for lowered in scalar.properties.lowercaseMapping.unicodeScalars
                where lowered.properties.generalCategory != .nonspacingMark {
                    folded.append(lowered)
                }
            }
        }
        return folded
    }

    /// The words of letters and digits in folded text.
    static func words(_ text: String) -> [[Unicode.Scalar]] {
        fold(text).split { !$0.properties.isAlphabetic && !("0"..."9").contains($0) }.map(Array.init)
    }
}
