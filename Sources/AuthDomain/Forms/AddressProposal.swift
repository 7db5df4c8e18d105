/// Proposes addresses by the naming rule of Điều 5, for forms that have no column for the new address.
///
/// The rule leaves open how names are shortened (R-ADDR-4), so a proposal binds nobody: the operator confirms it.
package enum AddressProposal {
    /// The most characters of a proposed local part.
    private static let limit = 64

    /// A person's address: the full name run together, `_` and the organisation's abbreviation (Đ5.2).
    package static func person(_ name: String, organisation abbreviation: String) -> String? {
        let words = plainWords(name)
        guard words.count >= 2, let suffix = plainAbbreviation(abbreviation) else { return nil }
        return joined(words.joined() + "_" + suffix)
    }

    /// An organisation's address: the first word with the initials of the others, behind it the abbreviation of the
    /// body it belongs to (Đ5.1.c): `sotttt`, `phongcntt_sotttt`; `vanthu_` or `kythuat_` in front by kind (Đ5.1.a, b).
    ///
    /// - Parameters:
    ///   - name: The unit's name; used unless its own abbreviation is told.
    ///   - own: The unit's own abbreviation.
    ///   - parent: The abbreviation of the body it belongs to.
    ///   - kind: The type of mailbox.
    package static func organisation(
        _ name: String, own: String?, parent: String?, kind: AccountKind
    ) -> String? {
        guard let unit = own.flatMap(plainAbbreviation) ?? shortened(name) else { return nil }
        var parts = [unit]
        if let parent {
            guard let suffix = plainAbbreviation(parent) else { return nil }
            if suffix != unit { parts.append(suffix) }
        }
        switch kind {
        case .clerical: parts.insert("vanthu", at: 0)
        case .technical: parts.insert("kythuat", at: 0)
        case .organisation, .personal, .group, .system, .service: break
        }
        return joined(parts.joined(separator: "_"))
    }

    /// The same proposal with a number behind the name, for namesakes (Đ5.2).
    package static func numbered(_ localPart: String, _ number: Int) -> String {
        guard let mark = localPart.firstIndex(of: "_") else { return localPart + String(number) }
        return localPart[..<mark] + String(number) + localPart[mark...]
    }

    private static func joined(_ text: String) -> String? {
        text.utf8.count <= limit - 4 ? text : nil
    }

    /// `Sở Thông tin và Truyền thông` gives `sotttt`; linking words give no initial.
    private static func shortened(_ name: String) -> String? {
        let words = plainWords(name).filter { !["va", "cua", "thuoc"].contains($0) }
        guard let first = words.first else { return nil }
        return first + words.dropFirst().map { $0.prefix(1) }.joined()
    }

    /// An abbreviation as written, `_` allowed inside; nil when nothing of it is left.
    private static func plainAbbreviation(_ text: String) -> String? {
        let parts = text.split(separator: "_").map { plainWords(String($0)).joined() }.filter { !$0.isEmpty }
        return parts.isEmpty ? nil : parts.joined(separator: "_")
    }

    /// Words in lower-case letters and digits of ASCII.
    private static func plainWords(_ text: String) -> [String] {
        FoldedText.words(text).compactMap { word in
            let plain = word.filter { ("a"..."z").contains($0) || ("0"..."9").contains($0) }
            guard plain.count == word.count, !plain.isEmpty else { return nil }
            var text = ""
            text.unicodeScalars.append(contentsOf: plain)
            return text
        }
    }
}
