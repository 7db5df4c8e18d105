/// Reads comma-separated values (RFC 4180) as they come, byte by byte.
///
/// Understands `,`, `;` or tab, chosen by the first line that holds one; line ends of any system; quoted cells with
/// separators, quotes and line ends inside; and a byte order mark.
struct CSVParser {
    private enum Place {
        case cellStart, plain, quoted, quoteInQuoted
    }

    private let limits: FormLimits
    private let separator: UInt8
    private var place = Place.cellStart
    private var cell: [UInt8] = []
    private var cells: [String] = []
    private var line = 1
    private var rowLine = 1
    private var rows = 0
    private var afterCarriageReturn = false

    /// Begins a text.
    /// - Parameters:
    ///   - limits: How much is read.
    ///   - separator: What stands between cells.
    init(limits: FormLimits, separator: UInt8) {
        self.limits = limits
        self.separator = separator
    }

    /// The separator that a text uses: whichever of the three stands most often outside quotes in its first lines.
    static func separator(of start: some Sequence<UInt8>) -> UInt8 {
        var counts: [UInt8: Int] = [:]
        var isQuoted = false
        for byte in start {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if !isQuoted, [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09].contains(byte) { counts[byte, default: 0] += 1 }
        }
        // Commas stand in the prose above the table as well, so the others win when they are nearly as frequent.
        let commas = counts[UInt8(ascii: ","), default: 0]
        let other = counts.filter { $0.key != UInt8(ascii: ",") }.max { ($0.value, $0.key) < ($1.value, $1.key) }
        guard let other, other.value * 2 >= commas else { return UInt8(ascii: ",") }
        return other.key
    }

    /// Takes the next bytes.
    mutating func consume(_ bytes: some Sequence<UInt8>, into taker: some RowTaker) throws(FormFileError) {
        for byte in bytes { try consume(byte, into: taker) }
    }

    /// Ends the text.
    mutating func finish(into taker: some RowTaker) throws(FormFileError) {
        guard place != .quoted else { throw .badQuoting(line: rowLine) }
        if place != .cellStart || !cells.isEmpty || !cell.isEmpty { try endRow(into: taker) }
    }

    private mutating func consume(_ byte: UInt8, into taker: some RowTaker) throws(FormFileError) {
        let isAfterReturn = afterCarriageReturn
        afterCarriageReturn = false
        switch (place, byte) {
        case (.quoted, UInt8(ascii: "\"")):
            place = .quoteInQuoted
        case (.quoted, _):
            if byte == 0x0D || byte == 0x0A && !isAfterReturn { line += 1 }
            afterCarriageReturn = byte == 0x0D
            try append(byte)
        case (.quoteInQuoted, UInt8(ascii: "\"")):
            place = .quoted
            try append(byte)
        case (.cellStart, UInt8(ascii: "\"")):
            place = .quoted
        case (_, 0x0A) where isAfterReturn:
            rowLine = line
        case (_, 0x0A), (_, 0x0D):
            afterCarriageReturn = byte == 0x0D
            line += 1
            try endRow(into: taker)
            rowLine = line
        case (_, separator):
            try endCell()
        case (.quoteInQuoted, 0x20), (.quoteInQuoted, 0x09):
            break
        case (.quoteInQuoted, _):
            throw .badQuoting(line: line)
        default:
            place = .plain
            try append(byte)
        }
    }

    private mutating func append(_ byte: UInt8) throws(FormFileError) {
        guard cell.count < limits.cellBytes else {
            throw .tooLarge("ô dài quá \(limits.cellBytes) byte (dòng \(line))")
        }
        cell.append(byte)
    }

    private mutating func endCell() throws(FormFileError) {
        guard let text = String(validating: cell, as: UTF8.self) else { throw .notUTF8 }
        guard cells.count < limits.columns else { throw .tooLarge("quá \(limits.columns) cột (dòng \(rowLine))") }
        cells.append(text)
        cell.removeAll(keepingCapacity: true)
        place = .cellStart
    }

    private mutating func endRow(into taker: some RowTaker) throws(FormFileError) {
        try endCell()
        rows += 1
        guard rows <= limits.rows else { throw .tooLarge("quá \(limits.rows) dòng") }
        let row = TableRow(sheet: 1, number: rowLine, cells: cells)
        cells.removeAll(keepingCapacity: true)
        try taker.take(row)
    }
}
