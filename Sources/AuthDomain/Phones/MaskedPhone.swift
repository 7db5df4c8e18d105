/// A telephone number of which only the last three digits may be shown (R-PDP-3).
package struct MaskedPhone: Hashable, Sendable, CustomStringConvertible {
    /// The masked form, as in `******678`.
    package let text: String

    /// Masks a number; digits are kept from its end, and nothing is shown of one with fewer than six digits.
    package init(masking number: String) {
        let digits = number.utf8.suffix(32).filter { (0x30...0x39).contains($0) }
        let shown = digits.count >= 6 ? digits.suffix(3) : []
        text = "******" + String(decoding: shown, as: UTF8.self)
    }

    /// The masked form; it is no secret.
    package var description: String { text }
}
