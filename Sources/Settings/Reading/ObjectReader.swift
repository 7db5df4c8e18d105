internal import AuthDomain
internal import JSONText

/// Reads the members of one object in a list; problems are told under its place: `callbacks.targets[0].url`.
final class ObjectReader {
    /// The section's reader, for files and warnings.
    let section: SectionReader
    /// The name of the object in problems, relative to its section.
    let place: String
    private let members: [JSONMember]
    private var known: [String] = []

    init(section: SectionReader, place: String, members: [JSONMember]) {
        self.section = section
        self.place = place
        self.members = members
    }

    /// Notes a problem of one member.
    func refuse(_ key: String, _ message: String) {
        section.refuse("\(place).\(key)", because: message)
    }

    /// A text; nil when it is missing or refused, which is a problem where it is required.
    func text<Value>(
        _ key: String, isRequired: Bool = true, parse: (String) throws(Refusal) -> Value
    ) -> Value? {
        guard let value = value(key) else {
            if isRequired { refuse(key, "required, but not given") }
            return nil
        }
        guard case .string(let text) = value else {
            refuse(key, "must be a string, is \(SectionReader.show(value))")
            return nil
        }
        return checked(key, text, parse)
    }

    /// One word of a closed set.
    func choice<Choice>(_ key: String, default fallback: Choice?) -> Choice?
    where Choice: CaseIterable & RawRepresentable<String> {
        let words = Choice.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
        let chosen: Choice? = text(key, isRequired: fallback == nil) { text throws(Refusal) in
            guard let choice = Choice(rawValue: text) else {
                throw Refusal("must be one of \(words), is \(SectionReader.quote(text, mark: "\""))")
            }
            return choice
        }
        return chosen ?? fallback
    }

    /// A list of texts without one that stands twice; nil when it is missing, or when any is refused.
    func list<Value: Hashable>(
        _ key: String, isRequired: Bool = true, parse: (String) throws(Refusal) -> Value
    ) -> [Value]? {
        guard let value = value(key) else {
            if isRequired { refuse(key, "required, but not given") }
            return nil
        }
        guard case .array(let items) = value, items.count <= 100 else {
            refuse(key, "must be a list of strings, is \(SectionReader.show(value))")
            return nil
        }
        var values: [Value] = []
        for (index, item) in items.enumerated() {
            guard case .string(let text) = item else {
                refuse("\(key)[\(index)]", "must be a string, is \(SectionReader.show(item))")
                continue
            }
            guard let value = checked("\(key)[\(index)]", text, parse) else { continue }
            if values.contains(value) { refuse("\(key)[\(index)]", "given twice") }
            values.append(value)
        }
        return values.count == items.count ? values : nil
    }

    /// Refuses every member that nobody asked for.
    func refuseUnknown() {
        for member in members where !known.contains(member.name) {
            let hint = Spelling.nearest(to: member.name, among: known).map { "; did you mean \($0)?" } ?? ""
            refuse(SectionReader.quote(member.name), "unknown key" + hint)
        }
    }

    private func value(_ key: String) -> JSONValue? {
        known.append(key)
        let value = members.first { $0.name == key }?.value
        return value == .null ? nil : value
    }

    private func checked<Value>(_ key: String, _ text: String, _ parse: (String) throws(Refusal) -> Value) -> Value? {
        guard text.utf8.count <= 4096, text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
        else {
            refuse(key, "must not hold control characters, nor more than 4096 bytes")
            return nil
        }
        do throws(Refusal) {
            return try parse(text)
        } catch {
            refuse(key, error.message)
            return nil
        }
    }
}
