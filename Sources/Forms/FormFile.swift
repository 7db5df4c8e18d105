package import AuthDomain

/// What was read from a form's file.
package struct FormDocument: Sendable {
    /// The rows of its tables, in order.
    package let entries: [FormEntry]
    /// Rows inside tables that are none of them: headings between rows, heads of other tables.
    package let passedOver: [FormPosition]
}

/// Reads Mẫu 01 to 04 as CSV or XLSX (R-PHONE-4).
package enum FormFile {
    /// Reads the tables of a form.
    ///
    /// The kind of file is told by its first bytes, never by its name.
    /// - Parameters:
    ///   - path: The file.
    ///   - form: Which form it is.
    ///   - limits: How much is read.
    package static func read(
        _ path: String, form: FormKind, limits: FormLimits = FormLimits()
    ) throws(FormFileError) -> FormDocument {
        let recogniser = FormRecogniser(form: form)
        if try isArchive(path, limits: limits) {
            try XLSXFile.read(path, limits: limits, into: recogniser)
        } else {
            try CSVFile.read(path, limits: limits, into: recogniser)
        }
        guard recogniser.foundTable else {
            let part = form.parts[0]
            throw .noTable(
                expected: TableHead.required(form, part).map { $0.heading(in: form, part) }.sorted())
        }
        return FormDocument(entries: recogniser.entries, passedOver: recogniser.passedOver)
    }

    private static func isArchive(_ path: String, limits: FormLimits) throws(FormFileError) -> Bool {
        let file = try InputFile(path: path, limit: limits.fileBytes)
        var start = [UInt8](repeating: 0, count: 4)
        return try file.next(into: &start).elementsEqual([0x50, 0x4B, 0x03, 0x04])
    }
}
