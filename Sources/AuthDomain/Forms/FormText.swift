/// Text of forms as it is compared: without diacritics, case and anything but letters and digits.
package enum FormText {
    /// The folded letters and digits of a heading or title, so that accents in either form, line breaks and
    /// punctuation make no difference.
    package static func folded(_ text: String) -> String {
        var folded = ""
        for scalar in FoldedText.fold(text) where isKept(scalar) { folded.unicodeScalars.append(scalar) }
        return folded
    }

    /// A cell without white space and invisible marks around it; the dots of an unfilled line count as nothing.
    package static func trimmed(_ text: String) -> String {
        var scalars = text.unicodeScalars[...]
        while let first = scalars.first, isBlank(first) { scalars = scalars.dropFirst() }
        while let last = scalars.last, isBlank(last) { scalars = scalars.dropLast() }
        guard !scalars.allSatisfy({ $0 == "." || $0 == "…" || isBlank($0) }) else { return "" }
        return UnicodeNormalisation.composed(String(scalars))
    }

    /// The last date in a text, written day/month/year with `/`, `-` or `.`.
    package static func date(in text: String) -> CivilDate? {
        let words = text.split { !"0123456789/-.".contains($0) }
        for word in words.reversed() {
            let parts = word.split { "/-.".contains($0) }
            guard parts.count == 3, parts[2].count == 4, let day = Int(parts[0]), let month = Int(parts[1]),
                let year = Int(parts[2]), let date = CivilDate(year: year, month: month, day: day)
            else { continue }
            return date
        }
        return nil
    }

    private static func isKept(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar)
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || scalar == "\u{FEFF}" || scalar == "\u{200B}"
    }
}

/// What a row of Mẫu 02 or 04 wants changed, and to what.
package enum RequestedChange: Hashable, Sendable {
    /// Another telephone number (R-PHONE-5).
    case phone(PhoneNumber)
    /// Another representative, with the telephone number of the new one (R-PHONE-6).
    case representative(name: String, PhoneNumber)
    /// Another name of the holder.
    case name(String)
    /// Another organisation.
    case organisation(String)
    /// Something the service does not keep, such as the position.
    case nothing

    /// Reads the two columns "Thông tin thay đổi" and "Thông tin đề nghị điều chỉnh".
    ///
    /// The first often still shows what the form has printed there, both choices joined by a stroke; then what the
    /// second holds decides.
    package static func read(_ change: String, to value: String, in form: FormKind) throws(FormProblem)
        -> RequestedChange
    {
        let asked = FormText.folded(change)
        let (name, phoneText) = split(value)
        let wantsPhone = asked.contains("dienthoai") || asked.contains("otp") || asked.hasPrefix("sdt")
        let wantsRepresentative = form == .organisationChange && asked.contains("nguoidaidien")
        if wantsRepresentative, !(wantsPhone && name.isEmpty) {
            guard let phoneText, !name.isEmpty else { throw .representativeIncomplete }
            return .representative(name: name, try mobile(phoneText))
        }
        if wantsPhone {
            if let phoneText { return .phone(try mobile(phoneText)) }
            guard asked.contains("chucvu") else { throw .valueWithoutPhone }
            return .nothing
        }
        if asked.contains("chucvu") || asked.contains("chucdanh") { return .nothing }
        if asked.contains("hovaten") || asked.contains("hoten") || asked == "ten" { return .name(try text(value)) }
        if asked.contains("coquan") || asked.contains("donvi") || asked.contains("noicongtac") {
            return .organisation(try text(value))
        }
        throw .unknownChange
    }

    private static func text(_ value: String) throws(FormProblem) -> String {
        guard value.unicodeScalars.count <= 200, value.unicodeScalars.contains(where: \.properties.isAlphabetic) else {
            throw .valueIsNoName
        }
        return value
    }

    private static func mobile(_ text: String) throws(FormProblem) -> PhoneNumber {
        let phone: PhoneNumber
        do {
            phone = try PhoneNumber(parsing: FormPhone.completed(text))
        } catch {
            throw .phone(.value, error)
        }
        guard phone.takesSMS else { throw .landline(.value) }
        return phone
    }

    /// What stands before the first digit or `+` is the name, the rest the number; labels and strokes are dropped.
    private static func split(_ value: String) -> (name: String, phone: String?) {
        let scalars = value.unicodeScalars
        guard let start = scalars.firstIndex(where: { ("0"..."9").contains($0) || $0 == "+" || $0 == "(" }) else {
            return (nameWithoutLabel(String(scalars)), nil)
        }
        let digits = scalars[start...].filter { ("0"..."9").contains($0) }.count
        guard digits >= 6 else { return (nameWithoutLabel(String(scalars)), nil) }
        return (nameWithoutLabel(String(scalars[..<start])), FormText.trimmed(String(scalars[start...])))
    }

    private static func nameWithoutLabel(_ text: String) -> String {
        var words = text.split { ",;/:–|\n\t ".contains($0) || $0 == "-" }.map(String.init)
        let labels: Set<String> = ["sdt", "so", "dien", "thoai", "dt", "otp", "tel", "moi", "ky", "dang"]
        while let last = words.last, labels.contains(FormText.folded(last)) { words.removeLast() }
        return words.joined(separator: " ")
    }
}

/// Telephone numbers as spreadsheets keep them.
package enum FormPhone {
    /// Gives a number the leading zero back that a spreadsheet takes from it: nine digits as no number has them else.
    package static func completed(_ text: String) -> String {
        let isBare = text.utf8.count == 9 && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        guard isBare, let first = text.first, "35789".contains(first) else { return text }
        return "0" + text
    }
}
