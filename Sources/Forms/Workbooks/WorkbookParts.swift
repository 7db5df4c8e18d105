/// Where the parts of a workbook lie in its archive.
struct WorkbookParts {
    /// The sheets' files, in the order of the tabs.
    let sheets: [String]
    /// The file of shared strings, if there is one.
    let sharedStrings: String?

    /// Follows the relations from the archive's root to the sheets.
    init(_ archive: borrowing ZipArchive, limits: FormLimits) throws(FormFileError) {
        let root = RelationsReader()
        try GuardedXML.parse("_rels/.rels", of: archive, with: root, limits: limits)
        guard let workbook = root.target(ofType: "officeDocument").map({ Self.path($0, from: "") }) else {
            throw .badWorkbook("_rels/.rels")
        }
        let folder = workbook.split(separator: "/").dropLast().joined(separator: "/")
        let file = workbook.split(separator: "/").last.map(String.init) ?? ""
        let relations = RelationsReader()
        let relationsPath = Self.path("_rels/\(file).rels", from: folder)
        try GuardedXML.parse(relationsPath, of: archive, with: relations, limits: limits)
        let list = SheetListReader()
        try GuardedXML.parse(workbook, of: archive, with: list, limits: limits)
        guard list.sheets.count <= limits.sheets else { throw .tooLarge("quá \(limits.sheets) trang tính") }
        sheets = list.sheets.compactMap { relations.targets[$0]?.target }.map { Self.path($0, from: folder) }
        guard !sheets.isEmpty else { throw .badWorkbook(workbook) }
        sharedStrings = relations.target(ofType: "sharedStrings").map { Self.path($0, from: folder) }
    }

    /// A target's name in the archive: relative to the folder, or from the root when it begins with a stroke.
    private static func path(_ target: String, from folder: String) -> String {
        var parts = target.hasPrefix("/") ? [] : folder.split(separator: "/")
        for part in target.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return parts.joined(separator: "/")
    }
}

/// Reads a file of relations.
private final class RelationsReader: XMLPartReader {
    private(set) var targets: [String: (type: String, target: String)] = [:]

    override func begin(_ name: String, _ attributes: [String: String]) throws(FormFileError) {
        guard name == "Relationship", let id = attributes["Id"], let target = attributes["Target"] else { return }
        guard attributes["TargetMode"] != "External" else { return }
        guard targets.count < 1_000 else { throw .tooLarge("quá nhiều liên kết") }
        targets[id] = (attributes["Type"] ?? "", target)
    }

    func target(ofType type: String) -> String? {
        targets.values.first { $0.type.hasSuffix("/" + type) }?.target
    }
}

/// Reads the list of sheets.
private final class SheetListReader: XMLPartReader {
    private(set) var sheets: [String] = []

    override func begin(_ name: String, _ attributes: [String: String]) throws(FormFileError) {
        guard name == "sheet", sheets.count < 1_000 else { return }
        if let id = attributes.first(where: { $0.key == "id" || $0.key.hasSuffix(":id") })?.value { sheets.append(id) }
    }
}

/// Reads the strings that cells refer to by number.
final class SharedStringsReader: XMLPartReader {
    private(set) var strings: [String] = []
    private let limits: FormLimits
    private var current = ""
    private var isText = false
    private var phonetic = 0
    private var byteCount = 0

    init(limits: FormLimits) {
        self.limits = limits
    }

    override func begin(_ name: String, _ attributes: [String: String]) throws(FormFileError) {
        switch name {
        case "si": current = ""
        case "rPh": phonetic += 1
        case "t": isText = phonetic == 0
        default: break
        }
    }

    override func text(_ text: String) throws(FormFileError) {
        guard isText else { return }
        current += text
        guard current.utf8.count <= limits.cellBytes else { throw .tooLarge("ô dài quá \(limits.cellBytes) byte") }
    }

    override func end(_ name: String) throws(FormFileError) {
        switch name {
        case "t": isText = false
        case "rPh": phonetic -= 1
        case "si":
            byteCount += current.utf8.count
            guard strings.count < limits.sharedStrings, byteCount <= limits.sharedBytes else {
                throw .tooLarge("quá nhiều chuỗi ký tự")
            }
            strings.append(current)
        default: break
        }
    }
}
