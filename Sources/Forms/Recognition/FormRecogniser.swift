internal import AuthDomain

/// Finds the tables of a form among titles, empty rows and signatures and reads their rows.
final class FormRecogniser: RowTaker {
    private let form: FormKind
    private var announced: FormPart?
    private var head: TableHead?
    private var isBelowHead = false
    private(set) var entries: [FormEntry] = []
    private(set) var passedOver: [FormPosition] = []
    private(set) var foundTable = false
    private var sheet = 0

    init(form: FormKind) {
        self.form = form
    }

    func take(_ row: TableRow) throws(FormFileError) {
        if row.sheet != sheet {
            // A new sheet begins with nothing announced.
            sheet = row.sheet
            head = nil
            announced = nil
        }
        if takeHead(row) { return }
        guard let head else {
            announce(row)
            return
        }
        takeBody(row, head)
    }

    /// Rows under a head are looked at only in the columns that are read.
    private func takeBody(_ row: TableRow, _ head: TableHead) {
        defer { isBelowHead = false }
        var cells: [FormField: String] = [:]
        for (index, field) in head.columns where index < row.cells.count {
            let text = FormText.trimmed(row.cells[index])
            if !text.isEmpty { cells[field] = text }
        }
        if isBelowHead, Self.isNumbering(row.cells) { return }
        if endsTable(row) {
            self.head = nil
            announce(row)
            return
        }
        let told = cells.filter { $0.key != .number }
        guard !told.isEmpty else { return }
        let position = FormPosition(sheet: row.sheet, row: row.number)
        // One text without a number is a heading between rows, such as the name of a department.
        if told.count == 1, !Self.isCount(cells[.number]) {
            passedOver.append(position)
            return
        }
        cells[.number] = nil
        entries.append(
            FormEntry(position: position, part: head.part, cells: cells, columns: Set(head.columns.values)))
    }

    private func takeHead(_ row: TableRow) -> Bool {
        let filled = row.cells.reduce(0) { $1.isEmpty ? $0 : $0 + 1 }
        // Folding costs; below a head it is done again only for rows that begin like one.
        guard filled >= 3, head == nil || Self.beginsLikeHead(row.cells) else { return false }
        guard let found = TableHead(row.cells.map(FormText.folded), form: form, announced: announced) else {
            return false
        }
        guard found.isComplete else {
            passedOver.append(FormPosition(sheet: row.sheet, row: row.number))
            head = nil
            return true
        }
        head = found
        isBelowHead = true
        foundTable = true
        return true
    }

    private static func beginsLikeHead(_ cells: [String]) -> Bool {
        guard let first = cells.first(where: { !$0.isEmpty }) else { return false }
        return ["tt", "stt", "sott"].contains(FormText.folded(first))
    }

    /// Notes what a title announces, such as the third one's "Danh sách đề nghị thu hồi".
    private func announce(_ row: TableRow) {
        let texts = row.cells.filter { !$0.isEmpty }
        guard let text = texts.first, texts.count <= 2, text.utf8.count <= 1_000 else { return }
        let folded = FormText.folded(text)
        guard folded.contains("danhsach") else { return }
        if folded.contains("thuhoi") {
            announced = .recall
        } else if folded.contains("capmoi") {
            announced = .issue
        }
    }

    /// Whether a row is the title of the next table or the beginning of the signatures.
    private func endsTable(_ row: TableRow) -> Bool {
        let texts = row.cells.filter { !FormText.trimmed($0).isEmpty }
        guard let text = texts.first, texts.count <= 2 else { return false }
        let folded = FormText.folded(text)
        if folded.contains("danhsachdenghi") || folded.contains("danhsachthuhoi") || folded.contains("danhsachcapmoi") {
            return true
        }
        let ends = ["thutruong", "kydongdau", "noinhan", "nguoilap", "xacnhancua", "hanoingay"]
        return texts.contains { text in
            let folded = FormText.folded(text)
            return ends.contains(where: folded.hasPrefix)
        }
    }

    /// Whether a row numbers the columns, as in `(1) (2) (3)` or `A B 1 2`.
    ///
    /// Spreadsheet programs take `(1)` for an accountant's −1.
    private static func isNumbering(_ cells: [String]) -> Bool {
        let marks = cells.map { $0.filter { !$0.isWhitespace && !"()-".contains($0) } }.filter { !$0.isEmpty }
        return marks.count >= 3
            && marks.allSatisfy { $0.utf8.count <= 2 && $0.allSatisfy { $0.isLetter || $0.isNumber } }
    }

    private static func isCount(_ text: String?) -> Bool {
        guard let text else { return false }
        let digits = text.filter { $0 != "." && $0 != ")" }
        return !digits.isEmpty && digits.utf8.count <= 7 && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}
