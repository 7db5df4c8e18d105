/// The telephone numbers of Vietnam as data: ranges change, code need not (R-SMS-1).
///
/// A national number is written here without the trunk `0`.
enum VietnameseNumbering {
    /// How many digits a national mobile number has.
    static let mobileLength = 9
    /// How many digits a national number of a fixed line has, and an eleven-digit mobile number had (before 2018).
    static let longLength = 10

    /// The first three digits of mobile numbers in use; from the pattern of R-SMS-1.
    static let mobileRanges: [ClosedRange<Int>] = [
        300...399, 522...523, 528...528, 559...559, 560...569, 580...599, 700...709, 760...799, 810...889, 896...899,
        900...989, 990...991, 993...999,
    ]

    /// The prefixes that eleven-digit numbers lost in 2018, with what took their place.
    static let replacedPrefixes: [String: String] = [
        "0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078",
        "0123": "083", "0124": "084", "0125": "085", "0127": "081", "0129": "082",
        "0162": "032", "0163": "033", "0164": "034", "0165": "035", "0166": "036", "0167": "037", "0168": "038",
        "0169": "039",
        "0186": "056", "0188": "058",
        "0199": "059",
    ]

    /// What a national number is; nil for one outside every range.
    /// - Parameter national: ASCII digits without the trunk zero.
    static func line(national: Substring) -> PhoneLine? {
        guard let range = Int(national.prefix(3)), national.utf8.count >= 3 else { return nil }
        if national.utf8.count == mobileLength, mobileRanges.contains(where: { $0.contains(range) }) { return .mobile }
        if national.utf8.count == longLength, national.first == "2" { return .landline }
        return nil
    }

    /// The old and the new prefix of a national number as it was written before 2018; nil for any other.
    static func replacedPrefix(national: Substring) -> (old: String, new: String)? {
        guard national.utf8.count == longLength else { return nil }
        let old = "0" + national.prefix(3)
        return replacedPrefixes[old].map { (old, $0) }
    }
}

/// What a telephone number leads to, as far as its digits tell.
package enum PhoneLine: String, CaseIterable, Sendable {
    /// A Vietnamese mobile number.
    case mobile
    /// A Vietnamese fixed line, which takes no SMS (R-PHONE-7).
    case landline
    /// A number of an allowed foreign country; its ranges are not known here.
    case foreign
}
