/// Reads the rows of one sheet as they come and fills cells merged over several rows.
final class SheetReader: XMLPartReader {
    private enum Kind {
        case number, shared, text, other
    }

    private let sheet: Int
    private let strings: [String]
    private let areas: [MergedArea]
    private let limits: FormLimits
    private let taker: any RowTaker
    private var nextArea = 0
    private var live: [(area: MergedArea, text: String)] = []
    private var rowNumber = 0
    private var cells: [String] = []
    private var column = -1
    private var kind = Kind.number
    private var value = ""
    private var isValue = false
    private var phonetic = 0
    private var rows = 0

    /// - Parameters:
    ///   - sheet: The sheet's number.
    ///   - strings: The shared strings.
    ///   - areas: The merged areas, by their first row.
    ///   - limits: How much is read.
    ///   - taker: Who takes the rows.
    init(sheet: Int, strings: [String], areas: [MergedArea], limits: FormLimits, taker: any RowTaker) {
        self.sheet = sheet
        self.strings = strings
        self.areas = areas
        self.limits = limits
        self.taker = taker
    }

    override func begin(_ name: String, _ attributes: [String: String]) throws(FormFileError) {
        switch name {
        case "row":
            rowNumber = attributes["r"].flatMap { Int($0) } ?? rowNumber + 1
            cells = []
            column = -1
        case "c":
            column = attributes["r"].flatMap { CellReference($0)?.column } ?? column + 1
            kind = Self.kind(attributes["t"])
            value = ""
        case "rPh": phonetic += 1
        case "v", "t": isValue = phonetic == 0
        default: break
        }
    }

    override func text(_ text: String) throws(FormFileError) {
        guard isValue else { return }
        value += text
        guard value.utf8.count <= limits.cellBytes else {
            throw .tooLarge("ô dài quá \(limits.cellBytes) byte (dòng \(rowNumber))")
        }
    }

    override func end(_ name: String) throws(FormFileError) {
        switch name {
        case "v", "t": isValue = false
        case "rPh": phonetic -= 1
        case "c": try endCell()
        case "row": try endRow()
        default: break
        }
    }

    private static func kind(_ type: String?) -> Kind {
        switch type {
        case nil, "n": .number
        case "s": .shared
        case "str", "inlineStr", "d": .text
        default: .other
        }
    }

    private func endCell() throws(FormFileError) {
        let text = try cellText()
        guard !text.isEmpty else { return }
        guard column < limits.columns else {
            // Far to the right of the table lie at most remarks; a form has seven columns.
            return
        }
        while cells.count <= column { cells.append("") }
        cells[column] = text
    }

    private func cellText() throws(FormFileError) -> String {
        switch kind {
        case .shared:
            guard let index = Int(value), strings.indices.contains(index) else {
                if value.isEmpty { return "" }
                throw .badWorkbook("sharedStrings (dòng \(rowNumber))")
            }
            return strings[index]
        case .number: return Self.wholeNumber(value)
        case .text: return value
        case .other: return ""
        }
    }

    /// Spreadsheets write long numbers as `8.4912345678E10`.
    private static func wholeNumber(_ text: String) -> String {
        guard text.contains(where: { $0 == "E" || $0 == "e" || $0 == "." }), let number = Double(text),
            number == number.rounded(), abs(number) < 1e15
        else { return text }
        return String(Int64(number))
    }

    private func endRow() throws(FormFileError) {
        fillMerged()
        guard cells.contains(where: { !$0.isEmpty }) else { return }
        rows += 1
        guard rows <= limits.rows else { throw .tooLarge("quá \(limits.rows) dòng") }
        try taker.take(TableRow(sheet: sheet, number: rowNumber, cells: cells))
    }

    private func fillMerged() {
        live.removeAll { $0.area.bottom < rowNumber }
        while nextArea < areas.count, areas[nextArea].top <= rowNumber {
            let area = areas[nextArea]
            nextArea += 1
            guard area.top == rowNumber, area.column < cells.count else { continue }
            live.append((area, cells[area.column]))
        }
        for (area, text) in live where area.top < rowNumber {
            while cells.count <= area.column { cells.append("") }
            if cells[area.column].isEmpty { cells[area.column] = text }
        }
    }
}

/// Reads a workbook as spreadsheet programs write it (ECMA-376).
enum XLSXFile {
    /// Hands each row that holds anything to a taker, sheet by sheet.
    static func read(_ path: String, limits: FormLimits, into taker: some RowTaker) throws(FormFileError) {
        let archive = try ZipArchive(path: path, limits: limits)
        let parts = try WorkbookParts(archive, limits: limits)
        let shared = SharedStringsReader(limits: limits)
        if let name = parts.sharedStrings, archive.contains(name) {
            try GuardedXML.parse(name, of: archive, with: shared, limits: limits)
        }
        for (index, name) in parts.sheets.enumerated() {
            guard archive.contains(name) else { throw .badWorkbook(name) }
            let areas = try MergedAreas.scan(name, of: archive, limits: limits)
            let reader = SheetReader(
                sheet: index + 1, strings: shared.strings, areas: areas, limits: limits, taker: taker)
            try GuardedXML.parse(name, of: archive, with: reader, limits: limits)
        }
    }
}
