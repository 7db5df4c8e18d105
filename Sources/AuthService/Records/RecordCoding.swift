/// Writes values one after the other, each with its length, for records that only this service reads.
struct RecordWriter {
    private(set) var bytes: [UInt8] = []

    mutating func put(_ value: Int64) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func put(_ value: [UInt8]) {
        put(Int64(value.count))
        bytes.append(contentsOf: value)
    }

    mutating func put(_ value: String) {
        put(Array(value.utf8))
    }

    mutating func put(_ value: String?) {
        put(value == nil ? 0 : 1)
        if let value { put(value) }
    }
}

/// Reads what `RecordWriter` wrote; nil at the first value that is not there.
struct RecordReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { position == bytes.count }

    mutating func integer() -> Int64? {
        guard bytes.count - position >= 8 else { return nil }
        defer { position += 8 }
        return bytes[position..<position + 8].reversed().reduce(0) { $0 << 8 | Int64($1) }
    }

    mutating func blob() -> [UInt8]? {
        guard let count = integer(), count >= 0, count <= bytes.count - position else { return nil }
        defer { position += Int(count) }
        return Array(bytes[position..<position + Int(count)])
    }

    mutating func text() -> String? {
        blob().flatMap { String(validating: $0, as: UTF8.self) }
    }

    mutating func optionalText() -> String?? {
        switch integer() {
        case 0: .some(nil)
        case 1: text().map { .some($0) }
        default: nil
        }
    }
}
