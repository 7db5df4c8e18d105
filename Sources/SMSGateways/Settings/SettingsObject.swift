internal import AuthDomain
internal import HTTPClient
internal import JSONText

/// Reads one object of the settings.
///
/// Whatever is missing or wrong is noted and yields a default, so that one pass finds every problem. `finish` notes the keys that nobody asked for.
final class SettingsObject {
    let key: String
    let findings: GatewayFindings
    private let members: [JSONMember]
    private var asked: Set<String> = []

    init(_ members: [JSONMember], key: String, findings: GatewayFindings) {
        // A member whose name begins with an underscore is a remark.
        self.members = members.filter { !$0.name.hasPrefix("_") && $0.value != .null }
        self.key = key
        self.findings = findings
    }

    func path(_ name: String) -> String { "\(key).\(name)" }

    func refuse(_ name: String, _ message: String) {
        findings.refuse(path(name), message)
    }

    func has(_ name: String) -> Bool { members.contains { $0.name == name } }

    func value(_ name: String) -> JSONValue? {
        asked.insert(name)
        return members.first { $0.name == name }?.value
    }

    func finish() {
        for member in members where !asked.contains(member.name) {
            refuse(String(member.name.prefix(64)), "is no key that is known here")
        }
    }

    // MARK: Scalars

    func text(_ name: String) -> String? {
        guard let value = value(name) else { return nil }
        guard case .string(let text) = value, text.utf8.count <= 4096 else {
            refuse(name, "must be a string of at most 4096 bytes")
            return nil
        }
        return text
    }

    func required(_ name: String) -> String {
        if !has(name) { refuse(name, "required, but not given") }
        return text(name) ?? ""
    }

    func integer(_ name: String, default fallback: Int, in range: ClosedRange<Int>) -> Int {
        guard let value = value(name) else { return fallback }
        guard case .number(let digits) = value, let number = Int(digits), range.contains(number) else {
            refuse(name, "must be a whole number between \(range.lowerBound) and \(range.upperBound)")
            return fallback
        }
        return number
    }

    func milliseconds(_ name: String, default fallback: Int, in range: ClosedRange<Int>) -> Duration {
        .milliseconds(integer(name, default: fallback, in: range))
    }

    func flag(_ name: String, default fallback: Bool) -> Bool {
        guard let value = value(name) else { return fallback }
        guard case .bool(let flag) = value else {
            refuse(name, "must be true or false")
            return fallback
        }
        return flag
    }

    func choice<Choice>(_ name: String, default fallback: Choice) -> Choice
    where Choice: CaseIterable & RawRepresentable<String> {
        guard let text = text(name) else { return fallback }
        if let choice = Choice(rawValue: text) { return choice }
        refuse(name, "must be one of " + Choice.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", "))
        return fallback
    }

    // MARK: Structures

    func object(_ name: String) -> SettingsObject? {
        guard let value = value(name) else { return nil }
        guard case .object(let members) = value else {
            refuse(name, "must be an object")
            return nil
        }
        return SettingsObject(members, key: path(name), findings: findings)
    }

    func objects(_ name: String) -> [SettingsObject] {
        guard let value = value(name) else { return [] }
        guard case .array(let elements) = value, elements.count <= 100 else {
            refuse(name, "must be a list of at most 100 objects")
            return []
        }
        return elements.enumerated().compactMap { index, element in
            guard case .object(let members) = element else {
                refuse("\(name)[\(index)]", "must be an object")
                return nil
            }
            return SettingsObject(members, key: "\(path(name))[\(index)]", findings: findings)
        }
    }

    /// A list of texts or numbers, or one of them alone, as texts.
    func scalars(_ name: String) -> [String] {
        guard let value = value(name) else { return [] }
        let elements = if case .array(let elements) = value { elements } else { [value] }
        let texts = elements.compactMap(\.scalarText)
        if texts.count != elements.count || texts.isEmpty { refuse(name, "must be a text, a number or a list of them") }
        return texts
    }

    /// The text members of an object, in their order.
    func texts(_ name: String) -> [(name: String, text: String)] {
        guard let value = value(name) else { return [] }
        guard case .object(let members) = value, members.count <= 100 else {
            refuse(name, "must be an object of strings")
            return []
        }
        return members.compactMap { member in
            guard !member.name.hasPrefix("_") else { return nil }
            guard case .string(let text) = member.value else {
                refuse("\(name).\(member.name.prefix(64))", "must be a string")
                return nil
            }
            return (member.name, text)
        }
    }

    // MARK: Texts with a form of their own

    func template(_ name: String, _ text: String) -> TextTemplate? {
        do throws(TextTemplate.Fault) {
            return try TextTemplate(text)
        } catch {
            refuse(name, error.message)
            return nil
        }
    }

    func pattern(_ name: String) -> ResponsePattern? {
        guard let text = text(name) else { return nil }
        guard let pattern = ResponsePattern(text) else {
            refuse(name, "must be a POSIX extended regular expression without back references")
            return nil
        }
        return pattern
    }

    func pointer(_ name: String) -> JSONPointer? {
        guard let text = text(name) else { return nil }
        guard let pointer = JSONPointer(text) else {
            refuse(name, "must be a JSON pointer, like /data/id")
            return nil
        }
        return pointer
    }

    func addresses(_ name: String) -> [AddressBlock] {
        scalars(name).compactMap { text in
            guard let block = AddressBlock(text) else {
                refuse(name, "must hold addresses or ranges like 10.0.0.0/8")
                return nil
            }
            return block
        }
    }

    /// A name that carriers take as sender (R-SMS-4): 1 to 11 letters, digits, `-`, `_`, `.` or spaces, or a number.
    func sender(_ name: String) -> String {
        guard let text = text(name) else { return "" }
        let isNumber = !text.isEmpty && text.utf8.count <= 16 && text.drop { $0 == "+" }.utf8.allSatisfy(Self.isDigit)
        let isName =
            (1...11).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x20, 0x2D, 0x2E, 0x5F: true
                default: false
                }
            }
        if !isNumber && !isName {
            refuse(name, "must be a brand name of at most 11 letters, digits, - _ . or a number")
        }
        return text
    }

    /// The last day for which that name is registered.
    func senderUntil() -> CivilDate? {
        guard let text = text("sender_until") else { return nil }
        guard let day = CivilDate(parsing: text) else {
            refuse("sender_until", "must be a day like 2029-05-31")
            return nil
        }
        return day
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    // MARK: Files

    func secret(_ name: String) -> SecretBytes? {
        guard let path = text(name) else { return nil }
        return secret(name, file: path)
    }

    func secret(_ name: String, file: String) -> SecretBytes? {
        switch SecretFile.read(file, folder: findings.folder) {
        case .success(let secret): return secret
        case .failure(let fault):
            refuse(name, fault.message)
            return nil
        }
    }

    func authorityFile(_ name: String) -> String? {
        guard let path = text(name) else { return nil }
        let full = SecretFile.resolve(path, folder: findings.folder)
        if !SecretFile.isReadable(full) { refuse(name, "must name a PEM file that can be read") }
        return full
    }
}
