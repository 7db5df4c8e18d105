/// The header fields of a request, as received: one copy of the bytes, looked up without regard to case.
package struct HTTPHeaders: Sendable {
    private struct Field {
        let nameEnd: Int
        let valueEnd: Int
    }

    private var bytes: [UInt8] = []
    private var fields: [Field] = []

    /// No fields.
    package init() {}

    /// Fields from text, for tests and for callers that make a request themselves.
    package init(_ pairs: [(String, String)]) {
        for (name, value) in pairs {
            var (name, value) = (name, value)
            name.withUTF8 { name in
                value.withUTF8 { append(name: UnsafeRawBufferPointer(name), value: UnsafeRawBufferPointer($0)) }
            }
        }
    }

    /// The number of fields.
    package var count: Int { fields.count }

    /// The number of bytes in all names and values.
    package var byteCount: Int { bytes.count }

    /// The value of the first field of that name, with bytes that are no UTF-8 replaced; `nil` when there is none.
    package subscript(name: String) -> String? {
        bytes(name).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The bytes of the first field of that name; `nil` when there is none.
    package func bytes(_ name: String) -> ArraySlice<UInt8>? {
        for index in fields.indices where isNamed(index, name) { return value(index) }
        return nil
    }

    /// The bytes of the one field of that name; `nil` when there is none or when several could be read in two ways.
    package func only(_ name: String) -> ArraySlice<UInt8>? {
        var found: Int?
        for index in fields.indices where isNamed(index, name) {
            guard found == nil else { return nil }
            found = index
        }
        return found.map(value)
    }

    mutating func reserve() {
        bytes.reserveCapacity(256)
        fields.reserveCapacity(8)
    }

    mutating func append(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
        bytes.append(contentsOf: name)
        let nameEnd = bytes.count
        bytes.append(contentsOf: value)
        fields.append(Field(nameEnd: nameEnd, valueEnd: bytes.count))
    }

    private func start(_ index: Int) -> Int { index == 0 ? 0 : fields[index - 1].valueEnd }

    private func value(_ index: Int) -> ArraySlice<UInt8> { bytes[fields[index].nameEnd..<fields[index].valueEnd] }

    private func isNamed(_ index: Int, _ name: String) -> Bool {
        let (from, to) = (start(index), fields[index].nameEnd)
        guard to - from == name.utf8.count else { return false }
        var place = from
        for byte in name.utf8 {
            guard ASCII.lowercased(bytes[place]) == ASCII.lowercased(byte) else { return false }
            place += 1
        }
        return true
    }
}

/// Byte classes of the HTTP grammar.
enum ASCII {
    static func lowercased(_ byte: UInt8) -> UInt8 {
        byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
    }

    /// A `tchar` of RFC 9110 section 5.6.2.
    static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E...0x60, 0x7C, 0x7E: true
        default: false
        }
    }

    /// What may stand in a field value: anything but control characters, the tab excepted.
    static func isFieldContent(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != 0x7F || byte == 0x09
    }

    /// Visible ASCII, all that a request target may hold.
    static func isVisible(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F
    }
}
