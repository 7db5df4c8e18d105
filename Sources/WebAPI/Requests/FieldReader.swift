import AuthDomain
import JSONText

/// Takes the fields of one JSON object by name; `finish` refuses what nobody asked for.
///
/// A field that may be left out may also be null. Fields are named by their path, as in `client.ip`.
struct FieldReader {
    private var members: [JSONMember]
    private let prefix: String

    /// Reads a body; an empty one is an empty object.
    init(body: [UInt8]) throws(Problem) {
        prefix = ""
        if body.isEmpty {
            members = []
            return
        }
        let value: JSONValue
        do {
            value = try JSONReader.read(body)
        } catch {
            throw Problem(error)
        }
        guard case .object(let members) = value else { throw Problem.invalid("body", .object) }
        self.members = members
    }

    private init(members: [JSONMember], prefix: String) {
        self.members = members
        self.prefix = prefix
    }

    private mutating func take(_ name: String) -> JSONValue? {
        guard let index = members.firstIndex(where: { $0.name == name }) else { return nil }
        return members.remove(at: index).value
    }

    /// Refuses fields that were not taken.
    func finish() throws(Problem) {
        if let member = members.first { throw Problem.unknown(prefix + member.name) }
    }

    // MARK: Text

    /// Text that must be there.
    mutating func string(_ name: String) throws(Problem) -> String {
        guard let text = try optionalString(name) else { throw Problem.invalid(prefix + name, .required) }
        return text
    }

    /// Text that may be left out.
    mutating func optionalString(_ name: String) throws(Problem) -> String? {
        switch take(name) {
        case nil, .null: return nil
        case .string(let text): return text
        case .bool, .number, .array, .object: throw Problem.invalid(prefix + name, .string)
        }
    }

    /// Text in a change: nil leaves it, `.some(nil)` clears it (RFC 7396).
    mutating func clearableString(_ name: String) throws(Problem) -> String?? {
        switch take(name) {
        case nil: return .none
        case .null: return .some(nil)
        case .string(let text): return .some(text)
        case .bool, .number, .array, .object: throw Problem.invalid(prefix + name, .string)
        }
    }

    /// Text with a least and a greatest number of code points.
    mutating func string(_ name: String, characters: ClosedRange<Int>) throws(Problem) -> String {
        let text = try string(name)
        guard characters.contains(text.unicodeScalars.count) else {
            throw Problem.invalid(prefix + name, .characters(characters.lowerBound, characters.upperBound))
        }
        return text
    }

    /// Text that may be left out, with a greatest number of code points.
    mutating func optionalString(_ name: String, limit: Int) throws(Problem) -> String? {
        guard let text = try optionalString(name) else { return nil }
        guard text.unicodeScalars.count <= limit else { throw Problem.invalid(prefix + name, .characters(0, limit)) }
        return text
    }

    /// A list of texts that may be left out.
    mutating func optionalStrings(_ name: String) throws(Problem) -> [String]? {
        switch take(name) {
        case nil, .null: return nil
        case .array(let values):
            var texts: [String] = []
            for value in values {
                guard case .string(let text) = value else { throw Problem.invalid(prefix + name, .strings) }
                texts.append(text)
            }
            return texts
        case .string, .bool, .number, .object: throw Problem.invalid(prefix + name, .strings)
        }
    }

    /// A list of texts that must be there.
    mutating func strings(_ name: String) throws(Problem) -> [String] {
        guard let texts = try optionalStrings(name) else { throw Problem.invalid(prefix + name, .required) }
        return texts
    }

    /// A list of words from a closed list, which may be left out.
    mutating func optionalWords<Word: RawRepresentable & CaseIterable>(
        _ name: String
    ) throws(Problem) -> [Word]? where Word.RawValue == String {
        guard let texts = try optionalStrings(name) else { return nil }
        var words: [Word] = []
        for text in texts {
            guard let word = Word(rawValue: text) else {
                throw Problem.invalid(prefix + name, .oneOf(Word.allCases.map(\.rawValue)))
            }
            words.append(word)
        }
        return words
    }

    // MARK: Values

    /// An instant that must be there.
    mutating func instant(_ name: String) throws(Problem) -> WallInstant {
        guard let instant = try optionalInstant(name) else { throw Problem.invalid(prefix + name, .required) }
        return instant
    }

    /// A day that must be there.
    mutating func date(_ name: String) throws(Problem) -> CivilDate {
        guard let date = CivilDate(parsing: try string(name)) else { throw Problem.invalid(prefix + name, .date) }
        return date
    }

    /// One word of a closed list.
    mutating func word<Word: RawRepresentable & CaseIterable>(
        _ name: String
    ) throws(Problem) -> Word where Word.RawValue == String {
        guard let word: Word = try optionalWord(name) else { throw Problem.invalid(prefix + name, .required) }
        return word
    }

    /// One word of a closed list, which may be left out.
    mutating func optionalWord<Word: RawRepresentable & CaseIterable>(
        _ name: String
    ) throws(Problem) -> Word? where Word.RawValue == String {
        guard let text = try optionalString(name) else { return nil }
        guard let word = Word(rawValue: text) else {
            throw Problem.invalid(prefix + name, .oneOf(Word.allCases.map(\.rawValue)))
        }
        return word
    }

    /// A truth value that may be left out.
    mutating func optionalFlag(_ name: String) throws(Problem) -> Bool? {
        switch take(name) {
        case nil, .null: return nil
        case .bool(let flag): return flag
        case .string, .number, .array, .object: throw Problem.invalid(prefix + name, .flag)
        }
    }

    /// An instant that may be left out.
    mutating func optionalInstant(_ name: String) throws(Problem) -> WallInstant? {
        guard let text = try optionalString(name) else { return nil }
        guard let instant = RFC3339.parse(text) else { throw Problem.invalid(prefix + name, .instant) }
        return instant
    }

    /// An object within this one.
    mutating func object(_ name: String) throws(Problem) -> FieldReader {
        switch take(name) {
        case nil: throw Problem.invalid(prefix + name, .required)
        case .object(let members): return FieldReader(members: members, prefix: prefix + name + ".")
        case .null, .string, .bool, .number, .array: throw Problem.invalid(prefix + name, .object)
        }
    }

    /// Refuses null where leaving a field out is the only way of not telling it.
    func refuseNull(_ names: String...) throws(Problem) {
        for member in members where member.value == .null && names.contains(member.name) {
            throw Problem.invalid(prefix + member.name, .notNull)
        }
    }
}
