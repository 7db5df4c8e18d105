internal import CLibzip

/// The archive that a workbook is, read with limits on what it unfolds to.
///
/// Declared sizes are looked at first and what really comes out is counted as well, since an archive may lie.
struct ZipArchive: ~Copyable {
    private let handle: OpaquePointer
    private let limits: FormLimits

    /// Opens an archive.
    init(path: String, limits: FormLimits) throws(FormFileError) {
        do {
            // Only the length is looked at; the library opens the file for itself.
            _ = try InputFile(path: path, limit: limits.fileBytes)
        }
        var code: Int32 = 0
        guard let handle = zip_open(path, ZIP_RDONLY, &code) else { throw .badWorkbook("tệp nén (mã \(code))") }
        let count = zip_get_num_entries(handle, 0)
        guard count > 0, count <= limits.archiveEntries else {
            zip_discard(handle)
            throw count > 0 ? .tooLarge("quá \(limits.archiveEntries) tệp trong tệp nén") : .badWorkbook("tệp nén rỗng")
        }
        self.handle = handle
        self.limits = limits
    }

    deinit {
        zip_discard(handle)
    }

    /// Whether there is a file of a name.
    borrowing func contains(_ name: String) -> Bool {
        zip_name_locate(handle, name, 0) >= 0
    }

    /// Opens a file of the archive.
    borrowing func open(_ name: String) throws(FormFileError) -> ZipEntry {
        var status = zip_stat_t()
        zip_stat_init(&status)
        guard zip_stat(handle, name, 0, &status) == 0 else { throw .badWorkbook(name) }
        guard status.encryption_method == UInt16(ZIP_EM_NONE) else { throw .badWorkbook("\(name): được mã hóa") }
        guard status.size <= UInt64(limits.unfoldedBytes) else { throw .tooLarge("\(name) bung ra quá lớn") }
        let packed = max(status.comp_size, 1)
        let isSmall = status.size <= 1 << 20
        guard isSmall || status.size / packed <= UInt64(limits.unfoldedRatio) else {
            throw .tooLarge("\(name) nén bất thường")
        }
        guard let file = zip_fopen_index(handle, status.index, 0) else { throw .badWorkbook(name) }
        let ceiling = isSmall ? 1 << 20 : Int(packed) * limits.unfoldedRatio
        return ZipEntry(handle: file, name: name, ceiling: min(limits.unfoldedBytes, ceiling))
    }
}

/// One file of an archive, read in pieces.
struct ZipEntry: ~Copyable {
    private let handle: OpaquePointer
    let name: String
    private let ceiling: Int
    private var count = 0

    fileprivate init(handle: OpaquePointer, name: String, ceiling: Int) {
        self.handle = handle
        self.name = name
        self.ceiling = ceiling
    }

    deinit {
        zip_fclose(handle)
    }

    /// Reads the next bytes into a buffer; 0 at the end.
    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(FormFileError) -> Int {
        guard let base = buffer.baseAddress else { return 0 }
        let read = zip_fread(handle, base, UInt64(buffer.count))
        guard read >= 0 else { throw .badWorkbook(name) }
        count += Int(read)
        guard count <= ceiling else { throw .tooLarge("\(name) bung ra quá lớn") }
        return Int(read)
    }
}
