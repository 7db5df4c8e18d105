/// One row of a sheet or text file.
struct TableRow {
    /// The sheet, counted from 1.
    let sheet: Int
    /// The row's number, or the line it begins on.
    let number: Int
    /// The cells by column; what is missing at the end was empty.
    let cells: [String]
}

/// Takes rows one after the other; throws to end the reading.
protocol RowTaker: AnyObject {
    func take(_ row: TableRow) throws(FormFileError)
}
