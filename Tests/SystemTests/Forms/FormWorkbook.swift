import Foundation
import TestKit

/// A sheet as a person fills it in, written by LibreOffice from Debian: titles and cells merged, rows between.
struct FormWorkbook {
    /// A cell of a row.
    enum Cell {
        case text(String)
        /// A cell that the program keeps as a number, without leading zeros.
        case number(Int)
        /// A text over several columns or rows.
        case merged(String, columns: Int, rows: Int)
        /// What a merged cell above or to the left takes up.
        case covered
        case empty
    }

    private var rows: [[Cell]] = []

    /// The number of the row added last, as the program counts it.
    var lastRow: Int { rows.count }

    /// Adds a row.
    mutating func add(_ cells: Cell...) { rows.append(cells) }

    /// Adds a row of texts; empty ones are empty cells.
    mutating func add(texts: [String]) { rows.append(texts.map { $0.isEmpty ? .empty : .text($0) }) }

    /// Adds the rows above the tables, as the annex has them.
    mutating func addTop(subject: String) {
        add(
            .merged("TÊN CƠ QUAN CHỦ QUẢN\nSỞ THÔNG TIN VÀ TRUYỀN THÔNG", columns: 3, rows: 2), .covered, .covered,
            .merged("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", columns: 5, rows: 1))
        add(.covered, .covered, .covered, .merged("Độc lập - Tự do - Hạnh phúc", columns: 5, rows: 1))
        add(
            .merged("Số: 12/STTTT-VP", columns: 3, rows: 1), .covered, .covered,
            .text("Hà Nội, ngày 20 tháng 11 năm 2026"))
        add(.merged("V/v \(subject)", columns: 8, rows: 1))
        add()
        add(.text("Kính gửi:"))
        add(.merged("- Văn phòng UBND thành phố Hà Nội;", columns: 8, rows: 1))
        add(.merged("- Trung tâm Tin học - Công báo thành phố Hà Nội.", columns: 8, rows: 1))
        add(.merged("Sở Thông tin và Truyền thông \(subject) cụ thể như sau:", columns: 8, rows: 1))
        add(.merged("1. Thông tin người yêu cầu:", columns: 8, rows: 1))
        for line in ["- Họ và tên: Lê Thị Yêu Cầu", "- Chức vụ: Chánh Văn phòng", "- Điện thoại liên hệ: 0988777666"] {
            add(.merged(line, columns: 8, rows: 1))
        }
        add()
    }

    /// Adds the signature.
    mutating func addBottom() {
        add()
        add(.empty, .empty, .empty, .empty, .merged("THỦ TRƯỞNG CƠ QUAN", columns: 3, rows: 1))
        add(.empty, .empty, .empty, .empty, .merged("(Ký, đóng dấu, ghi rõ họ tên)", columns: 3, rows: 1))
        add(.empty, .empty, .empty, .empty, .merged("Nguyễn Thị Trưởng", columns: 3, rows: 1))
    }

    /// The sheet as a flat OpenDocument file.
    var flatDocument: String {
        let names = ["office", "table", "text"].map {
            "xmlns:\($0)=\"urn:oasis:names:tc:opendocument:xmlns:\($0):1.0\""
        }.joined(separator: " ")
        let body = rows.map { row in
            let cells = row.isEmpty ? "<table:table-cell/>" : row.map(Self.xml).joined()
            return "<table:table-row>\(cells)</table:table-row>\n"
        }.joined()
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <office:document \(names) office:version="1.3"
                office:mimetype="application/vnd.oasis.opendocument.spreadsheet">
            <office:body><office:spreadsheet><table:table table:name="Danh sách">
            \(body)</table:table></office:spreadsheet></office:body></office:document>
            """
    }

    private static func xml(_ cell: Cell) -> String {
        switch cell {
        case .text(let text): "<table:table-cell office:value-type=\"string\">\(paragraphs(text))</table:table-cell>"
        case .number(let number):
            "<table:table-cell office:value-type=\"float\" office:value=\"\(number)\"><text:p>\(number)</text:p></table:table-cell>"
        case .merged(let text, let columns, let rows):
            "<table:table-cell office:value-type=\"string\" table:number-columns-spanned=\"\(columns)\" "
                + "table:number-rows-spanned=\"\(rows)\">\(paragraphs(text))</table:table-cell>"
        case .covered: "<table:covered-table-cell/>"
        case .empty: "<table:table-cell/>"
        }
    }

    private static func paragraphs(_ text: String) -> String {
        text.split(separator: "\n").map { line in
            let plain = line.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            return "<text:p>\(plain)</text:p>"
        }.joined()
    }

    /// Has LibreOffice make workbooks of sheets, by way of its own format; the paths by the sheets' names.
    static func make(_ sheets: [String: FormWorkbook], in folder: TemporaryDirectory) throws -> [String: String] {
        for (name, sheet) in sheets { try folder.write(sheet.flatDocument, to: "\(name).fods") }
        let names = sheets.keys.sorted()
        try convert(names.map { folder.path("\($0).fods") }, to: "ods", folder)
        try convert(names.map { folder.path("\($0).ods") }, to: "xlsx", folder)
        return Dictionary(uniqueKeysWithValues: names.map { ($0, folder.path("\($0).xlsx")) })
    }

    private static func convert(_ files: [String], to kind: String, _ folder: TemporaryDirectory) throws {
        let made = try Command.run(
            "soffice",
            [
                "-env:UserInstallation=file://" + folder.path("profile"), "--headless", "--convert-to", kind,
                "--outdir",
                folder.url.path,
            ] + files)
        guard made.status == 0 else { throw OTPDError.command(made.output + made.error) }
    }
}
