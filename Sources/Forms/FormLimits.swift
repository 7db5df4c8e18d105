/// How much of a file is read, so that no file exhausts the memory or the patience of who imports it.
package struct FormLimits: Sendable {
    /// The longest file, in bytes.
    package var fileBytes = 64 << 20
    /// The most rows of all sheets, empty ones included.
    package var rows = 250_000
    /// The most columns of a row.
    package var columns = 64
    /// The longest cell, in bytes of UTF-8.
    package var cellBytes = 8_192
    /// The most files in a workbook's archive.
    package var archiveEntries = 512
    /// The most bytes that a file of the archive may unfold to.
    package var unfoldedBytes = 512 << 20
    /// How many times longer than packed a file of the archive may be; small files are exempt.
    package var unfoldedRatio = 250
    /// The most sheets.
    package var sheets = 32
    /// The most shared strings, and the most bytes of all of them.
    package var sharedStrings = 1_000_000
    /// The most bytes of all shared strings.
    package var sharedBytes = 128 << 20
    /// The most merged areas of a sheet.
    package var mergedAreas = 20_000
    /// The deepest nesting of XML elements.
    package var depth = 64

    /// The defaults.
    package init() {}
}

/// Why a file cannot be read as a form.
package enum FormFileError: Error, Hashable, Sendable {
    /// The file cannot be opened or read; the reason of the system.
    case unreadable(String)
    /// More than a limit allows: which one.
    case tooLarge(String)
    /// Not UTF-8.
    case notUTF8
    /// A quote that is not closed, or text behind a closing one: the line.
    case badQuoting(line: Int)
    /// Not a workbook: which part of it is missing or broken.
    case badWorkbook(String)
    /// A part of the workbook that declares a document type or entities, or is not UTF-8.
    case forbiddenXML(String)
    /// No table of the form stands in the file: the headings that were looked for.
    case noTable(expected: [String])
}

extension FormFileError: CustomStringConvertible {
    /// What is wrong and what to do, for the operator.
    package var description: String {
        switch self {
        case .unreadable(let reason): "không đọc được tệp: \(reason)"
        case .tooLarge(let what): "tệp vượt quá giới hạn: \(what)"
        case .notUTF8: "tệp không phải UTF-8; hãy lưu lại dưới dạng CSV UTF-8 hoặc XLSX"
        case .badQuoting(let line): "dòng \(line): dấu ngoặc kép không khớp"
        case .badWorkbook(let part): "tệp XLSX hỏng hoặc thiếu phần: \(part)"
        case .forbiddenXML(let part): "tệp XLSX có nội dung XML không được phép: \(part)"
        case .noTable(let expected):
            "không tìm thấy bảng của mẫu; các cột cần có: \(expected.joined(separator: ", "))"
        }
    }
}
