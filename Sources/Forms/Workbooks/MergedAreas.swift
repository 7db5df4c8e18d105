/// Cells that are shown as one; the text stands in the first of them.
struct MergedArea {
    let top: Int
    let bottom: Int
    let column: Int

    /// Reads `B5:B9`; nil for anything else and for an area of one row, which needs no filling.
    init?(reference: some StringProtocol) {
        let corners = reference.split(separator: ":", omittingEmptySubsequences: false)
        guard corners.count == 2, let first = CellReference(corners[0]), let last = CellReference(corners[1]),
            let top = first.row, let bottom = last.row, bottom > top
        else { return nil }
        self.top = top
        self.bottom = bottom
        column = first.column
    }
}

/// The place of a cell, such as `AB12`.
struct CellReference {
    /// The column, counted from 0.
    let column: Int
    /// The row, counted from 1; nil when the reference names none.
    let row: Int?

    /// Reads a reference; nil when it is none or beyond what workbooks have.
    init?(_ text: some StringProtocol) {
        var column = 0
        var row = 0
        var hasRow = false
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "$"): continue
            case UInt8(ascii: "A")...UInt8(ascii: "Z") where !hasRow: column = column * 26 + Int(byte - 0x40)
            case UInt8(ascii: "0")...UInt8(ascii: "9") where column > 0:
                hasRow = true
                row = row * 10 + Int(byte - 0x30)
            default: return nil
            }
            guard column <= 16_384, row <= 1_048_576 else { return nil }
        }
        guard column > 0 else { return nil }
        self.column = column - 1
        self.row = hasRow && row > 0 ? row : nil
    }
}

/// Finds the merged areas of a sheet, which its file names only behind the rows.
enum MergedAreas {
    /// All areas that span rows, by their first row; only the bytes of the elements are looked at.
    static func scan(
        _ name: String, of archive: borrowing ZipArchive, limits: FormLimits
    ) throws(FormFileError) -> [MergedArea] {
        var entry = try archive.open(name)
        var areas: [MergedArea] = []
        var scanner = MergeScanner()
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count: Int
            do {
                count = try buffer.withUnsafeMutableBytes { try entry.read(into: $0) }
            } catch let error as FormFileError {
                throw error
            } catch {
                throw .badWorkbook(name)
            }
            if count == 0 { return areas.sorted { $0.top < $1.top } }
            for byte in buffer[..<count] {
                guard let reference = scanner.consume(byte) else { continue }
                guard areas.count < limits.mergedAreas else { throw .tooLarge("quá nhiều ô gộp") }
                if let area = MergedArea(reference: reference) { areas.append(area) }
            }
        }
    }
}

/// Finds the references of `mergeCell` elements in a stream of bytes.
private struct MergeScanner {
    private static let mark = Array("mergeCell ".utf8)
    private static let attribute = Array("ref=\"".utf8)
    private var matched = 0
    private var inElement = false
    private var inReference = false
    private var reference: [UInt8] = []

    /// The reference that ends with a byte, if one does.
    mutating func consume(_ byte: UInt8) -> String? {
        if inReference {
            guard byte != UInt8(ascii: "\""), reference.count < 32 else {
                inReference = false
                inElement = false
                return String(decoding: reference, as: UTF8.self)
            }
            reference.append(byte)
            return nil
        }
        let sought = inElement ? Self.attribute : Self.mark
        if inElement, byte == UInt8(ascii: ">") {
            inElement = false
            matched = 0
            return nil
        }
        matched = byte == sought[matched] ? matched + 1 : (byte == sought[0] ? 1 : 0)
        guard matched == sought.count else { return nil }
        matched = 0
        if inElement {
            inReference = true
            reference.removeAll(keepingCapacity: true)
        } else {
            inElement = true
        }
        return nil
    }
}
