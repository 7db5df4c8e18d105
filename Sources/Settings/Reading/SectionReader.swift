internal import JSONText

/// Reads the keys of one section; each call documents its key and records it in the reference.
///
/// A key that is missing or wrong yields its default, so that one pass finds every problem.
struct SectionReader {
    /// The limits of a settings file.
    static let jsonLimits = JSONReader.Limits(depth: 16, members: 1000)

    let source: SettingsSource
    let section: String

    func name(_ key: String) -> String { section.isEmpty ? key : "\(section).\(key)" }

    private func variable(_ key: String) -> String {
        "OTPD_" + name(key).uppercased().map { $0 == "." ? "_" : String($0) }.joined()
    }

    /// Records the key and gives what stands for it.
    private func find(_ key: String, _ doc: KeyDoc) -> Given? {
        let variable = variable(key)
        source.record(
            SettingReference(
                name: name(key), variable: variable, type: doc.type, defaultText: doc.defaultText, range: doc.range,
                unit: doc.unit, isSecret: doc.isSecret, summary: doc.summary))
        guard let found = source.given(section: section, key: key, variable: variable) else { return nil }
        return Given(value: found.value, variable: found.isFromEnvironment ? variable : nil)
    }

    private func refuse(_ key: String, _ message: String, _ given: Given? = nil) {
        source.refuse(name(key), given?.variable.map { "\(message) (from \($0))" } ?? message)
    }

    // MARK: Scalars

    /// A whole number within a range.
    func integer(
        _ key: String, default fallback: Int, in range: ClosedRange<Int>, unit: String? = nil, _ summary: String
    ) -> Int {
        let doc = KeyDoc(
            type: "whole number", defaultText: "\(fallback)", range: "\(range.lowerBound)…\(range.upperBound)",
            unit: unit, summary: summary)
        guard let given = find(key, doc) else { return fallback }
        let digits: String? =
            switch given.value {
            case .number(let text): text
            case .string(let text) where given.variable != nil: text
            default: nil
            }
        guard let digits, let number = Int(digits) else {
            refuse(key, "must be a whole number, is \(Self.show(given.value))", given)
            return fallback
        }
        guard range.contains(number) else {
            refuse(key, "must be between \(range.lowerBound) and \(range.upperBound), is \(number)", given)
            return fallback
        }
        return number
    }

    /// A number of seconds within a range.
    func seconds(_ key: String, default fallback: Int, in range: ClosedRange<Int>, _ summary: String) -> Duration {
        .seconds(integer(key, default: fallback, in: range, unit: "seconds", summary))
    }

    /// True or false.
    func flag(_ key: String, default fallback: Bool, _ summary: String) -> Bool {
        guard let given = find(key, KeyDoc(type: "true or false", defaultText: "\(fallback)", summary: summary)) else {
            return fallback
        }
        switch given.value {
        case .bool(let value): return value
        case .string("true") where given.variable != nil: return true
        case .string("false") where given.variable != nil: return false
        default:
            refuse(key, "must be true or false, is \(Self.show(given.value))", given)
            return fallback
        }
    }

    /// One word of a closed set.
    func choice<Choice>(_ key: String, default fallback: Choice, _ summary: String) -> Choice
    where Choice: CaseIterable & RawRepresentable<String> {
        let words = Choice.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
        let doc = KeyDoc(type: "word", defaultText: "\"\(fallback.rawValue)\"", range: words, summary: summary)
        guard let given = find(key, doc) else { return fallback }
        if case .string(let word) = given.value, let value = Choice(rawValue: word) { return value }
        refuse(key, "must be one of \(words), is \(Self.show(given.value))", given)
        return fallback
    }

    // MARK: Structures

    /// A list or an object of a form of its own; nil when it is not given or no JSON.
    ///
    /// In the environment: JSON text.
    func json(_ key: String, _ doc: KeyDoc) -> JSONValue? {
        guard let given = find(key, doc) else { return nil }
        guard given.variable != nil, case .string(let text) = given.value else { return given.value }
        do throws(JSONRefusal) {
            return try JSONReader.read(Array(text.utf8), form: .handWritten, limits: Self.jsonLimits)
        } catch {
            refuse(key, "must be JSON: \(error.message)", given)
            return nil
        }
    }

    // MARK: Texts

