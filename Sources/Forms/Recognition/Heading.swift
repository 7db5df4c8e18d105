internal import AuthDomain

/// What a cell of a table's head stands for.
enum Heading: Hashable {
    /// A column that the service reads.
    case field(FormField)
    /// A column whose cells are dropped unread: identity card numbers and positions (R-PDP-2).
    case dropped

    /// The longest text that is taken for a heading, in bytes after folding.
    private static let limit = 100

    /// Recognises a heading by its folded letters, so that accents in any form, case and line breaks do not matter.
    init?(folded text: String) {
        guard !text.isEmpty, text.utf8.count <= Self.limit else { return nil }
        if Self.isAny(text, of: ["cmnd", "cccd", "cancuoc", "chungminh", "dinhdanh"]) {
            self = .dropped
            return
        }
        guard let field = Self.field(text) else {
            guard text.hasPrefix("chucvu") || text.hasPrefix("chucdanh") else { return nil }
            self = .dropped
            return
        }
        self = .field(field)
    }

    private static func field(_ text: String) -> FormField? {
        if ["tt", "stt", "sott"].contains(text) { return .number }
        if text.hasPrefix("thongtinthaydoi") { return .change }
        if text.hasPrefix("thongtindenghi") { return .value }
        if text.hasPrefix("lydo") { return .reason }
        if text.hasPrefix("ghichu") { return .note }
        if text.contains("nguoidaidien") || text.hasPrefix("hovaten") || text.hasPrefix("hoten") { return .person }
        if text.hasPrefix("loaihopthu") || text.hasPrefix("loaiemail") { return .mailboxKind }
        if text.contains("viettat") { return .abbreviation }
        if text.hasPrefix("sodienthoai") || text.hasPrefix("dienthoai") || text.hasPrefix("sdt") { return .phone }
        if text.contains("quyetdinh") { return .document }
        if text.hasPrefix("email") || text.hasPrefix("diachi") && isAny(text, of: ["email", "thudientu", "hopthu"]) {
            return .address
        }
        let bodies = ["tencoquan", "coquan", "tendonvi", "donvi", "tentochuc", "tochuc"]
        return bodies.contains(where: text.hasPrefix) ? .organisation : nil
    }

    private static func isAny(_ text: String, of words: [String]) -> Bool {
        words.contains(where: text.contains)
    }
}

/// The head of a table: which column holds what, and what the rows below ask for.
struct TableHead {
    /// The columns that are read; the others are never looked at.
    let columns: [Int: FormField]
    /// What the rows ask for.
    let part: FormPart
    /// Whether every column that the part cannot do without is there.
    let isComplete: Bool

    /// The fewest headings that make a row a head.
    private static let fewestHeadings = 3

    /// Recognises a row as a head; nil when it is none.
    ///
    /// - Parameters:
    ///   - cells: The row, folded.
    ///   - form: The form that is expected.
    ///   - announced: What the title above the table announced.
    init?(_ cells: [String], form: FormKind, announced: FormPart?) {
        var columns: [Int: FormField] = [:]
        var seen: Set<FormField> = []
        var dropped = 0
        for (index, text) in cells.enumerated() {
            switch Heading(folded: text) {
            case .field(let field) where seen.insert(field).inserted: columns[index] = field
            case .dropped: dropped += 1
            case .field, nil: break
            }
        }
        guard seen.count + dropped >= Self.fewestHeadings else { return nil }
        self.columns = columns
        part = Self.part(cells, form: form, announced: announced)
        isComplete = Self.required(form, part).isSubset(of: seen)
    }

    /// The columns that the rows of a part cannot do without.
    static func required(_ form: FormKind, _ part: FormPart) -> Set<FormField> {
        switch (form, part) {
        case (.organisation, .issue): [.organisation, .phone]
        case (.person, .issue): [.person, .phone]
        case (.organisation, _), (.person, _): [.address]
        case (.organisationChange, _), (.personChange, _): [.address, .change, .value]
        }
    }

    /// The head itself tells recalls from issues by the decision it asks for; else the title does.
    private static func part(_ cells: [String], form: FormKind, announced: FormPart?) -> FormPart {
        guard form == .organisation || form == .person else { return .change }
        let recalls = ["giaithe", "dieudong", "nghihuu", "ngihuu", "nghiviec", "thuhoi", "huybo"]
        if cells.contains(where: { cell in recalls.contains(where: cell.contains) }) { return .recall }
        if cells.contains(where: { $0.contains("tuyendung") || $0.contains("vanbanquyetdinhthanhlap") }) {
            return .issue
        }
        return announced ?? .issue
    }
}
