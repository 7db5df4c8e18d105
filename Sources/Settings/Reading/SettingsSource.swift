internal import JSONText

/// The file and the environment being read, and what has been found wrong so far.
///
/// One value lives for one call of `Settings.parse`; the section readers share it by reference.
final class SettingsSource {
    /// The folder that relative paths start from.
    let folder: String
    /// Whether named files are opened; not so while only the reference is made.
    let opensFiles: Bool
    private(set) var problems: [SettingsProblem] = []
    private(set) var warnings: [String] = []
    private(set) var references: [SettingReference] = []
    private let environment: [String: String]
    private let inspection: GatewayInspection
    private var sections: [String: [String: JSONMember]] = [:]

    init(
        root: [JSONMember], folder: String, environment: [String: String], opensFiles: Bool,
        inspection: GatewayInspection = .none
    ) {
        self.inspection = inspection
        self.folder = folder
        self.environment = environment
        self.opensFiles = opensFiles
        sections[""] = Self.index(root)
    }

    /// The reader of one section; the empty name is the top of the file.
    func section(_ name: String) -> SectionReader {
        if !name.isEmpty, let member = sections[""]?[name], sections[name] == nil {
            if case .object(let members) = member.value {
                sections[name] = Self.index(members)
            } else if member.value != .null {
                refuse(name, "must be an object, is \(SectionReader.show(member.value))")
            }
        }
        return SectionReader(source: self, section: name)
    }

    /// The value given for a key, the environment before the file; nil when it is not given or null.
    func given(section: String, key: String, variable: String) -> (value: JSONValue, isFromEnvironment: Bool)? {
        if let text = environment[variable] {
            return text.isEmpty || text == "null" ? nil : (.string(text), true)
        }
        guard let value = sections[section]?[key]?.value, value != .null else { return nil }
        return (value, false)
    }

    func refuse(_ key: String, _ message: String) {
        problems.append(SettingsProblem(key: key, message: message))
    }

    /// Has the list of gateways looked through by whoever knows them, and takes over what was found.
    func inspect(gateways: JSONValue, key: String) {
        let findings = inspection.inspect(gateways, key, folder)
        for problem in findings.problems { refuse(problem.key, problem.message) }
        for warning in findings.warnings { warn("\(warning.key): \(warning.message)") }
    }

    func warn(_ message: String) {
        warnings.append(message)
    }

    func record(_ reference: SettingReference) {
        references.append(reference)
    }

    /// The members by name; names that differ only in how Unicode composes them fall together, which no key does.
    private static func index(_ members: [JSONMember]) -> [String: JSONMember] {
        Dictionary(members.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }
}

// MARK: - Unknown names

extension SettingsSource {
    /// Refuses every key of the file that no reader asked for, with the name that was probably meant.
    func refuseUnknownKeys() {
        let names = references.map(\.name)
        let sectionNames = Set(names.compactMap { $0.split(separator: ".").count == 2 ? $0.prefix { $0 != "." } : nil })
        var unknown: [(offset: Int, name: String)] = []
        for (section, members) in sections {
            for (key, member) in members {
                let name = section.isEmpty ? key : "\(section).\(key)"
                if section.isEmpty, sectionNames.contains(Substring(key)) { continue }
                if names.contains(name) { continue }
                unknown.append((member.offset, name))
            }
        }
        let candidates = names + sectionNames.map(String.init).sorted()
        for (_, name) in unknown.sorted(by: { $0 < $1 }) {
            refuse(SectionReader.quote(name), "unknown key" + hint(for: name, among: candidates))
        }
    }

    /// Refuses a misspelt `OTPD_` variable; one that resembles none may be another program's, and is only told.
    func checkVariables() {
        let known = references.map(\.variable)
        for variable in environment.keys.sorted() where variable.hasPrefix("OTPD_") && !known.contains(variable) {
            let hint = hint(for: variable, among: known)
            if hint.isEmpty {
                warn("the environment variable \(SectionReader.quote(variable)) sets nothing")
            } else {
                refuse(SectionReader.quote(variable), "unknown variable" + hint)
            }
        }
    }

    private func hint(for name: String, among candidates: [String]) -> String {
        // Beyond the limit nobody reads the list, and each suggestion costs time.
        guard problems.count < SettingsProblems.limit else { return "" }
        guard let nearest = Spelling.nearest(to: name, among: candidates) else { return "" }
        return "; did you mean \(nearest)?"
    }
}