    /// A text in a form of its own; nil when it is missing or refused.
    ///
    /// A missing text is a problem only where the doc names no default. A secret value is never shown.
    func text<Value>(
        _ key: String, _ doc: KeyDoc, parse: (String) throws(Refusal) -> Value
    ) -> Value? {
        guard let given = find(key, doc) else {
            if doc.defaultText == nil { refuse(key, "required, but not given") }
            return nil
        }
        guard case .string(let text) = given.value else {
            refuse(key, "must be a string" + (doc.isSecret ? "" : ", is \(Self.show(given.value))"), given)
            return nil
        }
        return checked(key, text, given, parse)
    }

    /// A list of texts; nil when it is missing or when any element is refused.
    ///
    /// No element may stand twice. In the environment: a JSON array, or the elements with commas between them.
    func list<Value: Hashable>(
        _ key: String, _ doc: KeyDoc, parse: (String) throws(Refusal) -> Value
    ) -> [Value]? {
        guard let given = find(key, doc) else {
            if doc.defaultText == nil { refuse(key, "required, but not given") }
            return nil
        }
        guard let elements = Self.elements(given) else {
            refuse(key, "must be a list of strings, is \(Self.show(given.value))", given)
            return nil
        }
        var values: [Value] = []
        for (index, element) in elements.enumerated() {
            guard let value = checked("\(key)[\(index)]", element, given, parse) else { continue }
            if values.contains(value) {
                refuse("\(key)[\(index)]", "given twice: \(Self.quote(element))", given)
            }
            values.append(value)
        }
        return values.count == elements.count ? values : nil
    }

    /// The objects of a list, each to be read by itself; in the environment as JSON.
    func objects(_ key: String, _ summary: String) -> [ObjectReader] {
        guard let given = find(key, KeyDoc(type: "list of objects", defaultText: "[]", summary: summary)) else {
            return []
        }
        var value = given.value
        if given.variable != nil, case .string(let text) = value,
            let read = try? JSONReader.read(Array(text.utf8), form: .handWritten)
        {
            value = read
        }
        guard case .array(let items) = value, items.count <= 100 else {
            refuse(key, "must be a list of at most 100 objects, is \(Self.show(value))", given)
            return []
        }
        return items.enumerated().compactMap { index, item in
            guard case .object(let members) = item else {
                refuse("\(key)[\(index)]", "must be an object, is \(Self.show(item))", given)
                return nil
            }
            return ObjectReader(section: self, place: "\(key)[\(index)]", members: members)
        }
    }

    /// Refuses a value whose fault shows only beside others.
    func refuse(_ key: String, because message: String) {
        refuse(key, message)
    }

    private func checked<Value>(
        _ key: String, _ text: String, _ given: Given, _ parse: (String) throws(Refusal) -> Value
    ) -> Value? {
        guard text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
            refuse(key, "must not hold control characters", given)
            return nil
        }
        guard text.utf8.count <= 4096 else {
            refuse(key, "must not be longer than 4096 bytes", given)
            return nil
        }
        do throws(Refusal) {
            return try parse(text)
        } catch {
            refuse(key, error.message, given)
            return nil
        }
    }
}

// MARK: - What was given

/// A value and where it came from.
private struct Given {
    let value: JSONValue
    /// The environment variable; nil when it stands in the file.
    let variable: String?
}

extension SectionReader {
    private static func elements(_ given: Given) -> [String]? {
        var value = given.value
        if given.variable != nil, case .string(let text) = value {
            guard text.hasPrefix("[") else { return text.split(separator: ",").map { trimmed($0) } }
            guard let array = try? JSONReader.read(Array(text.utf8), form: .handWritten) else { return nil }
            value = array
        }
        guard case .array(let values) = value, values.count <= 1000 else { return nil }
        var texts: [String] = []
        for case .string(let text) in values { texts.append(text) }
        return texts.count == values.count ? texts : nil
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }

    /// A value as a problem shows it: short, in one line.
    static func show(_ value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool(let flag): "\(flag)"
        case .number(let text): quote(text, mark: "")
        case .string(let text): quote(text, mark: "\"")
        case .array(let values): values.count > 1000 ? "a list of \(values.count)" : "a list"
        case .object: "an object"
        }
    }

    /// A text in one line of at most 80 characters, whatever it holds.
    static func quote(_ text: String, mark: String = "") -> String {
        var shown = mark
        for scalar in text.unicodeScalars.prefix(80) {
            let isPlain =
                scalar.properties.generalCategory != .control && !scalar.properties.isDefaultIgnorableCodePoint
            shown += isPlain && scalar != "\u{2028}" && scalar != "\u{2029}" ? String(scalar) : "\u{FFFD}"
        }
        return shown + (text.unicodeScalars.count > 80 ? "…" : "") + mark
    }
}
