internal import Glibc

/// A file that is read in pieces.
struct InputFile: ~Copyable {
    private let descriptor: Int32
    /// Its length in bytes.
    let byteCount: Int

    /// Opens a regular file within a limit.
    init(path: String, limit: Int) throws(FormFileError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .unreadable(String(cString: strerror(errno))) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .unreadable("không phải tệp thông thường")
        }
        guard status.st_size <= limit else {
            close(descriptor)
            throw .tooLarge("tệp dài quá \(limit >> 20) MiB")
        }
        self.descriptor = descriptor
        byteCount = Int(status.st_size)
    }

    deinit {
        close(descriptor)
    }

    /// Reads the next piece; empty at the end.
    borrowing func next(into buffer: inout [UInt8]) throws(FormFileError) -> ArraySlice<UInt8> {
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw .unreadable(String(cString: strerror(errno))) }
            return buffer[..<count]
        }
    }
}

/// Reads a text file of separated values.
enum CSVFile {
    private static let pieceByteCount = 64 << 10
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// Hands each row of a file to a taker.
    static func read(_ path: String, limits: FormLimits, into taker: some RowTaker) throws(FormFileError) {
        let file = try InputFile(path: path, limit: limits.fileBytes)
        var buffer = [UInt8](repeating: 0, count: pieceByteCount)
        var piece = try file.next(into: &buffer)
        if piece.starts(with: byteOrderMark) { piece = piece.dropFirst(byteOrderMark.count) }
        // UTF-16, as spreadsheets write "Unicode text", shows itself by its mark or its zero bytes.
        guard !piece.starts(with: [0xFF, 0xFE]), !piece.starts(with: [0xFE, 0xFF]), !piece.prefix(4096).contains(0)
        else {
            throw .notUTF8
        }
        var parser = CSVParser(limits: limits, separator: CSVParser.separator(of: piece))
        while !piece.isEmpty {
            try parser.consume(piece, into: taker)
            piece = try file.next(into: &buffer)
        }
        try parser.finish(into: taker)
    }
}
