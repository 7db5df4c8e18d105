package import AuthDomain

/// Reads accounts with the records of their passwords from Dovecot's passwd-file, from shadow, and from LDIF.
///
/// Which of them it is, the file tells itself: LDIF begins with `dn:` or `version:`, lines of shadow have nine fields.
package enum CredentialFile {
    private static let lineLimit = 64 << 10

    /// All accounts of a file, in order.
    package static func read(
        _ path: String, limits: FormLimits = FormLimits()
    ) throws(FormFileError) -> [CredentialEntry] {
        var reader: (any CredentialReader)?
        var entries: [CredentialEntry] = []
        try eachLine(of: path, limits: limits) { line, number throws(FormFileError) in
            if reader == nil {
                guard !line.isEmpty, !line.hasPrefix("#") else { return }
                let isLDIF = line.lowercased().hasPrefix("dn:") || line.lowercased().hasPrefix("version:")
                reader = isLDIF ? LDIFReader() : PasswdReader()
            }
            if let entry = reader?.take(line, number: number) { entries.append(entry) }
            guard entries.count <= limits.rows else { throw .tooLarge("quá \(limits.rows) tài khoản") }
        }
        if let last = reader?.finish() { entries.append(last) }
        return entries
    }

    private static func eachLine(
        of path: String, limits: FormLimits, _ body: (String, Int) throws(FormFileError) -> Void
    ) throws(FormFileError) {
        let file = try InputFile(path: path, limit: limits.fileBytes * 4)
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        var line: [UInt8] = []
        var number = 0
        func end() throws(FormFileError) {
            number += 1
            if line.last == 0x0D { line.removeLast() }
            guard let text = String(validating: line, as: UTF8.self) else { throw .notUTF8 }
            line.removeAll(keepingCapacity: true)
            try body(text, number)
        }
        while true {
            let piece = try file.next(into: &buffer)
            guard !piece.isEmpty else { break }
            for byte in piece {
                if byte == 0x0A {
                    try end()
                } else {
                    guard line.count < lineLimit else { throw .tooLarge("dòng \(number + 1) quá dài") }
                    line.append(byte)
                }
            }
        }
        if !line.isEmpty { try end() }
    }
}

/// Makes entries out of lines.
private protocol CredentialReader {
    /// Takes the next line; the entry that it completes, if it does.
    mutating func take(_ line: String, number: Int) -> CredentialEntry?

    /// The entry that the end of the file completes.
    mutating func finish() -> CredentialEntry?
}

/// `user:{SCHEME}record:uid:gid:name:home:shell:extra`, or `user:$6$…:` and seven more fields of shadow.
private struct PasswdReader: CredentialReader {
    private static let shadowFields = 9

    mutating func take(_ line: String, number: Int) -> CredentialEntry? {
        guard !line.isEmpty, !line.hasPrefix("#") else { return nil }
        let fields = line.split(separator: ":", omittingEmptySubsequences: false)
        var entry = CredentialEntry(line: number)
        guard fields.count >= 2 else {
            entry.isMalformed = true
            return entry
        }
        entry.name = String(fields[0])
        entry.record = fields[1].isEmpty ? nil : String(fields[1])
        if fields.count != Self.shadowFields, fields.count > 4, let name = fields[4].split(separator: ",").first {
            entry.displayName = String(name)
        }
        return entry
    }

    mutating func finish() -> CredentialEntry? { nil }
}

/// Entries of a directory (RFC 2849): `mail` or `uid`, `userPassword`, `cn`, `o`, `mobile`.
private struct LDIFReader: CredentialReader {
    private var entry: CredentialEntry?
    private var attribute = ""
    private var hasMail = false

    mutating func take(_ line: String, number: Int) -> CredentialEntry? {
        if line.hasPrefix(" ") {
            attribute += line.dropFirst()
            return nil
        }
        closeAttribute()
        if line.isEmpty { return closeEntry() }
        guard !line.hasPrefix("#") else { return nil }
        if entry == nil {
            guard line.lowercased().hasPrefix("dn:") else { return nil }
            entry = CredentialEntry(line: number)
            hasMail = false
        }
        attribute = line
        return nil
    }

    mutating func finish() -> CredentialEntry? {
        closeAttribute()
        return closeEntry()
    }

    private mutating func closeEntry() -> CredentialEntry? {
        defer { entry = nil }
        // Entries without a name are the branches of the tree.
        guard let entry, entry.isMalformed || !entry.name.isEmpty || entry.record != nil else { return nil }
        return entry
    }

    private mutating func closeAttribute() {
        defer { attribute = "" }
        guard !attribute.isEmpty, entry != nil else { return }
        guard let colon = attribute.firstIndex(of: ":") else {
            entry?.isMalformed = true
            return
        }
        // Options such as `;lang-vi` do not matter here.
        let name = attribute[..<colon].split(separator: ";").first.map { $0.lowercased() } ?? ""
        guard ["mail", "uid", "userpassword", "cn", "displayname", "o", "mobile", "changetype"].contains(name) else {
            return
        }
        guard let value = Self.value(attribute[attribute.index(after: colon)...]) else {
            entry?.isMalformed = true
            return
        }
        set(name, value)
    }

    private mutating func set(_ name: String, _ value: String) {
        switch name {
        case "mail" where !hasMail:
            entry?.name = value
            hasMail = true
        case "uid" where !hasMail && entry?.name.isEmpty == true: entry?.name = value
        case "userpassword" where entry?.record == nil: entry?.record = value
        case "cn" where entry?.displayName == nil: entry?.displayName = value
        case "displayname": entry?.displayName = value
        case "o" where entry?.organisation == nil: entry?.organisation = value
        case "mobile" where entry?.phone == nil: entry?.phone = value
        case "changetype" where value != "add": entry?.isMalformed = true
        default: break
        }
    }

    /// Plain after `: `, base 64 after `:: `; a reference after `:<` is never followed.
    private static func value(_ text: Substring) -> String? {
        guard text.first == ":" else { return text.first == "<" ? nil : trimmed(text) }
        guard let bytes = Base64.decode(trimmed(text.dropFirst()).utf8, .padded) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0 == " " })
    }
}
